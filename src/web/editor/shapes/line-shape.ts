// What polygon, polyline and points share: a list of vertices with a handle on each, and on each edge one to insert.
import { clampToSize, roundPoint } from '../view/geometry'
import { defineShape } from './define-shape'
import type { Handle, ShapeKind } from './shape-kind'

export type LineLayout = Pick<ShapeKind, 'kind' | 'title' | 'icon' | 'filled'> & {
  least: number
  closed: boolean
  /** Whether lines join the points. */
  joined: boolean
}

const indexOf = (handle: string): number => Number(handle.slice(handle.indexOf('-') + 1))

/** Beside the first point, towards the second: shows the direction, and a click on it turns it round. */
const placeArrow = (points: readonly number[], gap: number): Handle | null => {
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = points
  const length = Math.hypot(x1 - x0, y1 - y0)
  // Beside the handle in the middle of the edge it needs room of its own.
  if (length < 2 * gap) return null
  const away = 0.6 * gap
  const [ux, uy] = [(x1 - x0) / length, (y1 - y0) / length]
  const angle = (Math.atan2(uy, ux) * 180) / Math.PI
  return { id: 'direction', x: x0 + ux * away, y: y0 + uy * away, cursor: 'pointer', role: 'direction', angle }
}

export const defineLineShape = (layout: LineLayout): ShapeKind =>
  defineShape({
    ...layout,
    outline: (body) => (layout.joined ? [{ points: body.points, closed: layout.closed }] : []),
    dots: (body) => (layout.joined ? [] : body.points),
    ...(layout.filled ? {} : { area: () => 0 }),
    handles: (body, gap) => {
      const count = body.points.length / 2
      const handles: Handle[] = []
      for (let i = 0; i < count; i++) {
        handles.push({ id: `point-${i}`, x: body.points[2 * i]!, y: body.points[2 * i + 1]!, cursor: 'move', role: 'vertex' })
      }
      for (let i = 0; layout.joined && i < (layout.closed ? count : count - 1); i++) {
        const j = (i + 1) % count
        const x = (body.points[2 * i]! + body.points[2 * j]!) / 2
        const y = (body.points[2 * i + 1]! + body.points[2 * j + 1]!) / 2
        const length = Math.hypot(body.points[2 * i]! - body.points[2 * j]!, body.points[2 * i + 1]! - body.points[2 * j + 1]!)
        // Between close points there is no room for a third handle.
        if (length >= gap) handles.push({ id: `edge-${i}`, x, y, cursor: 'copy', role: 'insert' })
      }
      const arrow = layout.joined ? placeArrow(body.points, gap) : null
      if (arrow) handles.push(arrow)
      return handles
    },
    moveHandle: (body, handle, move) => {
      if (handle === 'direction') return body
      const at = clampToSize(move.to, move.size)
      const i = indexOf(handle)
      const points = [...body.points]
      if (handle.startsWith('edge-')) points.splice(2 * i + 2, 0, roundPoint(at.x), roundPoint(at.y))
      else points.splice(2 * i, 2, roundPoint(at.x), roundPoint(at.y))
      return { ...body, points }
    },
    removePoint: (body, handle) => {
      if (!handle.startsWith('point-') || body.points.length / 2 <= layout.least) return null
      const points = [...body.points]
      points.splice(2 * indexOf(handle), 2)
      return { ...body, points }
    },
    refuse: (body) => (body.points.length / 2 < layout.least ? `${layout.title} needs at least ${layout.least} points` : null),
  })
