// Common volumes of cuboids: known cases, against brute force sampling, symmetric, the same wherever the pair lies.

import { describe, expect, test } from 'bun:test'
import { type Cuboid, createCuboidTest } from './cuboid'
import { createDraw } from './ground'
import { findFootprint, measureCommonVolume, measureIou3d, measureIouAbove } from './overlap'

const box = (position: Cuboid['position'], scale: Cuboid['scale'], yaw = 0): Cuboid => ({
  position,
  rotation: [0, 0, yaw],
  scale,
})
const car = box([12, -4, 0.8], [4.2, 1.8, 1.6], 0.6)

describe('the overlap of cuboids', () => {
  test('of known pairs', () => {
    expect(measureIou3d(car, car)).toBeCloseTo(1, 9)
    expect(measureIouAbove(car, car)).toBeCloseTo(1, 9)
    expect(measureIou3d(box([0, 0, 0], [2, 2, 2]), box([1, 0, 0], [2, 2, 2]))).toBeCloseTo(4 / 12, 9)
    // A square and itself turned by 45°: a regular octagon in common.
    const octagon = 8 * (Math.SQRT2 - 1)
    expect(measureCommonVolume(box([0, 0, 0], [2, 2, 1]), box([0, 0, 0.5], [2, 2, 1], Math.PI / 4))).toBeCloseTo(octagon / 2, 9)
    expect(measureIouAbove(box([0, 0, 0], [2, 2, 1]), box([0, 0, 9], [2, 2, 1], Math.PI / 4))).toBeCloseTo(
      octagon / (8 - octagon),
      9,
    )
    // One in the other, touching, apart.
    expect(measureIou3d(box([0, 0, 0], [4, 4, 4]), box([0.5, 0.2, 0], [1, 1, 1], 1))).toBeCloseTo(1 / 64, 9)
    expect(measureIou3d(box([0, 0, 0], [2, 2, 2]), box([2, 0, 0], [2, 2, 2]))).toBeCloseTo(0, 9)
    expect(measureIou3d(box([0, 0, 0], [2, 2, 2]), box([0, 0, 3], [2, 2, 2]))).toBe(0)
    expect(measureIouAbove(box([0, 0, 0], [2, 2, 2]), box([0, 3, 0], [2, 2, 2]))).toBe(0)
    expect(findFootprint(car)).toHaveLength(4)
  })

  test('agrees with counting random places, turned about all axes', () => {
    const draw = createDraw(7)
    const angle = () => (draw() - 0.5) * 2 * Math.PI
    const size = () => 0.5 + 3 * draw()
    let overlapping = 0
    for (let n = 0; n < 40; n++) {
      const upright = n % 2 === 0
      const turned = (): Cuboid['rotation'] => (upright ? [0, 0, angle()] : [angle(), angle() / 2, angle()])
      const a: Cuboid = { position: [draw() * 200, draw() * 200, draw()], rotation: turned(), scale: [size(), size(), size()] }
      const shift = () => (draw() - 0.5) * 2.4
      const b: Cuboid = {
        position: [a.position[0] + shift(), a.position[1] + shift(), a.position[2] + shift()],
        rotation: turned(),
        scale: [size(), size(), size()],
      }
      const [inA, inB] = [createCuboidTest(a), createCuboidTest(b)]
      const half = Math.hypot(...a.scale) / 2
      const count = 60_000
      let both = 0
      let above = 0
      for (let i = 0; i < count; i++) {
        const [x, y, z] = a.position.map((middle) => middle + (draw() * 2 - 1) * half) as [number, number, number]
        if (inA(x, y, z) && inB(x, y, z)) both++
        if (upright && inA(x, y, a.position[2]) && inB(x, y, b.position[2])) above++
      }
      const volume = (8 * half ** 3 * both) / count
      const exact = measureCommonVolume(a, b)
      // Four times the spread of such a count.
      const spread = 8 * half ** 3 * Math.sqrt(Math.max(both, 9) / count ** 2) * 4
      expect(Math.abs(exact - volume)).toBeLessThan(spread)
      expect(measureCommonVolume(b, a)).toBeCloseTo(exact, 6)
      expect(measureIou3d(a, b)).toBeCloseTo(measureIou3d(b, a), 6)
      expect(measureIouAbove(a, b)).toBeCloseTo(measureIouAbove(b, a), 6)
      if (upright) {
        const area = (4 * half ** 2 * above) / count
        const sides = a.scale[0] * a.scale[1] + b.scale[0] * b.scale[1]
        const iou = measureIouAbove(a, b)
        expect(Math.abs((iou / (1 + iou)) * sides - area)).toBeLessThan(
          4 * half ** 2 * (Math.sqrt(Math.max(above, 9)) / count) * 4,
        )
      }
      if (exact > 0) overlapping++
    }
    expect(overlapping).toBeGreaterThan(25)
  })

  test('does not depend on where the pair lies', () => {
    const far = (one: Cuboid): Cuboid => ({ ...one, position: [one.position[0] + 4e5, one.position[1] + 5e6, one.position[2]] })
    const other = box([12.7, -4.3, 1], [3.9, 2, 1.5], -2.5)
    expect(measureIou3d(far(car), far(other))).toBeCloseTo(measureIou3d(car, other), 6)
    expect(measureIouAbove(far(car), far(other))).toBeCloseTo(measureIouAbove(car, other), 6)
  })
})
