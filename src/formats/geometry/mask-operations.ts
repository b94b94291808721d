// Masks taken from one another and cut in two.
import { fillPolygon } from './fill'
import { copyBox, countMaskPixels, type Mask } from './mask'

/** The mask without the pixels of another; the very same mask when they share none. */
export function subtractMask(mask: Mask, other: Mask): Mask {
  const top = Math.max(mask.top, other.top)
  const bottom = Math.min(mask.top + mask.height, other.top + other.height)
  const left = Math.max(mask.left, other.left)
  const right = Math.min(mask.left + mask.width, other.left + other.width)
  let data: Uint8Array | null = null
  for (let row = top; row < bottom; row++) {
    const own = (row - mask.top) * mask.width - mask.left
    const theirs = (row - other.top) * other.width - other.left
    for (let column = left; column < right; column++) {
      if (!other.data[theirs + column] || !mask.data[own + column]) continue
      data ??= mask.data.slice()
      data[own + column] = 0
    }
  }
  return data ? { ...mask, data } : mask
}

/** The pixels that both masks cover. */
export function intersectMasks(mask: Mask, other: Mask): Mask {
  const there = copyBox(other, mask.left, mask.top, mask.width, mask.height)
  return { ...mask, data: mask.data.map((value, i) => value & there.data[i]!) }
}

/** A closed outline `x y …` as a mask, by pixel centres, cut to the picture; nothing when it covers no pixel. */
export function drawPolygonMask(points: readonly number[], size: { width: number; height: number }): Mask | undefined {
  const spans: { row: number; from: number; to: number }[] = []
  fillPolygon(points, ({ row, from, to }) => {
    const [start, end] = [Math.max(from, 0), Math.min(to, size.width)]
    if (row >= 0 && row < size.height && end > start) spans.push({ row, from: start, to: end })
  })
  if (spans.length === 0) return undefined
  const left = spans.reduce((least, span) => Math.min(least, span.from), Infinity)
  const right = spans.reduce((most, span) => Math.max(most, span.to), 0)
  const top = spans[0]!.row
  const width = right - left
  const height = spans.at(-1)!.row - top + 1
  const data = new Uint8Array(width * height)
  for (const { row, from, to } of spans) data.fill(1, (row - top) * width + from - left, (row - top) * width + to - left)
  return { left, top, width, height, data }
}

/** Splits a mask along the outline of an area: what lies inside it, and the rest. Nothing when one of them would be empty. */
export function cutMask(mask: Mask, area: readonly number[]): [Mask, Mask] | undefined {
  const width = mask.left + mask.width
  const height = mask.top + mask.height
  const region = drawPolygonMask(area, { width, height })
  if (!region) return undefined
  const inside = intersectMasks(mask, region)
  const outside = subtractMask(mask, region)
  return countMaskPixels(inside) > 0 && countMaskPixels(outside) > 0 ? [inside, outside] : undefined
}
