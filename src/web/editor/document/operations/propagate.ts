// Copies of shapes on other frames.

import { copyBox, decodeMask, encodeMask } from '../../../../formats/geometry/mask'
import type { Shape } from '../../../../formats/model'
import type { Size } from '../../view/geometry'
import type { Content } from '../object'

/** The shape on a frame of another size: masks are cropped to it, else as it was; null when nothing of a mask is left. */
export const fitShape = (shape: Shape, size: Size): Shape | null => {
  if (shape.type !== 'mask') return shape
  const mask = decodeMask(shape.points)
  if (mask.left >= 0 && mask.top >= 0 && mask.left + mask.width <= size.width && mask.top + mask.height <= size.height)
    return shape
  const left = Math.max(mask.left, 0)
  const top = Math.max(mask.top, 0)
  const width = Math.min(mask.left + mask.width, size.width) - left
  const height = Math.min(mask.top + mask.height, size.height) - top
  const points = width > 0 && height > 0 ? encodeMask(copyBox(mask, left, top, width, height)) : undefined
  return points ? { ...shape, points } : null
}

/** One copy of each shape a frame. */
export const propagateShapes = (
  shapes: readonly Shape[],
  frames: readonly number[],
  sizeOf: (frame: number) => Size,
): Content[] =>
  frames.flatMap((frame) =>
    shapes.flatMap((shape): Content[] => {
      const fitted = fitShape(shape, sizeOf(frame))
      if (!fitted) return []
      const { id: _, ...rest } = fitted
      const elements = rest.elements.map(({ id: _id, ...element }) => ({ ...element, frame }))
      return [{ kind: 'shape', data: { ...rest, frame, group: 0, elements } }]
    }),
  )
