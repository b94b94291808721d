// Finds the turned rectangle around four corners.

import { type Bounds, normaliseRotation, turnBox, turnPoints } from '../geometry/box'
import { roundToHundredths } from '../geometry/rounding'

export type TurnedBox = { points: Bounds; rotation: number }

/**
 * The box of least area around corners `x y …` in pixels; of its four ways to be turned the one whose corners, counted clockwise
 * from the top left of the unturned box, agree best with their order. Rotation in degrees, 0 ≤ rotation < 360.
 */
export function findTurnedBox(corners: readonly number[]): TurnedBox {
  let least: { width: number; height: number; centerX: number; centerY: number; degrees: number } | undefined
  for (const degrees of listDirections(corners)) {
    const upright = turnPoints(corners, -degrees, 0, 0)
    const [xs, ys] = [upright.filter((_, at) => at % 2 === 0), upright.filter((_, at) => at % 2 === 1)]
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
    const [width, height] = [right - left, bottom - top]
    if (least && width * height >= least.width * least.height) continue
    const [centerX, centerY] = turnPoints([(left + right) / 2, (top + bottom) / 2], degrees, 0, 0) as [number, number]
    least = { width, height, centerX, centerY, degrees }
  }
  const { width, height, centerX, centerY, degrees } = least!
  const ways = [0, 1, 2, 3].map((quarter): TurnedBox => {
    const [halfWidth, halfHeight] = quarter % 2 === 0 ? [width / 2, height / 2] : [height / 2, width / 2]
    const points: Bounds = [centerX - halfWidth, centerY - halfHeight, centerX + halfWidth, centerY + halfHeight]
    return { points, rotation: degrees + 90 * quarter }
  })
  const best = ways.toSorted((a, b) => measureGap(a, corners) - measureGap(b, corners))[0]!
  const rotation = normaliseRotation(roundToHundredths(normaliseRotation(best.rotation)))
  return { points: best.points.map(roundToHundredths) as Bounds, rotation }
}

/** Directions of all lines between two corners, in degrees; 0 when all corners are one point. */
function listDirections(corners: readonly number[]): number[] {
  const directions = new Set<number>()
  for (let a = 0; a < corners.length; a += 2) {
    for (let b = a + 2; b < corners.length; b += 2) {
      const [dx, dy] = [corners[b]! - corners[a]!, corners[b + 1]! - corners[a + 1]!]
      if (dx !== 0 || dy !== 0) directions.add((Math.atan2(dy, dx) * 180) / Math.PI)
    }
  }
  return directions.size > 0 ? [...directions] : [0]
}

function measureGap({ points, rotation }: TurnedBox, corners: readonly number[]): number {
  return turnBox(points, rotation).reduce((sum, value, at) => sum + (value - corners[at]!) ** 2, 0)
}
