// Puts key frames into a track so that everybody who interpolates between them in the scanner's coordinates sees it move in the world.

import { interpolateCuboid } from './cuboid'
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
  const saysNothing = (left: number, end: number) =>
    keys.slice(left + 1, end).every((key) => isBaked(key, keys[left]!, keys[end]!, poses))
  for (let left = 0; left + 2 < keys.length; ) {
    // The longest run of which all in between say nothing new: by doubled steps, then between the last two by halves.
    let [good, step] = [left + 1, 1]
    while (good + step < keys.length && saysNothing(left, good + step)) {
      good += step
      step *= 2
    }
    for (; step >= 1; step = Math.floor(step / 2)) if (good + step < keys.length && saysNothing(left, good + step)) good += step
    baked.push(...keys.slice(left + 1, good).map(({ frame }) => frame))
    left = good
  }
  return baked
}
