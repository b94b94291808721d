// Object keypoint similarity: how near points lie to where they should be, measured by the size of the object.
import { addPairwise } from './sums'

type Visible = readonly boolean[] | undefined

/** exp(-d² / 2s(2σ)²), the likeness of two points of one object of area s. NaN when an object has no size and the points agree. */
const bell = (dx: number, dy: number, scale: number, sigma: number) => {
  const distance = Math.sqrt(dx * dx + dy * dy)
  return Math.exp(-(distance ** 2) / (2 * scale * (2 * sigma) ** 2))
}

/**
 * Object keypoint similarity of COCO's evaluation (https://cocodataset.org/#keypoints-eval), 0…1: the mean likeness of points
 * that are visible in one of the two; points that only one shows count as missed. 0 for different numbers of points.
 * @param scale area of the object, in square pixels
 */
export const measureKeypoints = (
  a: readonly number[],
  b: readonly number[],
  scale: number,
  sigma: number,
  visibleA?: Visible,
  visibleB?: Visible,
): number => {
  if (a.length !== b.length) return 0
  const terms: number[] = []
  let seen = 0
  for (let at = 0; at < a.length / 2; at++) {
    const [inA, inB] = [visibleA?.[at] ?? true, visibleB?.[at] ?? true]
    if (inA || inB) seen++
    terms.push(inA && inB ? bell(a[2 * at]! - b[2 * at]!, a[2 * at + 1]! - b[2 * at + 1]!, scale, sigma) : 0)
  }
  const value = addPairwise(terms) / seen
  return Number.isFinite(value) ? value : 0
}

/** Sums the likenesses of points that are paired already. */
export const addKeypoints = (
  a: readonly number[],
  b: readonly number[],
  pairs: readonly (readonly [number, number])[],
  scale: number,
  sigma: number,
): number => addPairwise(pairs.map(([i, k]) => bell(a[2 * i]! - b[2 * k]!, a[2 * i + 1]! - b[2 * k + 1]!, scale, sigma)))
