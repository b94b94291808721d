// Takes a mask apart into its connected regions.
import type { Mask } from '../../../../formats/geometry/mask'

/** Each region (pixels that share a side) as a mask of its own, top left first. */
export const splitRegions = (mask: Mask): Mask[] => {
  const { width, height, data } = mask
  const seen = new Uint8Array(data.length)
  const regions: Mask[] = []
  for (let start = 0; start < data.length; start++) {
    if (!data[start] || seen[start]) continue
    const pixels = [start]
    seen[start] = 1
    let [left, right, top, bottom] = [width, 0, height, 0]
    for (let i = 0; i < pixels.length; i++) {
      const at = pixels[i]!
      const [x, y] = [at % width, Math.floor(at / width)]
      ;[left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)]
      const around = [x > 0 ? at - 1 : -1, x < width - 1 ? at + 1 : -1, at - width, at + width]
      for (const next of around)
        if (next >= 0 && next < data.length && data[next] && !seen[next]) {
          seen[next] = 1
          pixels.push(next)
        }
    }
    const box = { left: mask.left + left, top: mask.top + top, width: right - left + 1, height: bottom - top + 1 }
    const region = new Uint8Array(box.width * box.height)
    for (const at of pixels) region[(Math.floor(at / width) - top) * box.width + (at % width) - left] = 1
    regions.push({ ...box, data: region })
  }
  return regions
}
