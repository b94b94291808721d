// Skeleton: named points joined by the edges of its label's drawing; a box around them scales and turns all of them.
import { type Box, boundPoints, clampToSize, growBox, isInside, measureToLine, rotatePoint, roundPoint } from '../view/geometry'
import { centreOf } from './box-shape'
import { defineShape, limitMove } from './define-shape'
import type { Body, Handle, HandleMove, Outline } from './shape-kind'

/** Picture pixels between the outermost points and the box. */
const margin = 4

const seen = (body: Body) => (body.elements ?? []).filter((part) => !part.outside)

const coreOf = (body: Body): Box => boundPoints(seen(body).flatMap((part) => part.points))

const boxOf = (body: Body) => growBox(coreOf(body), margin)

const ringOf = (body: Body, grow = 0): number[] => {
  const { left, top, right, bottom } = growBox(boxOf(body), grow)
  return [left, top, right, top, right, bottom, left, bottom]
}

const outline = (body: Body): Outline[] => {
  const edges = body.edges ?? []
  if (edges.length === 0) return seen(body).length > 0 ? [{ points: ringOf(body), closed: true }] : []
  return edges.flatMap(([from, to]): Outline[] => {
    const a = body.elements?.[from]
    const b = body.elements?.[to]
    return a && b && !a.outside && !b.outside ? [{ points: [...a.points, ...b.points], closed: false }] : []
  })
}

const corners: Record<string, [number, number]> = {
  'top-left': [-1, -1],
  'top-right': [1, -1],
  'bottom-right': [1, 1],
  'bottom-left': [-1, 1],
}

const mapPoints = (body: Body, map: (x: number, y: number) => [number, number]): Body => ({
  ...body,
  ...(body.elements && {
    elements: body.elements.map((part) => {
      if (part.locked) return part
      const [x = 0, y = 0] = part.points
      return { ...part, points: map(x, y).map(roundPoint) }
    }),
  }),
})

/** All points stretched with the box whose corner is dragged; the opposite corner stays. */
const stretch = (body: Body, [sx, sy]: [number, number], move: HandleMove): Body => {
  const core = coreOf(body)
  const to = clampToSize(move.to, move.size)
  const fix = { x: sx < 0 ? core.right : core.left, y: sy < 0 ? core.bottom : core.top }
  const far = { x: sx < 0 ? core.left : core.right, y: sy < 0 ? core.top : core.bottom }
  const aim = { x: to.x - sx * margin, y: to.y - sy * margin }
  const scaleX = far.x === fix.x ? 1 : (aim.x - fix.x) / (far.x - fix.x)
  const scaleY = far.y === fix.y ? 1 : (aim.y - fix.y) / (far.y - fix.y)
  return mapPoints(body, (x, y) => [fix.x + (x - fix.x) * scaleX, fix.y + (y - fix.y) * scaleY])
}

const turn = (body: Body, move: HandleMove): Body => {
  const centre = centreOf(coreOf(body))
  const angle = (Math.atan2(move.to.x - centre.x, centre.y - move.to.y) * 180) / Math.PI
  const step = move.shift ? 15 : 0.1
  const degrees = Math.round(angle / step) * step
  return mapPoints(body, (x, y) => {
    const turned = rotatePoint({ x, y }, centre, degrees)
    return [turned.x, turned.y]
  })
}

export const skeleton = defineShape({
  kind: 'skeleton',
  title: 'Skeleton',
  icon: 'waypoints',
  filled: true,
  outline,
  dots: (body) => seen(body).flatMap((part) => part.points),
  bounds: boxOf,
  area: (body) => {
    const box = boxOf(body)
    return (box.right - box.left) * (box.bottom - box.top)
  },
  hit: (body, at, tolerance) => {
    const near = outline(body).some((line) => measureToLine(at, line.points, line.closed) <= tolerance)
    return near || isInside(at, ringOf(body, tolerance)) ? 0 : Infinity
  },
  handles: (body, gap) => {
    if (seen(body).length === 0) return []
    const box = boxOf(body)
    const points = (body.elements ?? []).flatMap((part, i): Handle[] =>
      part.outside || part.locked
        ? []
        : [{ id: `point-${i}`, x: part.points[0]!, y: part.points[1]!, cursor: 'move', role: 'vertex' }],
    )
    const frame = Object.entries(corners).map(
      ([id, [sx, sy]]): Handle => ({
        id,
        x: sx < 0 ? box.left : box.right,
        y: sy < 0 ? box.top : box.bottom,
        cursor: sx === sy ? 'nwse-resize' : 'nesw-resize',
        role: 'corner',
      }),
    )
    const rotate: Handle = { id: 'rotate', x: centreOf(box).x, y: box.top - gap, cursor: 'grab', role: 'rotate' }
    return [...points, ...frame, rotate]
  },
  translate: (body, dx, dy, size) => {
    const by = limitMove(boxOf(body), dx, dy, size)
    return mapPoints(body, (x, y) => [x + by.x, y + by.y])
  },
  moveHandle: (body, handle, move) => {
    if (handle === 'rotate') return turn(body, move)
    const corner = corners[handle]
    if (corner) return stretch(body, corner, move)
    const index = Number(handle.slice(6))
    const at = clampToSize(move.to, move.size)
    const points = [roundPoint(at.x), roundPoint(at.y)]
    return {
      ...body,
      ...(body.elements && { elements: body.elements.map((part, i) => (i === index ? { ...part, points } : part)) }),
    }
  },
})
