// Puts key frames into a track so that everybody who interpolates between them in the scanner's coordinates sees it move in the world.

import { type Cuboid, interpolateCuboid } from './cuboid'
import { interpolateInWorld, type KeyCuboid, measureDifference, type PoseOf } from './world-track'

/** Metres at the corners within which a key frame is not worth it. */
export const bakeTolerance = 0.01

/** Cuboids that are the same to the hundredths of millimetres come from rounding. */
const sameTolerance = 2e-3

/**
 * Key frames that are to be added between two, ascending: as few as leave the usual interpolation within `tolerance` of the way in the world
 * on all `frames` in between. None when a pose is missing.
 */
export function bakeBetween(
  left: KeyCuboid,
  right: KeyCuboid,
  frames: readonly number[],
  poses: PoseOf,
  tolerance = bakeTolerance,
): KeyCuboid[] {
  const wanted = frames
    .filter((frame) => frame > left.frame && frame < right.frame)
    .flatMap((frame) => {
      const cuboid = interpolateInWorld(left, right, frame, poses)
      return cuboid ? [{ frame, cuboid }] : []
    })
  const refine = (from: KeyCuboid, to: KeyCuboid): KeyCuboid[] => {
    let worst: KeyCuboid | undefined
    let most = tolerance
    for (const one of wanted) {
      if (one.frame <= from.frame || one.frame >= to.frame) continue
      const plain = interpolateCuboid(from.cuboid, to.cuboid, (one.frame - from.frame) / (to.frame - from.frame))
      const away = measureDifference(plain, one.cuboid)
      if (away > most) [worst, most] = [one, away]
    }
    return worst ? [...refine(from, worst), worst, ...refine(worst, to)] : []
  }
  return refine(left, right)
}

/** Whether a key frame says no more than what lies between its neighbours in the world anyway. */
export function isBaked(key: KeyCuboid, left: KeyCuboid, right: KeyCuboid, poses: PoseOf): boolean {
  const between = interpolateInWorld(left, right, key.frame, poses)
  return between !== undefined && measureDifference(between, key.cuboid) <= sameTolerance
}

/** Frames of the key frames that were made by baking: without them the way in the world is the same. Ascending. */
export function findBaked(keys: readonly KeyCuboid[], poses: PoseOf): number[] {
  const baked: number[] = []
  let left = 0
  for (let at = 1; at + 1 < keys.length; ) {
    // The longest run from `left` of which all in between say nothing new.
    let end = at + 1
    let last = at
    for (; end < keys.length; end++) {
      const between = keys.slice(left + 1, end)
      if (!between.every((key) => isBaked(key, keys[left]!, keys[end]!, poses))) break
      last = end
    }
    baked.push(...keys.slice(left + 1, last).map(({ frame }) => frame))
    left = last > at ? last : at
    at = left + 1
  }
  return baked
}
