// Where the picture lies in its area: pure maths of zooming, panning and fitting.
import { type Box, clampNumber, type Point, type Size } from './geometry'

/** page = left + scale · image, in CSS pixels from the corner of the picture area. */
export type View = { scale: number; left: number; top: number }

/** Zooming stays between a tenth and ten times of the fitting scale, and always reaches 8 screen pixels a picture pixel. */
export const limitScale = (scale: number, fit: number): number => clampNumber(scale, fit * 0.1, Math.max(fit * 10, 8))

/** The largest view in which a box of the picture is wholly seen with a margin (CSS pixels). */
export const fitBox = (box: Box, area: Size, margin: number): View => {
  const width = Math.max(box.right - box.left, 1)
  const height = Math.max(box.bottom - box.top, 1)
  const scale = Math.max(Math.min((area.width - 2 * margin) / width, (area.height - 2 * margin) / height), 0.001)
  return {
    scale,
    left: area.width / 2 - (scale * (box.left + box.right)) / 2,
    top: area.height / 2 - (scale * (box.top + box.bottom)) / 2,
  }
}

export const fitPicture = (size: Size, area: Size): View =>
  fitBox({ left: 0, top: 0, right: size.width, bottom: size.height }, area, 12)

/** Zoom so that the picture point under `at` (CSS pixels in the area) stays there. */
export const zoomAt = (view: View, at: Point, scale: number): View => ({
  scale,
  left: at.x - ((at.x - view.left) * scale) / view.scale,
  top: at.y - ((at.y - view.top) * scale) / view.scale,
})

export const panBy = (view: View, dx: number, dy: number): View => ({ ...view, left: view.left + dx, top: view.top + dy })

export const toImage = (view: View, at: Point): Point => ({
  x: (at.x - view.left) / view.scale,
  y: (at.y - view.top) / view.scale,
})

export const toArea = (view: View, at: Point): Point => ({ x: view.left + view.scale * at.x, y: view.top + view.scale * at.y })

/** The part of the picture that an area shows, in image pixels. */
export const seenBox = (view: View, area: Size): Box => ({
  left: -view.left / view.scale,
  top: -view.top / view.scale,
  right: (area.width - view.left) / view.scale,
  bottom: (area.height - view.top) / view.scale,
})
