// Resizing by keys: a body made wider or higher by whole pixels, its left and top side staying.

import { shapeKinds } from '../../shapes/registry'
import type { Body } from '../../shapes/shape-kind'
import type { Size } from '../../view/geometry'
import { rotatePoint, roundPoint } from '../../view/geometry'

/** Null where a kind cannot be resized, or would get too small. */
export const growBody = (body: Body, dx: number, dy: number, size: Size): Body | null => {
  const kind = shapeKinds[body.type]
  if (body.type === 'mask' || body.type === 'points') return null
  if (body.type === 'rectangle' || body.type === 'ellipse') {
    const grown = (['right', 'bottom'] as const).reduce<Body>((now, side) => {
      const [x, y] = side === 'right' ? [dx, 0] : [0, dy]
      const handle = kind.handles(now, 0).find((one) => one.id === side)
      if (!handle || (x === 0 && y === 0)) return now
      const by = rotatePoint({ x, y }, { x: 0, y: 0 }, now.rotation)
      return kind.moveHandle(now, side, { to: { x: handle.x + by.x, y: handle.y + by.y }, shift: false, size })
    }, body)
    return kind.refuse(grown) ? null : grown
  }
  const box = kind.bounds(body)
  const [width, height] = [box.right - box.left, box.bottom - box.top]
  if (width + dx < 1 || height + dy < 1) return null
  const scaleX = width === 0 ? 1 : Math.min(width + dx, size.width - box.left) / width
  const scaleY = height === 0 ? 1 : Math.min(height + dy, size.height - box.top) / height
  const stretch = (points: readonly number[]) =>
    points.map((value, i) =>
      roundPoint(i % 2 === 0 ? box.left + (value - box.left) * scaleX : box.top + (value - box.top) * scaleY),
    )
  return {
    ...body,
    points: stretch(body.points),
    ...(body.elements && { elements: body.elements.map((part) => ({ ...part, points: stretch(part.points) })) }),
  }
}
