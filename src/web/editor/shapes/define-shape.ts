// Builds a shape kind from its outline; each kind overrides what is special about it.
import {
  type Box,
  boundPoints,
  clampNumber,
  isInside,
  measureArea,
  measureToLine,
  type Point,
  roundPoints,
  type Size,
} from '../view/geometry'
import type { Body, ShapeKind } from './shape-kind'

/** The part of a wished move that keeps a box in the picture; boxes already outside may come back only. */
export const limitMove = (box: Box, dx: number, dy: number, size: Size): Point => ({
  x: clampNumber(dx, Math.min(-box.left, 0), Math.max(size.width - box.right, 0)),
  y: clampNumber(dy, Math.min(-box.top, 0), Math.max(size.height - box.bottom, 0)),
})

const shiftPoints = (points: readonly number[], by: Point): number[] =>
  roundPoints(points.map((value, i) => value + (i % 2 === 0 ? by.x : by.y)))

export const translatePoints = (body: Body, by: Point): Body => ({
  ...body,
  points: shiftPoints(body.points, by),
  ...(body.elements && { elements: body.elements.map((part) => ({ ...part, points: shiftPoints(part.points, by) })) }),
})

type Given = Pick<ShapeKind, 'kind' | 'title' | 'icon' | 'filled' | 'outline'> & Partial<ShapeKind>

export const defineShape = (given: Given): ShapeKind => {
  const dots = given.dots ?? (() => [])
  const allPoints = (body: Body) => [...given.outline(body).flatMap((line) => line.points), ...dots(body)]
  const bounds = given.bounds ?? ((body: Body) => boundPoints(allPoints(body)))
  return {
    dots,
    bounds,
    area: (body) => given.outline(body).reduce((sum, line) => sum + measureArea(line.points), 0),
    hit: (body, at, tolerance) => {
      let best = Infinity
      for (const line of given.outline(body)) {
        if (given.filled && line.closed && isInside(at, line.points)) return 0
        best = Math.min(best, measureToLine(at, line.points, line.closed))
      }
      const single = dots(body)
      for (let i = 0; i < single.length; i += 2) best = Math.min(best, Math.hypot(at.x - single[i]!, at.y - single[i + 1]!))
      return best <= tolerance ? best : Infinity
    },
    handles: () => [],
    moveHandle: (body) => body,
    translate: (body, dx, dy, size) => translatePoints(body, limitMove(bounds(body), dx, dy, size)),
    removePoint: () => null,
    refuse: () => null,
    ...given,
  }
}
