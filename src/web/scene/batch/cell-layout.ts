// Where the three pictures of a cell lie: the one from above over the whole width, below it those from the side and from behind.
import type { Cuboid } from '../../../formats/geometry3d/cuboid'
import { type Crop, makeCrop, type Side, sides } from './views'

export type Placed = { crop: Crop; left: number; top: number }

const share = { above: 0.56, side: 0.6 }
const gap = 1

/** CSS pixels from the upper left corner of the cell's picture. */
export const placeCrops = (about: Cuboid, width: number, height: number): Placed[] => {
  const upper = Math.round(height * share.above)
  const left = Math.round(width * share.side)
  const boxes: Record<Side, [left: number, top: number, width: number, height: number]> = {
    top: [0, 0, width, upper],
    side: [0, upper + gap, left, height - upper - gap],
    front: [left + gap, upper + gap, width - left - gap, height - upper - gap],
  }
  return sides.map((side) => {
    const [x, y, w, h] = boxes[side]
    return { crop: makeCrop(side, about, w, h), left: x, top: y }
  })
}

export const findCrop = (placed: readonly Placed[], x: number, y: number): Placed | null =>
  placed.find(({ crop, left, top }) => x >= left && y >= top && x < left + crop.width && y < top + crop.height) ?? null
