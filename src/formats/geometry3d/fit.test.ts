// Fitting, turning, standing and duplicates: scenes whose truth is known, within 1 cm.

import { describe, expect, test } from 'bun:test'
import { type Cuboid, listCorners } from './cuboid'
import { findDuplicates } from './duplicates'
import { fitToPoints } from './fit'
import { createDraw } from './ground'
import { measureIou3d } from './overlap'
import { createRotation, turnVector, type Vector } from './rotation'
import { findMedianSize, moveAlong, moveFace, moveToGround, turnHeading } from './turn'

const ground = { normal: [0, 0, 1] as Vector, offset: 0 }
const truth: Cuboid = { position: [12, 5, 0.8], rotation: [0, 0, 0.6], scale: [4.2, 1.8, 1.6] }

/** Points on the sides (only those towards the origin when half) and a flat street with a neighbour on it. */
const makeScene = (half = false) => {
  const draw = createDraw(3)
  const points: number[] = []
  for (let n = 0; n < 6000; n++) points.push(draw() * 40 - 10, draw() * 30 - 15, (draw() - 0.5) * 0.04)
  const cover = (cuboid: Cuboid) => {
    const turn = createRotation(cuboid.rotation)
    const view = turnVector(
      [turn[0], turn[3], turn[6], turn[1], turn[4], turn[7], turn[2], turn[5], turn[8]],
      [-cuboid.position[0], -cuboid.position[1], 0],
    )
    const [l, w, h] = cuboid.scale
    const put = (x: number, y: number, z: number) =>
      points.push(...turnVector(turn, [x, y, z]).map((value, axis) => value + cuboid.position[axis]!))
    const steps = (length: number) => Array.from({ length: 41 }, (_, i) => (i / 40 - 0.5) * length)
    for (const z of steps(h)) {
      for (const x of steps(l)) for (const side of [-1, 1]) if (!half || side * view[1] > 0) put(x, (side * w) / 2, z)
      for (const y of steps(w)) for (const side of [-1, 1]) if (!half || side * view[0] > 0) put((side * l) / 2, y, z)
    }
  }
  cover(truth)
  cover({ ...truth, position: [12 + 3 * -Math.sin(0.6), 5 + 3 * Math.cos(0.6), 0.8] })
  return Float32Array.from(points)
}

const expectNear = (one: Cuboid, other: Cuboid, within = 0.01) => {
  for (let axis = 0; axis < 3; axis++) {
    expect(Math.abs(one.position[axis]! - other.position[axis]!)).toBeLessThan(within)
    expect(Math.abs(one.scale[axis]! - other.scale[axis]!)).toBeLessThan(within)
    expect(Math.abs(Math.sin(one.rotation[axis]! - other.rotation[axis]!))).toBeLessThan(0.003)
  }
}

describe('fitting to points', () => {
  const scene = makeScene()

  test('size: too large and too small ones, off the middle, get the size of the points; the neighbour stays out', () => {
    for (const [shift, scale] of [
      [
        [0.3, -0.2, 0.2],
        [5, 2.4, 2.2],
      ],
      [
        [-0.2, 0.1, 0],
        [3.4, 1.2, 1],
      ],
      [
        [0.4, 0.2, -0.1],
        [4.6, 2, 1.4],
      ],
    ] as const) {
      // biome-ignore format: rows
      const rough = { ...moveAlong(truth, shift), scale }
      expectNear(fitToPoints(scene, rough, 'size', { ground })!.cuboid, truth)
    }
  })

  test('all: the direction is found too, and looks as before', () => {
    const rough = { ...moveAlong(truth, [0.3, 0.2, 0.1]), rotation: [0, 0, 0.8] as const, scale: [4.5, 2.2, 1.8] as const }
    expectNear(fitToPoints(scene, rough, 'all', { ground })!.cuboid, truth)
    const away = { ...rough, rotation: [0, 0, 0.8 - Math.PI] as const }
    const fitted = fitToPoints(scene, away, 'all', { ground })!.cuboid
    expectNear(fitted, truth)
    expect(Math.cos(fitted.rotation[2] - away.rotation[2])).toBeGreaterThan(0.9)
  })

  test('place: as large as it is, held by the sides that the scanner sees', () => {
    const seen = makeScene(true)
    const rough = moveAlong(truth, [-0.4, 0.3, 0.25])
    expectNear(fitToPoints(seen, rough, 'place', { ground })!.cuboid, truth)
    const longer = { ...rough, scale: [5, 2, 1.6] as const }
    const placed = fitToPoints(seen, longer, 'place', { ground })!.cuboid
    expect(placed.scale).toEqual([5, 2, 1.6])
    // The scanner is behind and to the left: the far sides give way.
    expectNear(placed, { ...moveAlong(truth, [0.4, -0.1, 0]), scale: [5, 2, 1.6] })
  })

  test('nothing without points', () => {
    expect(fitToPoints(scene, { ...truth, position: [100, 0, 0] }, 'all', { ground })).toBeUndefined()
    expect(fitToPoints(new Float32Array(0), truth, 'size')).toBeUndefined()
  })
})

describe('quick changes', () => {
  test('a turned heading covers the same', () => {
    for (const quarters of [1, 2, 3] as const) {
      const turned = turnHeading(truth, quarters)
      expect(measureIou3d(turned, truth)).toBeCloseTo(1, 9)
      expect(Math.cos(turned.rotation[2] - truth.rotation[2] - (quarters * Math.PI) / 2)).toBeCloseTo(1, 12)
    }
    expect(turnHeading(turnHeading(truth, 1), 3).scale).toEqual(truth.scale)
  })

  test('standing on the ground, tilted ones with their lowest corner', () => {
    expect(moveToGround({ ...truth, position: [12, 5, 3] }, ground).position[2]).toBeCloseTo(0.8, 12)
    const tilted: Cuboid = { ...truth, rotation: [0.3, 0.2, 1] }
    const lowest = Math.min(...listCorners(moveToGround(tilted, ground)).map(([, , z]) => z))
    expect(lowest).toBeCloseTo(0, 9)
    const slope = { normal: [-0.1, 0, Math.sqrt(1 - 0.01)] as Vector, offset: 0 }
    expect(moveToGround(truth, slope).position[2]).toBeCloseTo((0.1 * 12) / Math.sqrt(0.99) + 0.8, 9)
  })

  test('a face moves, the other one stays', () => {
    const grown = moveFace(truth, 0, 1, 0.5)
    expect(grown.scale[0]).toBeCloseTo(4.7, 12)
    const back = (cuboid: Cuboid) => moveAlong(cuboid, [-cuboid.scale[0] / 2, 0, 0]).position
    for (let axis = 0; axis < 3; axis++) expect(back(grown)[axis]!).toBeCloseTo(back(truth)[axis]!, 12)
    expect(moveFace(truth, 2, -1, -9).scale[2]).toBe(0.01)
    expect(findMedianSize([[4, 2, 1], [5, 1, 1], [4.2, 3, 1.5], [9, 9, 9]])).toEqual([4.6, 2.5, 1.25]) // biome-ignore format: sizes
  })
})

test('duplicates are found, the most alike first', () => {
  const draw = createDraw(9)
  const street = Array.from({ length: 60 }, (_, i): Cuboid => ({ ...truth, position: [i * 6, draw() * 4, 0.8] }))
  const twice = [{ ...street[7]!, rotation: [0, 0, 0.65] as const }, moveAlong(street[40]!, [0.5, 0, 0])]
  const raised = { ...street[3]!, position: [18, street[3]!.position[1], 3.2] as const }
  const all = [...street, ...twice, raised]
  expect(findDuplicates(all, 0.5).map(({ pair }) => pair)).toEqual([[7, 60], [40, 61]]) // biome-ignore format: pairs
  expect(findDuplicates(all, 0.99, 'above').map(({ pair }) => pair)).toEqual([[3, 62]])
  expect(findDuplicates([], 0.5)).toEqual([])
})
