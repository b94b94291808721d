// What rectangle and ellipse share: a box turned about its centre, with eight handles and one to rotate.
import { type Box, boundPoints, clampToSize, type Point, rotatePoint, roundPoint } from '../view/geometry'
import { defineShape } from './define-shape'
import type { Body, Handle, HandleMove, ShapeKind } from './shape-kind'

export type BoxLayout = Pick<ShapeKind, 'kind' | 'title' | 'icon' | 'outline'> & {
  /** Where the figure is smaller than its turned box. */
  bounds?: ShapeKind['bounds']
  read: (points: readonly number[]) => Box
  write: (box: Box) => number[]
}

type Side = -1 | 0 | 1

/** Handle id → which sides it moves. */
const sides: Record<string, [Side, Side]> = {
  'top-left': [-1, -1],
  top: [0, -1],
  'top-right': [1, -1],
  right: [1, 0],
  'bottom-right': [1, 1],
  bottom: [0, 1],
  'bottom-left': [-1, 1],
  left: [-1, 0],
}

const cursors = ['ns-resize', 'nesw-resize', 'ew-resize', 'nwse-resize']

const pickCursor = ([x, y]: [Side, Side], rotation: number): string => {
  const angle = (Math.atan2(x, -y) * 180) / Math.PI + rotation
  return cursors[((Math.round(angle / 45) % 4) + 4) % 4]!
}

export const centreOf = (box: Box): Point => ({ x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 })

const cornerOf = (box: Box, [x, y]: readonly [number, number]): Point => ({
  x: x < 0 ? box.left : x > 0 ? box.right : (box.left + box.right) / 2,
  y: y < 0 ? box.top : y > 0 ? box.bottom : (box.top + box.bottom) / 2,
})

/** Corners of a turned box, clockwise from the top left. */
export const turnBox = (box: Box, rotation: number): number[] => {
  const corners = [box.left, box.top, box.right, box.top, box.right, box.bottom, box.left, box.bottom]
  if (rotation === 0) return corners
  const centre = centreOf(box)
  return corners.flatMap((_, i) => {
    if (i % 2 === 1) return []
    const turned = rotatePoint({ x: corners[i]!, y: corners[i + 1]! }, centre, rotation)
    return [turned.x, turned.y]
  })
}

/** The box whose dragged side follows the pointer while the opposite side or corner stays where it is seen. */
const resizeBox = (box: Box, rotation: number, [sx, sy]: [Side, Side], to: Point): Box => {
  const centre = centreOf(box)
  const local = rotatePoint(to, centre, -rotation)
  const moved = {
    left: sx < 0 ? local.x : box.left,
    right: sx > 0 ? local.x : box.right,
    top: sy < 0 ? local.y : box.top,
    bottom: sy > 0 ? local.y : box.bottom,
  }
  const middle = rotatePoint(centreOf(moved), centre, rotation)
  const half = { x: Math.abs(moved.right - moved.left) / 2, y: Math.abs(moved.bottom - moved.top) / 2 }
  return { left: middle.x - half.x, right: middle.x + half.x, top: middle.y - half.y, bottom: middle.y + half.y }
}

const rotateTo = (box: Box, move: HandleMove): number => {
  const centre = centreOf(box)
  const angle = (Math.atan2(move.to.x - centre.x, centre.y - move.to.y) * 180) / Math.PI
  const step = move.shift ? 15 : 0.1
  return (roundPoint(Math.round(angle / step) * step) + 360) % 360
}

export const defineBoxShape = (layout: BoxLayout): ShapeKind =>
  defineShape({
    ...layout,
    filled: true,
    bounds: layout.bounds ?? ((body) => boundPoints(turnBox(layout.read(body.points), body.rotation))),
    handles: (body, gap) => {
      const box = layout.read(body.points)
      const centre = centreOf(box)
      const place = (id: string, at: Point, cursor: string, role: Handle['role']): Handle => ({
        id,
        ...rotatePoint(at, centre, body.rotation),
        cursor,
        role,
      })
      const corners = Object.entries(sides).map(([id, side]) =>
        place(id, cornerOf(box, side), pickCursor(side, body.rotation), 'corner'),
      )
      return [...corners, place('rotate', { x: centre.x, y: box.top - gap }, 'grab', 'rotate')]
    },
    moveHandle: (body: Body, handle, move) => {
      const box = layout.read(body.points)
      if (handle === 'rotate') return { ...body, rotation: rotateTo(box, move) }
      const side = sides[handle]
      if (!side) return body
      const to = body.rotation === 0 ? clampToSize(move.to, move.size) : move.to
      return { ...body, points: layout.write(resizeBox(box, body.rotation, side, to)).map(roundPoint) }
    },
    refuse: (body) => {
      const box = layout.read(body.points)
      return box.right - box.left < 1 || box.bottom - box.top < 1 ? 'Sides must be at least 1 pixel long' : null
    },
  })
