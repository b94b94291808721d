// The regions of a frame as mask formats draw them: every region kind as a mask, groups merged, and painted by z_order.

import type { Bounds } from './geometry/box'
import { copyBox, countMaskPixels, cropMask, decodeMask, type Mask, uniteMasks } from './geometry/mask'
import { roundToHundredths } from './geometry/rounding'
import type { ItemShape } from './model'
import { toSupported } from './supported-shapes'

type Size = { width: number; height: number }

/** A mask inside the picture, with the shape that gives label, attributes and z_order. */
export type Region = { leader: ItemShape; mask: Mask }

/**
 * The shapes that are regions as masks, cut to the picture; those without a pixel in it are left out. With `mergeGroups`, shapes
 * of one group are one region led by the largest: first those without group in order, then the groups by number.
 */
export function listRegions(shapes: readonly ItemShape[], size: Size, mergeGroups: boolean): Region[] {
  const single: Region[] = []
  const groups = new Map<number, Region[]>()
  for (const shape of shapes) {
    const region = createRegion(shape, size)
    if (!region) continue
    const { group } = shape
    if (!mergeGroups || group === 0) single.push(region)
    else if (groups.has(group)) groups.get(group)!.push(region)
    else groups.set(group, [region])
  }
  const byNumber = [...groups].sort(([a], [b]) => a - b)
  return [...single, ...byNumber.map(([, regions]) => mergeRegions(regions))]
}

function createRegion(original: ItemShape, size: Size): Region | undefined {
  const [shape] = toSupported(roundShape(original), ['mask'], size)
  if (!shape) return undefined
  const mask = cutMask(decodeMask(shape.points), size)
  return mask && { leader: original, mask }
}

/** Coordinates with two decimals; those of masks are whole numbers already. */
export function roundShape(shape: ItemShape): ItemShape {
  return shape.type === 'mask' ? shape : { ...shape, points: shape.points.map(roundToHundredths) }
}

/** The part of a mask inside the picture, in its smallest box; nothing when it has no pixel there. */
export function cutMask(mask: Mask, { width, height }: Size): Mask | undefined {
  const [left, top, right, bottom]: Bounds = [
    Math.max(0, mask.left),
    Math.max(0, mask.top),
    Math.min(width, mask.left + mask.width),
    Math.min(height, mask.top + mask.height),
  ]
  return right > left && bottom > top ? cropMask(copyBox(mask, left, top, right - left, bottom - top)) : undefined
}

function mergeRegions(regions: Region[]): Region {
  let leader = regions[0]!
  let largest = countMaskPixels(leader.mask)
  for (const region of regions.slice(1)) {
    const pixels = countMaskPixels(region.mask)
    if (pixels > largest) [leader, largest] = [region, pixels]
  }
  return { leader: leader.leader, mask: uniteMasks(regions.map(({ mask }) => mask))! }
}

/** In the order in which they are painted: by z_order, equal ones as they stand. */
export function sortRegions(regions: readonly Region[]): Region[] {
  return regions.toSorted((a, b) => a.leader.z_order - b.leader.z_order)
}

/** One number per pixel: 1 + the position in `regions` of the last one that covers it, 0 for none. */
export function paintRegions(regions: readonly Region[], { width, height }: Size): Uint32Array {
  const painted = new Uint32Array(width * height)
  regions.forEach(({ mask }, index) => {
    for (let row = 0; row < mask.height; row++) {
      const to = (mask.top + row) * width + mask.left
      const from = row * mask.width
      for (let column = 0; column < mask.width; column++) if (mask.data[from + column]) painted[to + column] = index + 1
    }
  })
  return painted
}
