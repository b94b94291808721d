// The worker's answers about a frame far from the origin: within 1 cm of the truth; the grid against looking at every point.
import { describe, expect, test } from 'bun:test'
import { type Cuboid, listPointsInCuboid } from '../../../formats/geometry3d/cuboid'
import { createDraw } from '../../../formats/geometry3d/ground'
import { createRotation, turnVector, type Vector } from '../../../formats/geometry3d/rotation'
import { createAnswerer } from './answer'
import { boundAbove, indexPoints, onSurface } from './points-index'

const origin: Vector = [450_000, 5_400_000, 300]
/** Less the origin, as clouds hand their points out. */
const car: Cuboid = { position: [12, -5, 0.8], rotation: [0, 0, 0.6], scale: [4.2, 1.8, 1.6] }

const makeScene = () => {
  const draw = createDraw(5)
  const points: number[] = []
  for (let n = 0; n < 8000; n++) points.push(draw() * 80 - 40, draw() * 60 - 30, (draw() - 0.5) * 0.04)
  const turn = createRotation(car.rotation)
  const [l, w, h] = car.scale
  const put = (own: Vector) => points.push(...turnVector(turn, own).map((value, axis) => value + car.position[axis]!))
  const steps = (length: number) => Array.from({ length: 31 }, (_, i) => (i / 30 - 0.5) * length)
  for (const z of steps(h)) {
    for (const x of steps(l)) for (const side of [-1, 1]) put([x, (side * w) / 2, z])
    for (const y of steps(w)) for (const side of [-1, 1]) put([(side * l) / 2, y, z])
  }
  points.push(Number.NaN, 0, 0, 0, Infinity, 0)
  return Float32Array.from(points)
}

const inFile = (cuboid: Cuboid): Cuboid => ({
  ...cuboid,
  position: cuboid.position.map((value, axis) => value + origin[axis]!) as unknown as Vector,
})

const expectNear = (one: Cuboid, other: Cuboid) => {
  for (let axis = 0; axis < 3; axis++) {
    expect(Math.abs(one.position[axis]! - other.position[axis]!)).toBeLessThan(0.01)
    expect(Math.abs(one.scale[axis]! - other.scale[axis]!)).toBeLessThan(0.01)
  }
  expect(Math.abs(Math.sin(one.rotation[2] - other.rotation[2]))).toBeLessThan(0.003)
}

describe('the points of a frame', () => {
  const answer = createAnswerer()
  const scene = makeScene()
  const { count, ground } = answer('load', { positions: scene.slice(), origin })

  test('broken points are left out, the ground is that of the file', () => {
    expect(count).toBe(scene.length / 3 - 2)
    const { normal, offset } = ground!
    const height = normal[0] * origin[0] + normal[1] * origin[1] + normal[2] * origin[2] + offset
    expect(Math.abs(height)).toBeLessThan(0.02)
  })

  test('a click on the hood gives the car, one on the street nothing', () => {
    const at = inFile({ ...car, position: [12 + 2.1 * Math.cos(0.6), -5 + 2.1 * Math.sin(0.6), 0.8] }).position
    const picked = answer('pick', { at, facing: 0.6, ground: null })!
    expectNear(picked.cuboid, inFile(car))
    expect(Math.cos(picked.cuboid.rotation[2] - 0.6)).toBeGreaterThan(0.99)
    expect(answer('pick', { at, facing: 0.6 + Math.PI, ground })!.cuboid.rotation[2]).toBeCloseTo(0.6 - Math.PI, 2)
    expect(answer('pick', { at: inFile({ ...car, position: [-30, 20, 0] }).position, facing: 0, ground: null })).toBeNull()
  })

  test('a rough cuboid is fitted, and its points are counted', () => {
    const rough = inFile({ position: [12.3, -4.8, 1], rotation: [0, 0, 0.7], scale: [4.6, 2.2, 1.9] })
    const fitted = answer('fit', { cuboid: rough, mode: 'all', ground: null, sensor: null })!
    expectNear(fitted.cuboid, inFile(car))
    expect(
      answer('fit', { cuboid: inFile({ ...car, position: [-30, 20, 9] }), mode: 'size', ground: null, sensor: null }),
    ).toBeNull()
    const grown = { ...car, scale: [4.3, 1.9, 1.7] as const }
    const street = answer('ground', { beside: inFile(car) })!
    const [x, y] = inFile(car).position
    const level = -(street.normal[0] * x + street.normal[1] * y + street.offset) / street.normal[2]
    expect(Math.abs(level - origin[2])).toBeLessThan(0.005)
    expect(answer('count', { cuboids: [inFile(grown), inFile({ ...car, position: [0, 0, 50] })] })).toEqual([
      listPointsInCuboid(scene, grown, onSurface).length,
      0,
    ])
  })
})

test('the grid finds what looking at every point finds', () => {
  const draw = createDraw(11)
  const positions = Float32Array.from({ length: 9000 }, (_, i) => (draw() - 0.5) * [80, 300, 8][i % 3]!)
  const index = indexPoints(positions)
  for (let n = 0; n < 30; n++) {
    const cuboid: Cuboid = {
      position: [(draw() - 0.5) * 90, (draw() - 0.5) * 320, 0],
      rotation: [draw() - 0.5, draw() - 0.5, draw() * 6],
      scale: [draw() * 30, draw() * 30, draw() * 8],
    }
    expect(index.countIn(cuboid)).toBe(listPointsInCuboid(positions, cuboid, onSurface).length)
    const [minX, minY, maxX, maxY] = boundAbove(cuboid)
    const near = index.collect(minX, minY, maxX, maxY)
    let inside = 0
    for (let i = 0; i < positions.length; i += 3)
      if (positions[i]! >= minX && positions[i]! <= maxX && positions[i + 1]! >= minY && positions[i + 1]! <= maxY) inside++
    expect(near.length / 3).toBeGreaterThanOrEqual(inside)
  }
  expect(indexPoints(Float32Array.from([5, 5, 5])).collect(4, 4, 6, 6)).toHaveLength(3)
})
