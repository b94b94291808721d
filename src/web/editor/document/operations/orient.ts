// The direction of a shape: order of points, front of a cuboid, axes of a turned box.
import { turnCuboid } from '../../../../formats/geometry/cuboid'
import type { Body } from '../../shapes/shape-kind'
import { reversePoints } from '../../view/contour'
import { roundPoints } from '../../view/geometry'

/** A polygon runs the other way round from the same first point, a polyline from its other end. */
export const reverseBody = (body: Body): Body => {
  if (body.type === 'polygon') return { ...body, points: [...body.points.slice(0, 2), ...reversePoints(body.points.slice(2))] }
  return { ...body, points: reversePoints(body.points) }
}

/** A box that looks the same with its axes turned by quarters to the right: width and height change places. */
export const turnAxes = (body: Body, quarters: 1 | 2 | 3): Body => {
  const rotation = (body.rotation + 90 * quarters) % 360
  if (quarters === 2) return { ...body, rotation }
  if (body.type === 'ellipse') {
    const [cx = 0, cy = 0, right = 0, top = 0] = body.points
    return { ...body, rotation, points: roundPoints([cx, cy, cx + (cy - top), cy - (right - cx)]) }
  }
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = body.points
  const [cx, cy, halfWidth, halfHeight] = [(x0 + x1) / 2, (y0 + y1) / 2, (x1 - x0) / 2, (y1 - y0) / 2]
  return { ...body, rotation, points: roundPoints([cx - halfHeight, cy - halfWidth, cx + halfHeight, cy + halfWidth]) }
}

/** What switching the orientation means for a kind; null where it means nothing. */
export const switchOrientation = (body: Body): Body | null => {
  switch (body.type) {
    case 'polygon':
    case 'polyline':
      return reverseBody(body)
    case 'cuboid':
      return { ...body, points: turnCuboid(body.points) }
    case 'rectangle':
    case 'ellipse':
      return turnAxes(body, 1)
    default:
      return null
  }
}
