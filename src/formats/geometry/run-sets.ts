// Sets of pixels as sorted positions at which inside and outside change places: intersection, union, difference and areas.
import type { CocoCounts } from './coco-rle'

/** Positions over the columns of an image at which the set begins or ends, ascending; pairs of start and end. */
export type RunSet = Float64Array | readonly number[]

/** Reads COCO run lengths. */
export function readRunSet(counts: CocoCounts): number[] {
  const edges: number[] = []
  let position = 0
  for (let at = 0; at < counts.length; at++) {
    const run = counts[at]!
    if (at % 2 === 1 && run > 0) {
      // Runs that touch are one.
      if (edges.at(-1) === position) edges[edges.length - 1] = position + run
      else edges.push(position, position + run)
    }
    position += run
  }
  return edges
}

/** Pixels in the set. */
export function countRunSet(set: RunSet): number {
  let pixels = 0
  for (let at = 0; at + 1 < set.length; at += 2) pixels += set[at + 1]! - set[at]!
  return pixels
}

/** Pixels in both sets. */
export function countCommon(a: RunSet, b: RunSet): number {
  let pixels = 0
  for (let i = 0, k = 0; i < a.length && k < b.length; ) {
    const end = Math.min(a[i + 1]!, b[k + 1]!)
    const start = Math.max(a[i]!, b[k]!)
    if (end > start) pixels += end - start
    if (a[i + 1]! <= end) i += 2
    if (b[k + 1]! <= end) k += 2
  }
  return pixels
}

/** Walks the edges of two sets and keeps what the table says: bit 0 = only in a, bit 1 = only in b, bit 2 = in both. */
function combine(a: RunSet, b: RunSet, kept: number): number[] {
  const edges: number[] = []
  let [i, k, isIn] = [0, 0, false]
  while (i < a.length || k < b.length) {
    const position = Math.min(a[i] ?? Number.POSITIVE_INFINITY, b[k] ?? Number.POSITIVE_INFINITY)
    if (a[i] === position) i++
    if (b[k] === position) k++
    const state = (i % 2) + 2 * (k % 2)
    const next = state > 0 && ((kept >> (state - 1)) & 1) === 1
    if (next !== isIn) edges.push(position)
    isIn = next
  }
  return edges
}

export const uniteRunSets = (a: RunSet, b: RunSet): number[] => combine(a, b, 0b111)
export const intersectRunSets = (a: RunSet, b: RunSet): number[] => combine(a, b, 0b100)
export const subtractRunSet = (a: RunSet, b: RunSet): number[] => combine(a, b, 0b001)

/** Intersection over union, 0…1; 0 when both are empty. */
export function measureRunSets(a: RunSet, b: RunSet): number {
  const common = countCommon(a, b)
  return common > 0 ? common / (countRunSet(a) + countRunSet(b) - common) : 0
}
