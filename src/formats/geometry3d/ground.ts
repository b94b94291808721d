// The ground under a scene: the plane near to level that most points lie on, by RANSAC with seeded draws, then least squares.

import type { Vector } from './rotation'

/** normal · point + offset = height above the ground; the normal points up. */
export type Ground = { normal: Vector; offset: number /** Points within the tolerance. */; support: number }

export type GroundOptions = {
  /** How far from the plane (metres) points still are ground. */
  tolerance?: number
  tries?: number
  /** The same seed gives the same plane. */
  seed?: number
  /** Steepest slope that counts as ground, radians. */
  maxTilt?: number
}

/** Most points that are looked at for one guess. */
const judged = 20_000

/** Pseudo-random numbers 0…1 (mulberry32). */
export function createDraw(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export function heightAbove({ normal, offset }: Pick<Ground, 'normal' | 'offset'>, x: number, y: number, z: number): number {
  return normal[0] * x + normal[1] * y + normal[2] * z + offset
}

/** z = a·x + b·y + c as a plane. */
function toPlane(a: number, b: number, c: number): Pick<Ground, 'normal' | 'offset'> {
  const length = Math.hypot(a, b, 1)
  return { normal: [-a / length, -b / length, 1 / length], offset: -c / length }
}

/** Least squares of z over x and y, about their middle. */
function refine(positions: Float32Array, near: readonly number[]): Pick<Ground, 'normal' | 'offset'> | undefined {
  const middle = [0, 0, 0]
  for (const i of near) for (let axis = 0; axis < 3; axis++) middle[axis]! += positions[i * 3 + axis]! / near.length
  let [xx, xy, yy, xz, yz] = [0, 0, 0, 0, 0]
  for (const i of near) {
    const [x, y, z] = [0, 1, 2].map((axis) => positions[i * 3 + axis]! - middle[axis]!) as [number, number, number]
    xx += x * x
    xy += x * y
    yy += y * y
    xz += x * z
    yz += y * z
  }
  const determinant = xx * yy - xy * xy
  if (!(determinant > 1e-9 * xx * yy)) return undefined
  const [a, b] = [(xz * yy - yz * xy) / determinant, (yz * xx - xz * xy) / determinant]
  return toPlane(a, b, middle[2]! - a * middle[0]! - b * middle[1]!)
}

/** The ground of a scene (x, y, z one after another), or nothing when no level plane has points on it. */
export function estimateGround(
  positions: Float32Array,
  { tolerance = 0.15, tries = 200, seed = 1, maxTilt = Math.PI / 6 }: GroundOptions = {},
): Ground | undefined {
  const count = Math.floor(positions.length / 3)
  if (count < 3) return undefined
  const draw = createDraw(seed)
  const step = Math.max(1, Math.floor(count / judged))
  const pick = () => Math.floor(draw() * count) * 3
  const countNear = (plane: Pick<Ground, 'normal' | 'offset'>) => {
    let support = 0
    for (let i = 0; i < count; i += step)
      if (Math.abs(heightAbove(plane, positions[i * 3]!, positions[i * 3 + 1]!, positions[i * 3 + 2]!)) <= tolerance) support++
    return support
  }
  let best: Ground | undefined
  for (let attempt = 0; attempt < tries; attempt++) {
    const [p, q, r] = [pick(), pick(), pick()]
    const [ux, uy, uz] = [0, 1, 2].map((axis) => positions[q + axis]! - positions[p + axis]!) as [number, number, number]
    const [vx, vy, vz] = [0, 1, 2].map((axis) => positions[r + axis]! - positions[p + axis]!) as [number, number, number]
    const cross: Vector = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx]
    const length = Math.hypot(...cross)
    if (length < 1e-9 || Math.abs(cross[2]) / length < Math.cos(maxTilt)) continue
    const normal = cross.map((value) => (value / length) * Math.sign(cross[2])) as unknown as Vector
    const offset = -(normal[0] * positions[p]! + normal[1] * positions[p + 1]! + normal[2] * positions[p + 2]!)
    const support = countNear({ normal, offset })
    if (!best || support > best.support) best = { normal, offset, support }
  }
  if (!best) return undefined
  // Twice: the first plane leans on three points only.
  for (const reach of [tolerance, tolerance / 2]) {
    const near: number[] = []
    for (let i = 0; i < count; i++)
      if (Math.abs(heightAbove(best, positions[i * 3]!, positions[i * 3 + 1]!, positions[i * 3 + 2]!)) <= reach) near.push(i)
    const better = near.length >= 3 ? refine(positions, near) : undefined
    if (better && better.normal[2] >= Math.cos(maxTilt)) best = { ...better, support: near.length }
  }
  return best
}
