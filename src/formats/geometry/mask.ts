// Masks as cropped bitmaps, and the run lengths in which the API carries them.

/** Pixels of a box, row by row, 0 or 1. Left and top place the box in the image. */
export type Mask = { left: number; top: number; width: number; height: number; data: Uint8Array }

/** Where a mask of the API lies. */
export type MaskBox = Omit<Mask, 'data'>

/**
 * The box of a mask of the API: run lengths over the rows of the box, background first, then left, top, right, bottom (inclusive).
 * Throws RangeError when the runs do not fill the box.
 */
export function readMaskBox(points: readonly number[]): MaskBox {
  const end = points.length - 4
  const [left, top, right, bottom] = points.slice(-4) as [number, number, number, number]
  const width = right - left + 1
  const height = bottom - top + 1
  if (end < 1 || ![left, top, width, height].every(Number.isInteger) || width < 1 || height < 1) {
    throw new RangeError('a mask needs run lengths and a box of whole pixels')
  }
  let total = 0
  for (let at = 0; at < end; at++) {
    const run = points[at]!
    if (!Number.isInteger(run) || run < 0) throw new RangeError('a run length of a mask must be a whole number')
    total += run
  }
  if (total !== width * height) {
    throw new RangeError(`the run lengths of a mask make ${total} pixels, its box has ${width * height}`)
  }
  return { left, top, width, height }
}

/** Draws a mask of the API. Throws RangeError when its runs do not fill its box. */
export function decodeMask(points: readonly number[]): Mask {
  const box = readMaskBox(points)
  const data = new Uint8Array(box.width * box.height)
  let position = 0
  for (let at = 0; at < points.length - 4; at++) {
    const next = position + points[at]!
    if (at % 2 === 1) data.fill(1, position, next)
    position = next
  }
  return { ...box, data }
}

/** The API's numbers for a mask, cropped to its set pixels; nothing when none is set. */
export function encodeMask(mask: Mask): number[] | undefined {
  const tight = cropMask(mask)
  if (!tight) return undefined
  const points: number[] = []
  let isSet = 0
  let start = 0
  for (let at = 0; at < tight.data.length; at++) {
    if (tight.data[at] === isSet) continue
    points.push(at - start)
    start = at
    isSet = 1 - isSet
  }
  points.push(tight.data.length - start)
  points.push(tight.left, tight.top, tight.left + tight.width - 1, tight.top + tight.height - 1)
  return points
}

/** The same pixels in the smallest box around the set ones; nothing when none is set. */
export function cropMask(mask: Mask): Mask | undefined {
  const { width, height, data } = mask
  let [left, top, right, bottom] = [width, height, -1, -1]
  for (let row = 0; row < height; row++) {
    const first = data.subarray(row * width, (row + 1) * width).indexOf(1)
    if (first < 0) continue
    const last = data.subarray(row * width, (row + 1) * width).lastIndexOf(1)
    left = Math.min(left, first)
    right = Math.max(right, last)
    top = Math.min(top, row)
    bottom = row
  }
  if (right < 0) return undefined
  if (left === 0 && top === 0 && right === width - 1 && bottom === height - 1) return mask
  return copyBox(mask, mask.left + left, mask.top + top, right - left + 1, bottom - top + 1)
}

/** The union of masks; nothing for an empty list. */
export function uniteMasks(masks: readonly Mask[]): Mask | undefined {
  const first = masks[0]
  if (!first || masks.length === 1) return first
  const left = Math.min(...masks.map((mask) => mask.left))
  const top = Math.min(...masks.map((mask) => mask.top))
  const width = Math.max(...masks.map((mask) => mask.left + mask.width)) - left
  const height = Math.max(...masks.map((mask) => mask.top + mask.height)) - top
  const united: Mask = { left, top, width, height, data: new Uint8Array(width * height) }
  for (const mask of masks) {
    for (let row = 0; row < mask.height; row++) {
      const start = (mask.top - top + row) * width + mask.left - left
      for (let column = 0; column < mask.width; column++) {
        united.data[start + column]! |= mask.data[row * mask.width + column]!
      }
    }
  }
  return united
}

/** The pixels of a mask in another box; what the mask does not cover is background. */
export function copyBox(mask: Mask, left: number, top: number, width: number, height: number): Mask {
  const data = new Uint8Array(width * height)
  const firstRow = Math.max(top, mask.top)
  const lastRow = Math.min(top + height, mask.top + mask.height)
  const firstColumn = Math.max(left, mask.left)
  const lastColumn = Math.min(left + width, mask.left + mask.width)
  for (let row = firstRow; row < lastRow && firstColumn < lastColumn; row++) {
    const from = (row - mask.top) * mask.width - mask.left
    data.set(mask.data.subarray(from + firstColumn, from + lastColumn), (row - top) * width + firstColumn - left)
  }
  return { left, top, width, height, data }
}

export function countMaskPixels(mask: Mask): number {
  let pixels = 0
  for (const value of mask.data) pixels += value
  return pixels
}
