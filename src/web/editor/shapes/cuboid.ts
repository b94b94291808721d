// Cuboid in a picture: four upright edges (front left, front right, back right, back left), each its top and bottom point.
import { isSpatial } from '../../../formats/geometry/interpolation'
import { clampToSize, type Point, roundPoints } from '../view/geometry'
import { defineShape } from './define-shape'
import type { Body, Handle, HandleMove, Outline } from './shape-kind'

const pointOf = (points: readonly number[], i: number): Point => ({ x: points[2 * i]!, y: points[2 * i + 1]! })

const face = (body: Body, order: readonly number[]): Outline => ({
  points: order.flatMap((i) => [body.points[2 * i]!, body.points[2 * i + 1]!]),
  closed: true,
})

const middle = (points: readonly number[], a: number, b: number): Point => {
  const [p, q] = [pointOf(points, a), pointOf(points, b)]
  return { x: (p.x + q.x) / 2, y: (p.y + q.y) / 2 }
}

/** Handle → the two points between which it lies. */
const edges: Record<string, [number, number]> = {
  'front-top': [0, 2],
  'front-bottom': [1, 3],
  'front-left': [0, 1],
  'front-right': [2, 3],
  'dorsal-right': [4, 5],
  'dorsal-left': [6, 7],
}

const cursors: Record<string, string> = {
  'front-top': 'ns-resize',
  'front-bottom': 'ns-resize',
  'front-left': 'ew-resize',
  'front-right': 'ew-resize',
}

const share = (part: number, whole: number): number => (Math.abs(whole) < 1e-6 ? 1 : part / whole)

/** Points that move with a handle, each with the share of the pointer's way that it goes. */
const moveEdge = (points: readonly number[], handle: string, dx: number, dy: number, shift: boolean): number[] => {
  const next = [...points]
  const go = (i: number, x: number, y: number) => {
    next[2 * i]! += x
    next[2 * i + 1]! += y
  }
  const at = (i: number) => pointOf(points, i)
  const tall = (a: number, b: number) => at(b).y - at(a).y
  switch (handle) {
    case 'front-top':
    case 'front-bottom': {
      const row = handle === 'front-top' ? 0 : 1
      for (const [front, back] of [
        [0, 6],
        [2, 4],
      ] as const) {
        go(front + row, 0, dy)
        go(back + row, 0, dy * share(tall(back, back + 1), tall(front, front + 1)))
      }
      return next
    }
    case 'front-left':
    case 'front-right': {
      const [front, back] = handle === 'front-left' ? [0, 6] : [2, 4]
      const follows = dx * share(at(4).x - at(6).x, at(2).x - at(0).x)
      for (const i of [front, front + 1]) go(i, dx, 0)
      for (const i of [back, back + 1]) go(i, follows, 0)
      return next
    }
    default: {
      const top = handle === 'dorsal-left' ? 6 : 4
      if (shift) {
        // The edge grows or shrinks about its middle: lines towards the back converge.
        go(top, 0, dy)
        go(top + 1, 0, -dy)
        return next
      }
      for (const i of [4, 5, 6, 7]) go(i, dx, dy)
      return next
    }
  }
}

/** A corner goes anywhere; the other end of its edge keeps the edge upright. */
const moveCorner = (points: readonly number[], i: number, to: Point): number[] => {
  const next = [...points]
  const partner = i % 2 === 0 ? i + 1 : i - 1
  next[2 * i] = to.x
  next[2 * i + 1] = to.y
  next[2 * partner] = to.x
  return next
}

const moveHandle = (body: Body, handle: string, move: HandleMove): Body => {
  const to = clampToSize(move.to, move.size)
  if (handle.startsWith('point-')) return { ...body, points: roundPoints(moveCorner(body.points, Number(handle.slice(6)), to)) }
  const between = edges[handle]
  if (!between) return body
  const from = middle(body.points, ...between)
  return { ...body, points: roundPoints(moveEdge(body.points, handle, to.x - from.x, to.y - from.y, move.shift)) }
}

/** Those in space have no place in a picture. */
const isFlat = ({ points }: Body): boolean => points.length >= 16 && !isSpatial(points)

export const cuboid = defineShape({
  kind: 'cuboid',
  title: 'Cuboid',
  icon: 'box',
  filled: true,
  outline: (body) =>
    !isFlat(body) ? [] : [face(body, [0, 2, 3, 1]), face(body, [2, 4, 5, 3]), face(body, [4, 6, 7, 5]), face(body, [6, 0, 1, 7])],
  handles: (body) => {
    if (!isFlat(body)) return []
    const corners = Array.from(
      { length: 8 },
      (_, i): Handle => ({ id: `point-${i}`, ...pointOf(body.points, i), cursor: 'move', role: 'vertex' }),
    )
    const sides = Object.entries(edges).map(
      ([id, pair]): Handle => ({ id, ...middle(body.points, ...pair), cursor: cursors[id] ?? 'move', role: 'corner' }),
    )
    return [...sides, ...corners]
  },
  moveHandle,
  refuse: (body) => {
    const [width, height] = [Math.abs(body.points[4]! - body.points[0]!), Math.abs(body.points[3]! - body.points[1]!)]
    return width < 1 || height < 1 ? 'The front must be at least 1 pixel wide and high' : null
  },
})
