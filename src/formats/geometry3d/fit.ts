// Fits a cuboid that is roughly there to the points in and around it: its size, its place, or both with the direction.

import { type Cuboid, createCuboidTest } from './cuboid'
import { type Ground, heightAbove } from './ground'
import { fitCuboid } from './oriented-box'
import { growFrom, standOnGround } from './region'
import { createRotation, transposeMatrix, turnVector, type Vector } from './rotation'
import { leastSide } from './turn'

/** `size`: faces go to the points, the direction stays; `place`: moves as large as it is; `all`: place, size and direction. */
export type FitMode = 'size' | 'place' | 'all'

export type FitOptions = {
  ground?: Pick<Ground, 'normal' | 'offset'> | null
  /** Points lower than this above the ground (metres) are ground. */
  clearance?: number
  /** How far around the cuboid (metres) its points may lie. */
  reach?: number
  /** Points nearer to each other than this (metres) belong together. */
  gap?: number
  /** Where the scanner stands: sides towards it are seen. */
  sensor?: Vector
  leastPoints?: number
}

export const fitDefaults = { clearance: 0.2, reach: 1, gap: 0.4, leastPoints: 5 }

/** How far outside of it (metres) the first points are looked for, one after the other: a small cuboid may lie inside of a hollow object. */
const seedMargins = [0, 0.15, 0.3, 0.6]

/** Numbers of the points of the object that a cuboid is meant for: those in it, and what hangs together with them around it. */
export function listOwnPoints(positions: Float32Array, cuboid: Cuboid, options: FitOptions = {}): number[] {
  const { ground, clearance, reach, gap, leastPoints } = { ...fitDefaults, ...options }
  const isNear = createCuboidTest(cuboid, reach)
  const near: number[] = []
  for (let i = 0; i < positions.length / 3; i++) {
    const [x, y, z] = [positions[i * 3]!, positions[i * 3 + 1]!, positions[i * 3 + 2]!]
    if (!isNear(x, y, z) || (ground && heightAbove(ground, x, y, z) < clearance)) continue
    near.push(i)
  }
  let seeds: number[] = []
  for (const margin of seedMargins) {
    const isIn = createCuboidTest(cuboid, Math.min(margin, reach))
    seeds = near.flatMap((i, at) => (isIn(positions[i * 3]!, positions[i * 3 + 1]!, positions[i * 3 + 2]!) ? [at] : []))
    if (seeds.length >= leastPoints) break
  }
  const own = Float32Array.from(near.flatMap((i) => [positions[i * 3]!, positions[i * 3 + 1]!, positions[i * 3 + 2]!]))
  return growFrom(own, seeds, gap).map((at) => near[at]!)
}

/** Least and most of the points along the cuboid's own axes, counted from its middle. */
function measureOwn(positions: Float32Array, only: readonly number[], { position, rotation }: Cuboid) {
  const back = transposeMatrix(createRotation(rotation))
  const low = [Infinity, Infinity, Infinity]
  const high = [-Infinity, -Infinity, -Infinity]
  for (const i of only) {
    const own = turnVector(back, [0, 1, 2].map((axis) => positions[i * 3 + axis]! - position[axis]!) as unknown as Vector)
    for (let axis = 0; axis < 3; axis++) {
      low[axis] = Math.min(low[axis]!, own[axis]!)
      high[axis] = Math.max(high[axis]!, own[axis]!)
    }
  }
  return { low, high }
}

/** Middle and size from the least and most along its own axes. */
function frame(cuboid: Cuboid, low: readonly number[], high: readonly number[]): Cuboid {
  const turn = createRotation(cuboid.rotation)
  const moved = turnVector(turn, low.map((value, axis) => (value + high[axis]!) / 2) as unknown as Vector)
  return {
    position: cuboid.position.map((value, axis) => value + moved[axis]!) as unknown as Vector,
    rotation: cuboid.rotation,
    scale: low.map((value, axis) => Math.max(leastSide, high[axis]! - value)) as unknown as Vector,
  }
}

const isUpright = ({ rotation: [rx, ry] }: Cuboid) => Math.abs(rx) < 1e-9 && Math.abs(ry) < 1e-9

/** The top stays and the bottom goes to the ground, where the points end near above it. */
function stand(cuboid: Cuboid, { ground, clearance, gap }: { ground?: FitOptions['ground']; clearance: number; gap: number }) {
  if (!ground || !isUpright(cuboid)) return cuboid
  const [x, y, z] = cuboid.position
  return heightAbove(ground, x, y, z - cuboid.scale[2] / 2) <= clearance + gap ? standOnGround(cuboid, ground) : cuboid
}

/** As large as before: the sides that the scanner sees, and the ground, hold it; the rest follows. */
function place(cuboid: Cuboid, fitted: Cuboid, sensor: Vector): Cuboid {
  const turn = createRotation(cuboid.rotation)
  const view = turnVector(transposeMatrix(turn), sensor.map((value, axis) => value - fitted.position[axis]!) as unknown as Vector)
  const shift = cuboid.scale.map((length, axis) => {
    const spare = length - fitted.scale[axis]!
    // Of the heights the lower end counts, which stands on the ground.
    if (axis === 2) return spare / 2
    // Seen from the front or the back alone the middle of what is seen is the middle of it.
    if (Math.abs(view[axis]!) <= fitted.scale[axis]! / 2) return 0
    return view[axis]! > 0 ? -spare / 2 : spare / 2
  })
  const moved = turnVector(turn, shift as unknown as Vector)
  return { ...cuboid, position: fitted.position.map((value, axis) => value + moved[axis]!) as unknown as Vector }
}

/** The fitted cuboid, or nothing when fewer than `leastPoints` points belong to it. Coordinates of all are the same. */
export function fitToPoints(
  positions: Float32Array,
  cuboid: Cuboid,
  mode: FitMode,
  options: FitOptions = {},
): { cuboid: Cuboid; points: number[] } | undefined {
  const { sensor = [0, 0, 0] as Vector, ...rest } = { ...fitDefaults, ...options }
  const points = listOwnPoints(positions, cuboid, rest)
  if (points.length < rest.leastPoints) return undefined
  if (mode === 'all') return { cuboid: stand(fitCuboid(positions, points, cuboid.rotation[2]), rest), points }
  const { low, high } = measureOwn(positions, points, cuboid)
  const fitted = stand(frame(cuboid, low, high), rest)
  return { cuboid: mode === 'size' ? fitted : place(cuboid, fitted, sensor), points }
}
