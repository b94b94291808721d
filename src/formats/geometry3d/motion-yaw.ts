// Where an object looks, told from how it moves: along its way on the ground.

import { normaliseAngle, type Vector } from './rotation'

/**
 * The angle about z for each place of a track, in order; nothing where it never moves by `leastMove` (metres). At rest the direction of
 * the nearest move is kept. `isReversing` for what drives backwards all the time.
 */
export function estimateMotionYaws(places: readonly Vector[], leastMove = 0.3, isReversing = false): (number | undefined)[] {
  const moved = (from: Vector, to: Vector) => Math.hypot(to[0] - from[0], to[1] - from[1])
  const angles = places.map((_, i) => {
    // As few neighbours on each side as give a move that is more than noise.
    for (let span = 1; span < places.length; span++) {
      const [from, to] = [places[Math.max(0, i - span)]!, places[Math.min(places.length - 1, i + span)]!]
      if (moved(from, to) < leastMove) continue
      const angle = Math.atan2(to[1] - from[1], to[0] - from[0])
      return normaliseAngle(isReversing ? angle + Math.PI : angle)
    }
    return undefined
  })
  return angles
}
