// The object around a place: its points, found by growing from neighbour to neighbour with the ground left out, and a cuboid around them.

import type { Cuboid } from './cuboid'
import { type Ground, heightAbove } from './ground'
import { fitCuboid } from './oriented-box'
import type { Vector } from './rotation'

export type RegionOptions = {
  /** Points nearer to each other than this (metres) belong together. */
  gap?: number
  ground?: Pick<Ground, 'normal' | 'offset'>
  /** Points lower than this above the ground (metres) are ground. */
  clearance?: number
  /** How far from the place (metres) the first point may be. */
  reach?: number
  /** No object is larger than this in any direction (metres); growing stops there. */
  maxSize?: number
  maxPoints?: number
}

const defaults = { gap: 0.4, clearance: 0.2 }

const cellKey = (x: number, y: number, z: number) => `${x},${y},${z}`

/** Points that hang together with the first ones; takes them out of the cells. */
function spread(
  positions: Float32Array,
  first: readonly number[],
  cells: Map<string, number[]>,
  gap: number,
  maxPoints: number,
): number[] {
  const found = [...first]
  const taken = new Set(found)
  for (let next = 0; next < found.length && found.length < maxPoints; next++) {
    const i = found[next]! * 3
    const [x, y, z] = [positions[i]!, positions[i + 1]!, positions[i + 2]!]
    const [cx, cy, cz] = [Math.floor(x / gap), Math.floor(y / gap), Math.floor(z / gap)]
    for (let dx = -1; dx <= 1; dx++)
      for (let dy = -1; dy <= 1; dy++)
        for (let dz = -1; dz <= 1; dz++) {
          const key = cellKey(cx + dx, cy + dy, cz + dz)
          const cell = cells.get(key)
          if (!cell) continue
          // Those that are taken leave the cell, so that each point is looked at a few times only.
          const rest = cell.filter((other) => {
            if (taken.has(other)) return false
            const at = other * 3
            if (Math.hypot(positions[at]! - x, positions[at + 1]! - y, positions[at + 2]! - z) > gap) return true
            taken.add(other)
            found.push(other)
            return false
          })
          if (rest.length) cells.set(key, rest)
          else cells.delete(key)
        }
  }
  return found
}

function addToCells(cells: Map<string, number[]>, key: string, i: number) {
  const cell = cells.get(key)
  if (cell) cell.push(i)
  else cells.set(key, [i])
}

/** Numbers of the points that hang together with some of them, those included. */
export function growFrom(positions: Float32Array, seeds: readonly number[], gap = defaults.gap): number[] {
  const cells = new Map<string, number[]>()
  for (let i = 0; i < positions.length / 3; i++) {
    const [x, y, z] = [positions[i * 3]!, positions[i * 3 + 1]!, positions[i * 3 + 2]!]
    addToCells(cells, cellKey(Math.floor(x / gap), Math.floor(y / gap), Math.floor(z / gap)), i)
  }
  return spread(positions, seeds, cells, gap, Infinity)
}

/** Numbers of the points of the object at `seed`; empty when there is none within reach. */
export function growRegion(positions: Float32Array, seed: Vector, options: RegionOptions = {}): number[] {
  const { gap = defaults.gap, ground, clearance = defaults.clearance, reach = 1, maxSize = 25, maxPoints = 500_000 } = options
  const cells = new Map<string, number[]>()
  let first = -1
  let nearest = reach
  for (let i = 0; i < positions.length / 3; i++) {
    const [x, y, z] = [positions[i * 3]!, positions[i * 3 + 1]!, positions[i * 3 + 2]!]
    const away = Math.max(Math.abs(x - seed[0]), Math.abs(y - seed[1]), Math.abs(z - seed[2]))
    if (away > maxSize || (ground && heightAbove(ground, x, y, z) < clearance)) continue
    addToCells(cells, cellKey(Math.floor(x / gap), Math.floor(y / gap), Math.floor(z / gap)), i)
    const distance = Math.hypot(x - seed[0], y - seed[1], z - seed[2])
    if (distance <= nearest) [first, nearest] = [i, distance]
  }
  return first < 0 ? [] : spread(positions, [first], cells, gap, maxPoints)
}

/**
 * The cuboid of the object at a place: upright, of least ground area, standing on the ground when that is known. Nothing when there are
 * fewer than `leastPoints` points.
 * @param facing direction (radians) that its front shall rather look into
 */
export function pickCuboid(
  positions: Float32Array,
  seed: Vector,
  { facing = 0, leastPoints = 5, ...options }: RegionOptions & { facing?: number; leastPoints?: number } = {},
): { cuboid: Cuboid; points: number[] } | undefined {
  const points = growRegion(positions, seed, options)
  if (points.length < leastPoints) return undefined
  const fitted = fitCuboid(positions, points, facing)
  const { ground, clearance = defaults.clearance, gap = defaults.gap } = options
  const [x, y, z] = fitted.position
  // What hangs in the air stays there.
  const stands = ground && heightAbove(ground, x, y, z - fitted.scale[2] / 2) <= clearance + gap
  return { cuboid: stands ? standOnGround(fitted, ground) : fitted, points }
}

/** Moves the bottom of an upright cuboid to the ground below its middle; the top stays. */
export function standOnGround(cuboid: Cuboid, { normal, offset }: Pick<Ground, 'normal' | 'offset'>): Cuboid {
  const [x, y, z] = cuboid.position
  const floor = -(normal[0] * x + normal[1] * y + offset) / normal[2]
  const top = z + cuboid.scale[2] / 2
  if (!(top > floor)) return cuboid
  return { ...cuboid, position: [x, y, (top + floor) / 2], scale: [cuboid.scale[0], cuboid.scale[1], top - floor] }
}
