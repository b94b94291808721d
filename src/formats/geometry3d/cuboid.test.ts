// Cuboids: layout, corners, points inside, the way across ±π; boxes against brute force; scenes whose truth is known within 1 cm.

import { describe, expect, test } from 'bun:test'
import { interpolateShape } from '../geometry/interpolation'
import {
  type Cuboid,
  createCuboidTest,
  interpolateCuboid,
  listCorners,
  listPointsInCuboid,
  readCuboid,
  writeCuboid,
} from './cuboid'
import { createDraw, estimateGround, heightAbove } from './ground'
import { estimateMotionYaws } from './motion-yaw'
import { boundAtAngle, fitCuboid, fitRectangle } from './oriented-box'
import { growRegion, pickCuboid } from './region'
import {
  createQuaternionRotation,
  createRotation,
  interpolateAngle,
  normaliseAngle,
  readRotation,
  transposeMatrix,
  turnVector,
  type Vector,
} from './rotation'

const car: Cuboid = { position: [12.3, -4.7, 0.8], rotation: [0, 0, 0.6], scale: [4.2, 1.8, 1.6] }

describe('rotations', () => {
  test('about one axis, and angles back from the matrix', () => {
    const [x, y, z] = turnVector(createRotation([0, 0, Math.PI / 2]), [1, 0, 0])
    expect([x, y, z]).toEqual([expect.closeTo(0, 12), expect.closeTo(1, 12), expect.closeTo(0, 12)])
    // The order of three.js' XYZ: x of the turned object, as its matrix has it.
    const m = createRotation([0.3, 0.4, 0.5])
    expect([m[0], m[2], m[5]]).toEqual([
      expect.closeTo(Math.cos(0.4) * Math.cos(0.5), 12),
      expect.closeTo(Math.sin(0.4), 12),
      expect.closeTo(-Math.sin(0.3) * Math.cos(0.4), 12),
    ])
    const draw = createDraw(1)
    for (let n = 0; n < 200; n++) {
      const angles: Vector = [(draw() - 0.5) * 6.2, (draw() - 0.5) * 3.1, (draw() - 0.5) * 6.2]
      for (const [i, angle] of readRotation(createRotation(angles)).entries()) expect(angle).toBeCloseTo(angles[i]!, 9)
    }
    const turned = createQuaternionRotation([Math.cos(0.3), 0, 0, Math.sin(0.3)])
    for (const [i, value] of createRotation([0, 0, 0.6]).entries()) expect(turned[i]!).toBeCloseTo(value, 12)
  })

  test('the way across ±π is the short one, at every place', () => {
    expect(normaliseAngle(-Math.PI)).toBe(Math.PI)
    const draw = createDraw(2)
    for (let n = 0; n < 500; n++) {
      const [from, to, share] = [(draw() - 0.5) * 20, (draw() - 0.5) * 20, draw()]
      const at = interpolateAngle(from, to, share)
      expect(Math.abs(at)).toBeLessThanOrEqual(Math.PI)
      const whole = Math.abs(normaliseAngle(to - from))
      expect(Math.abs(normaliseAngle(at - from))).toBeCloseTo(whole * share, 9)
      expect(Math.abs(normaliseAngle(to - at))).toBeCloseTo(whole * (1 - share), 9)
    }
    expect(interpolateAngle(3, -3, 0.5)).toBeCloseTo(Math.PI, 12)
  })
})

describe('cuboids', () => {
  test('layout of 16 numbers, and between key frames as tracks go', () => {
    const points = writeCuboid(car)
    expect(points).toHaveLength(16)
    expect(readCuboid(points)).toEqual(car)
    const other: Cuboid = { position: [14, -4, 1], rotation: [0, 0, -3], scale: [4.2, 1.8, 1.6] }
    const from = { ...car, rotation: [0, 0, 3] as Vector }
    const body = { type: 'cuboid', rotation: 0, occluded: false, outside: false, z_order: 0, attributes: [] } as const
    const track = interpolateShape(
      { ...body, attributes: [], frame: 0, points: writeCuboid(from) },
      { ...body, attributes: [], frame: 4, points: writeCuboid(other) },
      1,
    )
    const ours = interpolateCuboid(from, other, 0.25)
    for (const [i, value] of track.points.slice(0, 9).entries()) {
      const own = writeCuboid(ours)[i]!
      expect(i > 2 && i < 6 ? normaliseAngle(value - own) : value - own).toBeCloseTo(0, 9)
    }
  })

  test("points inside: against corners and the cuboid's own coordinates", () => {
    const tilted: Cuboid = { ...car, rotation: [0.2, -0.3, 2] }
    const isIn = createCuboidTest(tilted)
    for (const corner of listCorners(tilted)) {
      const place = (share: number) =>
        tilted.position.map((value, i) => value + (corner[i]! - value) * share) as unknown as Vector
      expect([isIn(...place(0.999)), isIn(...place(1.001))]).toEqual([true, false])
    }
    const draw = createDraw(4)
    const cloud = Float32Array.from({ length: 3000 }, (_, i) => tilted.position[i % 3]! + (draw() - 0.5) * 6)
    const own = (i: number) => {
      const away = [0, 1, 2].map((axis) => cloud[i * 3 + axis]! - tilted.position[axis]!) as unknown as Vector
      return turnVector(transposeMatrix(createRotation(tilted.rotation)), away)
    }
    const expected = Array.from({ length: 1000 }, (_, i) => i).filter((i) =>
      own(i).every((value, axis) => Math.abs(value) <= tilted.scale[axis]! / 2),
    )
    expect(expected.length).toBeGreaterThan(20)
    expect(listPointsInCuboid(cloud, tilted)).toEqual(expected)
  })
})

describe('rectangles of least area', () => {
  for (let seed = 1; seed <= 25; seed++)
    test(`scene ${seed}: no angle gives a smaller one`, () => {
      const draw = createDraw(seed)
      const count = 3 + Math.floor(draw() * 60)
      const stretch = draw() * 5
      const points = Array.from({ length: count }, () => [draw() * stretch, draw()] as const)
      const found = fitRectangle(points)
      let brute = Infinity
      for (let angle = 0; angle < Math.PI / 2; angle += 0.0005) {
        const { length, width } = boundAtAngle(points, angle)
        brute = Math.min(brute, length * width)
      }
      expect(found.length * found.width).toBeLessThanOrEqual(brute + 1e-12)
      expect(found.length * found.width).toBeGreaterThan(brute * 0.99)
      expect(found.length).toBeGreaterThanOrEqual(found.width)
      const [c, s] = [Math.cos(found.angle), Math.sin(found.angle)]
      for (const [x, y] of points) {
        const [dx, dy] = [x - found.x, y - found.y]
        expect(Math.abs(c * dx + s * dy)).toBeLessThanOrEqual(found.length / 2 + 1e-9)
        expect(Math.abs(c * dy - s * dx)).toBeLessThanOrEqual(found.width / 2 + 1e-9)
      }
    })

  test('one point, one line, equal points', () => {
    expect(fitRectangle([[1, 2]])).toMatchObject({ x: 1, y: 2, length: 0, width: 0 })
    const line = fitRectangle([[0, 0], [1, 1], [3, 3]]) // biome-ignore format: points
    expect(line.length).toBeCloseTo(3 * Math.SQRT2, 9)
    expect([line.width, line.angle]).toEqual([expect.closeTo(0, 9), expect.closeTo(Math.PI / 4, 9)])
    expect(fitRectangle([[2, 2], [2, 2]]).length).toBe(0) // biome-ignore format: points
    expect(() => fitRectangle([])).toThrow('no points')
  })
})

/** Points on the sides and the top of a cuboid, its corners among them. */
const coverCuboid = (cuboid: Cuboid, spacing = 0.1, isHalf = false): number[] => {
  const turn = createRotation(cuboid.rotation)
  const [l, w, h] = cuboid.scale
  const points: number[] = []
  const put = (x: number, y: number, z: number) =>
    points.push(...turnVector(turn, [x, y, z]).map((value, axis) => value + cuboid.position[axis]!))
  const steps = (length: number) => {
    const count = Math.ceil(length / spacing)
    return Array.from({ length: count + 1 }, (_, i) => (i / count - 0.5) * length)
  }
  for (const z of steps(h)) {
    for (const x of steps(l)) for (const y of isHalf ? [w / 2] : [w / 2, -w / 2]) put(x, y, z)
    for (const y of steps(w)) for (const x of isHalf ? [l / 2] : [l / 2, -l / 2]) put(x, y, z)
  }
  return points
}

const slope = { a: 0.02, b: -0.01, c: -1.7 }
const groundAt = (x: number, y: number) => slope.a * x + slope.b * y + slope.c

/** A sloping street with walls, and cuboids that stand on it. */
const makeScene = (seed: number, cuboids: Cuboid[]) => {
  const draw = createDraw(seed)
  const points: number[] = []
  for (let n = 0; n < 20_000; n++) {
    const [x, y] = [draw() * 60 - 30, draw() * 40 - 20]
    points.push(x, y, groundAt(x, y) + (draw() - 0.5) * 0.04)
  }
  for (let n = 0; n < 6000; n++) points.push(draw() * 60 - 30, 19 + draw() * 0.05, draw() * 6 - 1)
  for (const cuboid of cuboids) points.push(...coverCuboid(cuboid))
  return Float32Array.from(points)
}
const standing = (x: number, y: number, yaw: number, scale: Vector): Cuboid => ({
  position: [x, y, groundAt(x, y) + scale[2] / 2],
  rotation: [0, 0, yaw],
  scale,
})

describe('scenes whose truth is known', () => {
  const truths = [
    standing(8, 3, 0.6, [4.2, 1.8, 1.6]),
    standing(-6, -8, -1.2, [4.6, 1.9, 1.5]),
    standing(2, -4, 1.5, [0.8, 0.6, 1.75]),
    standing(12, 10, 0, [9, 2.5, 3.2]),
  ]

  for (let seed = 1; seed <= 5; seed++)
    test(`scene ${seed}: the ground, and cuboids by one click, within 1 cm`, () => {
      const scene = makeScene(seed, truths)
      const ground = estimateGround(scene, { seed })!
      for (const [x, y] of [[0, 0], [25, 15], [-25, -15], [25, -15]] as const) // biome-ignore format: places
        expect(Math.abs(heightAbove(ground, x, y, groundAt(x, y)))).toBeLessThan(0.01)
      expect(estimateGround(scene, { seed })).toEqual(ground)
      for (const truth of truths) {
        const [x, y, z] = truth.position
        const top: Vector = [
          x + (Math.cos(truth.rotation[2]) * truth.scale[0]) / 2,
          y + (Math.sin(truth.rotation[2]) * truth.scale[0]) / 2,
          z,
        ]
        const { cuboid } = pickCuboid(scene, top, { ground })!
        for (let axis = 0; axis < 3; axis++) {
          expect(Math.abs(cuboid.position[axis]! - truth.position[axis]!)).toBeLessThan(0.01)
          expect(Math.abs(cuboid.scale[axis]! - truth.scale[axis]!)).toBeLessThan(0.01)
        }
        expect(Math.abs(Math.sin(cuboid.rotation[2] - truth.rotation[2]))).toBeLessThan(0.003)
      }
    })

  test('neighbours stay apart, the ground is no object, nothing is found in the air', () => {
    const [a, b] = [standing(0, 0, 0, [4, 2, 1.5]), standing(0, 2.6, 0, [4, 2, 1.5])]
    const scene = makeScene(7, [a, b])
    const ground = estimateGround(scene)!
    const found = growRegion(scene, [2, 0, groundAt(2, 0) + 0.7], { ground })
    expect(found.every((i) => scene[i * 3 + 1]! < 1.1)).toBe(true)
    expect(growRegion(scene, [20, -15, groundAt(20, -15)], { ground, reach: 0.15 })).toEqual([])
    expect(pickCuboid(scene, [0, 0, 30], { ground })).toBeUndefined()
  })

  test('two sides that are seen give the heading; a cuboid in the air stays there', () => {
    const truth: Cuboid = { position: [5, 5, 4], rotation: [0, 0, 0.9], scale: [4, 1.8, 1.5] }
    const positions = Float32Array.from(coverCuboid(truth, 0.1, true))
    const cuboid = fitCuboid(positions, undefined, 0.9)
    for (let axis = 0; axis < 3; axis++) {
      expect(Math.abs(cuboid.position[axis]! - truth.position[axis]!)).toBeLessThan(0.01)
      expect(Math.abs(cuboid.scale[axis]! - truth.scale[axis]!)).toBeLessThan(0.01)
    }
    expect(cuboid.rotation[2]).toBeCloseTo(0.9, 3)
    expect(Math.abs(normaliseAngle(fitCuboid(positions, undefined, 0.9 + Math.PI).rotation[2] - 0.9))).toBeCloseTo(Math.PI, 3)
    const ground = { normal: [0, 0, 1] as Vector, offset: 0 }
    const picked = pickCuboid(positions, [5, 5, 4], { ground, reach: 4 })!
    expect(picked.cuboid.position[2]).toBeCloseTo(4, 2)
  })

  test('no level plane, no ground', () => {
    const wall = Float32Array.from({ length: 3000 }, (_, i) => [Math.sin(i) * 20, 3, Math.cos(i * 7) * 5][i % 3]!)
    expect(estimateGround(wall)).toBeUndefined()
    expect(estimateGround(new Float32Array(6))).toBeUndefined()
  })
})

describe('headings from motion', () => {
  test('along a circle, at rest the nearest one, backwards by half a turn', () => {
    const places = Array.from({ length: 40 }, (_, i): Vector => [20 * Math.cos(i / 10), 20 * Math.sin(i / 10), 0])
    for (const [i, yaw] of estimateMotionYaws(places).entries())
      if (i > 0 && i < 39) expect(Math.abs(normaliseAngle(yaw! - (i / 10 + Math.PI / 2)))).toBeLessThan(1e-9)
    const parked: Vector[] = [[0, 0, 0], [1, 0, 0], [2, 0, 0], ...Array.from({ length: 10 }, (): Vector => [2, 0.01, 0])]
    for (const yaw of estimateMotionYaws(parked)) expect(Math.abs(yaw!)).toBeLessThan(0.02)
    expect(estimateMotionYaws(parked, 0.3, true)[0]).toBeCloseTo(Math.PI, 2)
    expect(estimateMotionYaws([[0, 0, 0], [0.1, 0, 0]])).toEqual([undefined, undefined]) // biome-ignore format: places
    expect(estimateMotionYaws([])).toEqual([])
  })
})
