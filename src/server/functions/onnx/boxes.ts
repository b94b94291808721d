// Boxes that overlap: how much, and which of them stay.

/** Found in the input of a model: middle, size and radians clockwise; `row` names where it came from. */
export type Candidate = {
  x: number
  y: number
  width: number
  height: number
  angle: number
  score: number
  label: number
  row: number
}

type Overlap = (a: Candidate, b: Candidate) => number

/** Intersection over union of upright boxes. */
export const overlapUpright: Overlap = (a, b) => {
  const side = (middleA: number, sizeA: number, middleB: number, sizeB: number) =>
    Math.max(0, Math.min(middleA + sizeA / 2, middleB + sizeB / 2) - Math.max(middleA - sizeA / 2, middleB - sizeB / 2))
  const shared = side(a.x, a.width, b.x, b.width) * side(a.y, a.height, b.y, b.height)
  const all = a.width * a.height + b.width * b.height - shared
  return all > 0 ? shared / all : 0
}

const spreadOf = ({ width, height, angle }: Candidate) => {
  const [along, across] = [width ** 2 / 12, height ** 2 / 12]
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  return {
    xx: along * cos ** 2 + across * sin ** 2,
    yy: along * sin ** 2 + across * cos ** 2,
    xy: (along - across) * cos * sin,
  }
}

const tiny = 1e-7

/** Likeness of turned boxes as Gaussians, from 0 to 1 (Llerena and others, "Gaussian Bounding Boxes and Probabilistic IoU", 2021). */
export const overlapTurned: Overlap = (a, b) => {
  const [one, two] = [spreadOf(a), spreadOf(b)]
  const [xx, yy, xy] = [one.xx + two.xx, one.yy + two.yy, one.xy + two.xy]
  const area = xx * yy - xy ** 2
  const [dx, dy] = [a.x - b.x, a.y - b.y]
  const apart = ((xx * dy ** 2 + yy * dx ** 2) * 0.25) / (area + tiny)
  const crossed = (-xy * dx * dy * 0.5) / (area + tiny)
  const own = (s: typeof one) => Math.max(s.xx * s.yy - s.xy ** 2, 0)
  const unlike = Math.log(area / (4 * Math.sqrt(own(one) * own(two)) + tiny) + tiny) * 0.5
  const distance = Math.min(Math.max(apart + crossed + unlike, tiny), 100)
  return 1 - Math.sqrt(1 - Math.exp(-distance) + tiny)
}

/** More are never compared: scores that low are noise. */
const mostCompared = 30_000

/**
 * The best of each group of boxes with one label that overlap more than `limit`, best first, at most `most`.
 * A null limit keeps all.
 */
export const suppress = (
  all: Candidate[],
  limit: number | null,
  most: number,
  overlap: Overlap = overlapUpright,
): Candidate[] => {
  const sorted = all.toSorted((a, b) => b.score - a.score || a.row - b.row).slice(0, mostCompared)
  if (limit === null) return sorted.slice(0, most)
  const kept: Candidate[] = []
  for (const candidate of sorted) {
    if (kept.length >= most) break
    if (!kept.some((other) => other.label === candidate.label && overlap(other, candidate) > limit)) kept.push(candidate)
  }
  return kept
}
