// How alike two polylines are: both are walked in step and compared point by point.

type Point = [x: number, y: number]
const epsilon = 1e-7

const toPoints = (list: readonly number[]): Point[] =>
  Array.from({ length: list.length >> 1 }, (_, at) => [list[2 * at]!, list[2 * at + 1]!])
const between = (a: Point, b: Point, share: number): Point => [
  a[0] * share + b[0] * (1 - share),
  a[1] * share + b[1] * (1 - share),
]

const measureSegments = (points: Point[]) => {
  const lengths = points.slice(1).map(([x, y], at) => {
    const [dx, dy] = [x - points[at]![0], y - points[at]![1]]
    return Math.sqrt(dx * dx + dy * dy)
  })
  let sum = 0
  const ends = lengths.map((length) => {
    sum += length
    return sum
  })
  return { lengths, ends: [...ends, sum], total: sum }
}

/** Adds points to both lines so that each has one wherever the other has, at the same share of its length. The last point is left out. */
const alignLines = (a: Point[], b: Point[]): [Point[], Point[]] => {
  const [ofA, ofB] = [measureSegments(a), measureSegments(b)]
  const newA: Point[] = [a[0]!]
  const newB: Point[] = [b[0]!]
  let [i, k] = [0, 0]
  while (i < a.length - 1 || k < b.length - 1) {
    const endA = ofA.ends[i]! / (ofA.total || 1)
    const endB = ofB.ends[k]! / (ofB.total || 1)
    if (i < a.length - 1 && endA <= endB) {
      if (k < b.length - 1) {
        const share = (endB - endA) * (ofB.total / (ofB.lengths[k]! || 1))
        newB.push(Math.abs(share) <= epsilon ? b[k + 1]! : between(b[k]!, b[k + 1]!, share))
      } else newB.push(b[k]!)
      i++
      newA.push(a[i]!)
    } else if (k < b.length - 1) {
      if (i < a.length - 1) {
        const share = (endA - endB) * (ofA.total / (ofA.lengths[i]! || 1))
        newA.push(Math.abs(share) <= epsilon ? a[i + 1]! : between(a[i]!, a[i + 1]!, share))
      } else newA.push(a[i]!)
      k++
      newB.push(b[k]!)
    } else {
      // Rounding left the end of one line a little beyond that of the other.
      i++
      newA.push(a[i]!)
      newB.push(b.at(-1)!)
    }
  }
  return [newA.slice(0, -1), newB.slice(0, -1)]
}

const comparePoints = (a: Point[], b: Point[], scale: number, thickness: number): number => {
  let sum = 0
  for (let at = 0; at < a.length; at++) {
    const [dx, dy] = [a[at]![0] - b[at]![0], a[at]![1] - b[at]![1]]
    const distance = Math.sqrt(dx * dx + dy * dy)
    sum += Math.exp(-(distance ** 2) / (2 * scale * (2 * thickness) ** 2))
  }
  return sum / a.length
}

/** Centre and squared radius of a line's surroundings, from `x y …`. */
export const findSurroundings = (list: readonly number[]) => {
  let [left, top, right, bottom] = [list[0]!, list[1]!, list[0]!, list[1]!]
  for (let at = 2; at + 1 < list.length; at += 2) {
    const [x, y] = [list[at]!, list[at + 1]!]
    if (x < left) left = x
    else if (x > right) right = x
    if (y < top) top = y
    else if (y > bottom) bottom = y
  }
  return { x: (left + right) / 2, y: (top + bottom) / 2, radius2: ((right - left) ** 2 + (bottom - top) ** 2) / 4 }
}

/** Lines whose middles lie farther apart than this beyond their own halves have nothing in common. */
export const findReach = (scale: number, thickness: number): number => Math.sqrt(scale) * 6 * thickness

/**
 * 0…1. Unless `oriented`, the direction does not matter. @param thickness as a part of the square root of the image's area `scale`
 */
export const measureLines = (
  one: readonly number[],
  other: readonly number[],
  scale: number,
  thickness: number,
  oriented = false,
): number => {
  if (one.length < 4 || other.length < 4) return 0
  const [ofA, ofB] = [findSurroundings(one), findSurroundings(other)]
  const reach2 = scale * (6 * thickness) ** 2
  if ((ofB.x - ofA.x) ** 2 + (ofB.y - ofA.y) ** 2 > ofB.radius2 + ofA.radius2 + reach2) return 0
  const [stepsA, stepsB] = alignLines(toPoints(one), toPoints(other))
  const forth = comparePoints(stepsA, stepsB, scale, thickness)
  return oriented ? forth : Math.max(forth, comparePoints(stepsA, stepsB.toReversed(), scale, thickness))
}
