// Cuboids in space in CVAT's layout of 16 numbers: centre, rotation (radians), size, seven zeros.

import { createRotation, interpolateAngle, type Matrix, transposeMatrix, turnVector, type Vector } from './rotation'

export type Cuboid = {
  /** Of the centre. */
  position: Vector
  /** About x, y and z. */
  rotation: Vector
  /** Full lengths along its own x, y and z. */
  scale: Vector
}

export function readCuboid(points: readonly number[]): Cuboid {
  const three = (at: number): Vector => [points[at]!, points[at + 1]!, points[at + 2]!]
  return { position: three(0), rotation: three(3), scale: three(6) }
}

export function writeCuboid({ position, rotation, scale }: Cuboid): number[] {
  return [...position, ...rotation, ...scale, 0, 0, 0, 0, 0, 0, 0]
}

/** Corner i is at higher x, y, z of the cuboid where bits 1, 2, 4 of i are set. */
export function listCorners({ position, rotation, scale }: Cuboid): [number, number, number][] {
  const turn = createRotation(rotation)
  return Array.from({ length: 8 }, (_, i) => {
    const own = scale.map((length, axis) => ((i >> axis) & 1 ? length : -length) / 2) as unknown as Vector
    return turnVector(turn, own).map((value, axis) => value + position[axis]!) as [number, number, number]
  })
}

/** Pairs of corners. */
export const cuboidEdges: readonly (readonly [number, number])[] = [
  ...([[0, 1], [2, 3], [4, 5], [6, 7]] as const), // biome-ignore format: along x
  ...([[0, 2], [1, 3], [4, 6], [5, 7]] as const), // biome-ignore format: along y
  ...([[0, 4], [1, 5], [2, 6], [3, 7]] as const), // biome-ignore format: along z
]

/** Whether a point lies in the cuboid, its faces included; made once for many points. */
export function createCuboidTest(cuboid: Cuboid, margin = 0): (x: number, y: number, z: number) => boolean {
  const [m0, m1, m2, m3, m4, m5, m6, m7, m8]: Matrix = transposeMatrix(createRotation(cuboid.rotation))
  const [cx, cy, cz] = cuboid.position
  const [hx, hy, hz] = cuboid.scale.map((length) => length / 2 + margin) as unknown as Vector
  return (px, py, pz) => {
    const [x, y, z] = [px - cx, py - cy, pz - cz]
    return (
      Math.abs(m0 * x + m1 * y + m2 * z) <= hx &&
      Math.abs(m3 * x + m4 * y + m5 * z) <= hy &&
      Math.abs(m6 * x + m7 * y + m8 * z) <= hz
    )
  }
}

/** Numbers of the points (x, y, z one after another) in a cuboid, grown by `margin` on every side. */
export function listPointsInCuboid(positions: Float32Array, cuboid: Cuboid, margin = 0): number[] {
  const isIn = createCuboidTest(cuboid, margin)
  const found: number[] = []
  for (let i = 0; i < positions.length; i += 3) if (isIn(positions[i]!, positions[i + 1]!, positions[i + 2]!)) found.push(i / 3)
  return found
}

/** A cuboid a share (0…1) of the way between two; angles turn the shortest way, across ±π too. */
export function interpolateCuboid(from: Cuboid, to: Cuboid, share: number): Cuboid {
  const mix = (a: Vector, b: Vector) => a.map((value, axis) => value + (b[axis]! - value) * share) as unknown as Vector
  return {
    position: mix(from.position, to.position),
    rotation: from.rotation.map((angle, axis) => interpolateAngle(angle, to.rotation[axis]!, share)) as unknown as Vector,
    scale: mix(from.scale, to.scale),
  }
}
