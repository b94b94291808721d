// Superpixels of a picture as tools use them: cut on a reduced copy, and painted in the pixels of the whole picture.
import type { Span } from './fill'
import { cutSuperpixels, type Regions } from './slic'

export type Picture = { data: Uint8Array | Uint8ClampedArray; width: number; height: number; channels: 3 | 4 }
export type Superpixels = Regions & { /** Of the copy that was cut, in its pixels. */ width: number; height: number }
export type SuperpixelWish = {
  /** About how many regions. */
  count: number
  /** How much nearness counts against colour: 10 follows edges, 40 makes near squares. */
  compactness: number
}

/** Sides of at most so many pixels are looked at: more would take long and only make smaller regions. */
const longestSide = 1000

/** RGB of every n-th pixel, so that no side is longer than `longest`. */
export const shrinkPixels = ({ data, width, height, channels }: Picture, longest: number) => {
  const scale = Math.min(1, longest / Math.max(width, height))
  const [w, h] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))]
  const small = new Uint8Array(w * h * 3)
  for (let y = 0; y < h; y++) {
    const row = Math.min(height - 1, Math.floor(((y + 0.5) * height) / h)) * width
    for (let x = 0; x < w; x++) {
      const from = (row + Math.min(width - 1, Math.floor(((x + 0.5) * width) / w))) * channels
      small.set(data.subarray(from, from + 3), (y * w + x) * 3)
    }
  }
  return { data: small, width: w, height: h }
}

/** Cuts a picture into connected regions of alike colour that cover it. */
export const computeSuperpixels = (picture: Picture, { count, compactness }: SuperpixelWish): Superpixels => {
  const small = shrinkPixels(picture, longestSide)
  const step = Math.max(2, Math.sqrt((small.width * small.height) / Math.max(1, count)))
  return { ...cutSuperpixels(small, step, compactness), width: small.width, height: small.height }
}

type Size = { width: number; height: number }

/** The region under a pixel of the whole picture; -1 outside. */
export const findRegion = (
  { labels, width, height }: Superpixels,
  { width: w, height: h }: Size,
  x: number,
  y: number,
): number => {
  if (x < 0 || y < 0 || x >= w || y >= h) return -1
  return labels[Math.floor((y * height) / h) * width + Math.floor((x * width) / w)]!
}

/** Regions that a line touches. */
export const findRegionsAlong = (
  cut: Superpixels,
  size: Size,
  [x1, y1, x2, y2]: readonly [number, number, number, number],
): Set<number> => {
  const steps = Math.max(1, Math.ceil(Math.hypot(((x2 - x1) * cut.width) / size.width, ((y2 - y1) * cut.height) / size.height)))
  const found = new Set<number>()
  for (let i = 0; i <= steps; i++) {
    const region = findRegion(cut, size, x1 + ((x2 - x1) * i) / steps, y1 + ((y2 - y1) * i) / steps)
    if (region >= 0) found.add(region)
  }
  return found
}

type Reach = { left: number; top: number; right: number; bottom: number }
const reaches = new WeakMap<Superpixels, Reach[]>()

/** Where each region lies, in pixels of the copy, inclusive. */
const reachOf = (cut: Superpixels): Reach[] => {
  const known = reaches.get(cut)
  if (known) return known
  const { labels, width, height, count } = cut
  const found = Array.from({ length: count }, (): Reach => ({ left: width, top: height, right: -1, bottom: -1 }))
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const reach = found[labels[y * width + x]!]!
      reach.left = Math.min(reach.left, x)
      reach.right = Math.max(reach.right, x)
      reach.top = Math.min(reach.top, y)
      reach.bottom = y
    }
  reaches.set(cut, found)
  return found
}

/** The pixels of a region in the whole picture, as runs of rows. Pixels map as in `findRegion`. */
export const fillRegion = (cut: Superpixels, size: Size, region: number, fill: (span: Span) => void): void => {
  const reach = reachOf(cut)[region]
  if (!reach) return
  const { labels, width, height } = cut
  const [across, down] = [size.width / width, size.height / height]
  const bottom = Math.min(size.height - 1, Math.ceil((reach.bottom + 1) * down))
  for (let row = Math.max(0, Math.floor(reach.top * down) - 1); row <= bottom; row++) {
    const start = Math.floor((row * height) / size.height) * width
    for (let x = reach.left; x <= reach.right; ) {
      const from = x
      while (x <= reach.right && labels[start + x] === region) x++
      // The first pixel that belongs to column c is the least one with floor(pixel · width / size.width) = c.
      if (x > from) fill({ row, from: Math.ceil(from * across), to: Math.min(size.width, Math.ceil(x * across)) })
      else x++
    }
  }
}
