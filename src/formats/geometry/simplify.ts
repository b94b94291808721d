// Leaves out the points of an outline that say little (Douglas and Peucker, "Algorithms for the reduction of the number of points", 1973).

/** Square of the distance of a point from a line between two others, or from its nearer end. */
const distance2 = (points: readonly number[], at: number, from: number, to: number): number => {
  const [x, y, ax, ay] = [points[2 * at]!, points[2 * at + 1]!, points[2 * from]!, points[2 * from + 1]!]
  const [dx, dy] = [points[2 * to]! - ax, points[2 * to + 1]! - ay]
  const length2 = dx * dx + dy * dy
  const share = length2 === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length2))
  return (x - ax - share * dx) ** 2 + (y - ay - share * dy) ** 2
}

const keepBetween = (points: readonly number[], from: number, to: number, tolerance2: number, kept: Uint8Array): void => {
  const open: [number, number][] = [[from, to]]
  for (let span = open.pop(); span; span = open.pop()) {
    const [start, end] = span
    let [farthest, most] = [-1, tolerance2]
    for (let at = start + 1; at < end; at++) {
      const found = distance2(points, at, start, end)
      if (found > most) [farthest, most] = [at, found]
    }
    if (farthest < 0) continue
    kept[farthest] = 1
    open.push([start, farthest], [farthest, end])
  }
}

/**
 * A closed polygon `x y …` without points that lie nearer than `tolerance` (pixels) to the line of what stays. Three points or fewer stay
 * as they are; never fewer than three are left.
 */
export function simplifyPolygon(points: readonly number[], tolerance: number): number[] {
  const count = points.length >> 1
  if (count <= 3 || tolerance <= 0) return [...points]
  // A ring has no ends: it is cut at its first point and the one that is farthest from it.
  let [far, most] = [0, -1]
  for (let at = 1; at < count; at++) {
    const found = (points[2 * at]! - points[0]!) ** 2 + (points[2 * at + 1]! - points[1]!) ** 2
    if (found > most) [far, most] = [at, found]
  }
  const ring = [...points, points[0]!, points[1]!]
  const kept = new Uint8Array(count + 1)
  kept[0] = kept[far] = 1
  keepBetween(ring, 0, far, tolerance * tolerance, kept)
  keepBetween(ring, far, count, tolerance * tolerance, kept)
  const left: number[] = []
  for (let at = 0; at < count; at++) if (kept[at]) left.push(points[2 * at]!, points[2 * at + 1]!)
  return left.length >= 6 ? left : [...points]
}
