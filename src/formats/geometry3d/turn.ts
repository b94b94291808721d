// Quick changes of a cuboid that need no points: heading turned by quarters, standing on the ground, a side moved.

import type { Cuboid } from './cuboid'
import type { Ground } from './ground'
import { createRotation, normaliseAngle, turnVector, type Vector } from './rotation'

/** The heading turned by quarters to the left, what it covers stays: at odd ones length and width change places. */
export function turnHeading({ position, rotation: [rx, ry, rz], scale: [x, y, z] }: Cuboid, quarters: 1 | 2 | 3): Cuboid {
  return {
    position,
    rotation: [rx, ry, normaliseAngle(rz + (quarters * Math.PI) / 2)],
    scale: quarters === 2 ? [x, y, z] : [y, x, z],
  }
}

/** The whole cuboid, as large as it is, moved up or down until its lowest corner stands on the ground below its middle. */
export function moveToGround(cuboid: Cuboid, { normal, offset }: Pick<Ground, 'normal' | 'offset'>): Cuboid {
  const [x, y] = cuboid.position
  const turn = createRotation(cuboid.rotation)
  const half = [6, 7, 8].reduce((sum, at, axis) => sum + Math.abs(turn[at]!) * (cuboid.scale[axis]! / 2), 0)
  return { ...cuboid, position: [x, y, -(normal[0] * x + normal[1] * y + offset) / normal[2] + half] }
}

/** Sides of cuboids are at least this long, metres. */
export const leastSide = 0.01

/** One face moved outwards by `by` metres, the opposite one stays. `axis` of the cuboid, `side` of its middle. */
export function moveFace(cuboid: Cuboid, axis: 0 | 1 | 2, side: 1 | -1, by: number): Cuboid {
  const length = Math.max(leastSide, cuboid.scale[axis] + by)
  const grown = length - cuboid.scale[axis]
  const own: [number, number, number] = [0, 0, 0]
  own[axis] = (side * grown) / 2
  const moved = turnVector(createRotation(cuboid.rotation), own)
  return {
    position: cuboid.position.map((value, at) => value + moved[at]!) as unknown as Vector,
    rotation: cuboid.rotation,
    scale: cuboid.scale.map((value, at) => (at === axis ? length : value)) as unknown as Vector,
  }
}

/** Moved by metres along its own axes. */
export function moveAlong(cuboid: Cuboid, own: Vector): Cuboid {
  const moved = turnVector(createRotation(cuboid.rotation), own)
  return { ...cuboid, position: cuboid.position.map((value, at) => value + moved[at]!) as unknown as Vector }
}

/** The middle one of several numbers; of an even count the mean of the two. */
function findMedian(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return sorted.length % 2 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** The size in the middle of several, each side by itself. At least one is needed. */
export function findMedianSize(sizes: readonly Vector[]): Vector {
  if (!sizes.length) throw new RangeError('there are no sizes to find the median of')
  return [0, 1, 2].map((axis) => findMedian(sizes.map((size) => size[axis]!))) as unknown as Vector
}
