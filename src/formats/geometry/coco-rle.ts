// COCO run lengths: over the columns of the whole image, background first; as numbers or as COCO's short text.

import { Changes } from './changes'
import { readMaskBox } from './mask'
import { transposeRuns } from './transpose-runs'

/** Run lengths, alternating background and foreground, summing up to width · height. */
export type CocoCounts = number[]

/** Runs between sorted positions at which background and foreground change places; empty runs in the middle vanish. */
export function countRuns(changes: ArrayLike<number>, total: number): CocoCounts {
  const counts: CocoCounts = []
  let previous = 0
  for (let at = 0; at <= changes.length; at++) {
    const position = at < changes.length ? changes[at]! : total
    const run = position - previous
    previous = position
    if (run > 0 || at === 0) counts.push(run)
    else if (at < changes.length) {
      // An empty run joins its neighbours, which have the same colour.
      at++
      const next = at < changes.length ? changes[at]! : total
      counts[counts.length - 1]! += next - previous
      previous = next
    }
  }
  return counts
}

/** Set pixels. */
export function countSetPixels(counts: readonly number[]): number {
  let pixels = 0
  for (let at = 1; at < counts.length; at += 2) pixels += counts[at]!
  return pixels
}

/** x, y, width, height of the set pixels; zeros when there are none. */
export function findCountsBox(counts: readonly number[], height: number): [number, number, number, number] {
  let left = Infinity
  let top = Infinity
  let right = -1
  let bottom = -1
  let position = 0
  for (let at = 0; at < counts.length; at++) {
    const run = counts[at]!
    if (at % 2 === 1 && run > 0) {
      const end = position + run - 1
      const firstColumn = Math.floor(position / height)
      const lastColumn = Math.floor(end / height)
      left = Math.min(left, firstColumn)
      right = Math.max(right, lastColumn)
      const spans = lastColumn > firstColumn
      top = Math.min(top, spans ? 0 : position - firstColumn * height)
      bottom = Math.max(bottom, spans ? height - 1 : end - lastColumn * height)
    }
    position += run
  }
  return right < 0 ? [0, 0, 0, 0] : [left, top, right - left + 1, bottom - top + 1]
}

/** The union of two masks of one image. */
export function uniteCounts(a: readonly number[], b: readonly number[]): CocoCounts {
  const changes: number[] = []
  let [indexA, indexB] = [0, 0]
  let [endA, endB] = [a[0] ?? 0, b[0] ?? 0]
  let total = 0
  for (const run of a) total += run
  let isSet = false
  for (let position = 0; position < total; ) {
    while (endA <= position && indexA < a.length) endA += a[++indexA] ?? 0
    while (endB <= position && indexB < b.length) endB += b[++indexB] ?? 0
    const next = indexA % 2 === 1 || indexB % 2 === 1
    if (next !== isSet) changes.push(position)
    isSet = next
    const stepA = indexA < a.length ? endA : total
    const stepB = indexB < b.length ? endB : total
    position = Math.min(stepA, stepB)
  }
  return countRuns(changes, total)
}

const changes = new Changes()

/** Draws a mask of the API into an image of width × height; what lies outside is cut off. Throws RangeError for a broken mask. */
export function encodeCocoCounts(mask: readonly number[], width: number, height: number): CocoCounts {
  const box = readMaskBox(mask)
  changes.clear()
  transposeRuns(mask, mask.length - 4, box.width, (place, line) => {
    const column = box.left + place
    if (column >= 0 && column < width) changes.add(column, Math.min(Math.max(box.top + line, 0), height))
  })
  return countRuns(changes.list(height), width * height)
}

/** The set pixels as a mask of the API, or nothing when there are none. The sum of the runs must be width · height. */
export function decodeCocoCounts(counts: readonly number[], height: number): number[] | undefined {
  const [left, top, width, boxHeight] = findCountsBox(counts, height)
  if (width === 0) return undefined
  changes.clear()
  transposeRuns(counts, counts.length, height, (place, line) => changes.add(place - top, line - left))
  const runs = countRuns(changes.list(width), width * boxHeight)
  return [...runs, left, top, left + width - 1, top + boxHeight - 1]
}

/** COCO's text: five bits a character from `0` on, sixth bit for more, signed; from the third run on differences. */
export function packCocoCounts(counts: readonly number[]): string {
  let text = ''
  for (let at = 0; at < counts.length; at++) {
    let value = at > 2 ? counts[at]! - counts[at - 2]! : counts[at]!
    for (let more = true; more; ) {
      let bits = value & 31
      value >>= 5
      more = bits & 16 ? value !== -1 : value !== 0
      if (more) bits |= 32
      text += String.fromCharCode(bits + 48)
    }
  }
  return text
}

/** Reads COCO's text. Throws RangeError for characters or lengths that no encoder writes. */
export function unpackCocoCounts(text: string): CocoCounts {
  const counts: CocoCounts = []
  for (let at = 0; at < text.length; ) {
    let value = 0
    let shift = 0
    for (let more = true; more; ) {
      const bits = text.charCodeAt(at++) - 48
      if (!(bits >= 0 && bits < 64) || shift > 30) throw new RangeError('not a run length text')
      value |= (bits & 31) << shift
      shift += 5
      more = (bits & 32) !== 0
      if (!more && bits & 16 && shift < 32) value |= -1 << shift
    }
    if (counts.length > 2) value += counts[counts.length - 2]!
    if (value < 0) throw new RangeError('not a run length text')
    counts.push(value)
  }
  return counts
}
