// One shape cut in two by a line: polygons along their outline, masks by pixels, polylines at a point.
import { decodeMask, encodeMask } from '../../../../formats/geometry/mask'
import { cutMask } from '../../../../formats/geometry/mask-operations'
import { tracePixelOutlines } from '../../../../formats/geometry/pixel-outline'
import type { Shape } from '../../../../formats/model'
import { crossesItself, crossesOutline, findPlace, measureLength, reversePoints, walkBetween } from '../../view/contour'
import { measureArea, type Point, roundPoints } from '../../view/geometry'
import { type Outcome, refuse } from './outcome'

/** Outlines on which a cut may begin and end: that of a polygon, the outer and inner borders of a mask. */
export const listOutlines = (shape: Pick<Shape, 'type' | 'points'>): number[][] => {
  if (shape.type === 'polygon') return [shape.points]
  return shape.type === 'mask' ? tracePixelOutlines(decodeMask(shape.points)) : []
}

/** The outline nearest to a point, and the place on it. */
export const findOutline = (outlines: readonly number[][], at: Point) => {
  const found = outlines.map((outline) => ({ outline, place: findPlace(outline, true, at) }))
  return found.toSorted((a, b) => a.place.distance - b.place.distance)[0] ?? null
}

/** Both areas that a line makes of an outline: from its start along the outline to its end and back, and the other way. */
export const cutOutline = (outline: readonly number[], line: readonly number[]): Outcome<[number[], number[]]> => {
  const start = findPlace(outline, true, { x: line[0]!, y: line[1]! })
  const end = findPlace(outline, true, { x: line.at(-2)!, y: line.at(-1)! })
  const inner = line.slice(2, -2)
  const path = [start.x, start.y, ...inner, end.x, end.y]
  if (crossesItself(path)) return refuse('The cut crosses itself')
  // The ends lie on the outline; only what is between them must stay inside.
  const trimmed = shrink(path)
  if (crossesOutline(trimmed, outline)) return refuse('The cut leaves the shape')
  const one = [...walkBetween(outline, start, end), ...reversePoints(inner)]
  const other = [...walkBetween(outline, end, start), ...inner]
  return { done: [one, other] }
}

const shrink = (path: readonly number[]): number[] => {
  const moved = [...path]
  const nudge = (i: number, j: number) => {
    const [dx, dy] = [path[j]! - path[i]!, path[j + 1]! - path[i + 1]!]
    const length = Math.hypot(dx, dy) || 1
    moved[i] = path[i]! + (dx / length) * Math.min(0.01, length / 4)
    moved[i + 1] = path[i + 1]! + (dy / length) * Math.min(0.01, length / 4)
  }
  nudge(0, 2)
  nudge(path.length - 2, path.length - 4)
  return moved
}

const withPoints = ({ id: _, ...shape }: Shape, points: number[]): Shape => ({ ...shape, points, source: 'manual' })

/** Cuts a polygon or mask by a line whose ends lie on its outline, a polyline at the start of the line. */
export const sliceShape = (shape: Shape, line: readonly number[]): Outcome<[Shape, Shape]> => {
  if (shape.type === 'polyline') return slicePolyline(shape, { x: line[0]!, y: line[1]! })
  const found = findOutline(listOutlines(shape), { x: line[0]!, y: line[1]! })
  if (!found) return refuse('Only polygons, masks and polylines can be cut')
  const cut = cutOutline(found.outline, line)
  if ('refusal' in cut) return cut
  if (shape.type === 'polygon') {
    const [a, b] = cut.done.map(roundPoints) as [number[], number[]]
    if (a.length < 6 || b.length < 6 || measureArea(a) < 1 || measureArea(b) < 1) return refuse('One part would be too small')
    return { done: [withPoints(shape, a), withPoints(shape, b)] }
  }
  const parts = cutMask(decodeMask(shape.points), cut.done[0])?.map(encodeMask)
  if (!parts?.[0] || !parts[1]) return refuse('One part would be empty')
  return { done: [withPoints(shape, parts[0]), withPoints(shape, parts[1])] }
}

const slicePolyline = (shape: Shape, at: Point): Outcome<[Shape, Shape]> => {
  const place = findPlace(shape.points, false, at)
  const [x, y] = roundPoints([place.x, place.y]) as [number, number]
  const before = shape.points.slice(0, 2 * place.edge + 2)
  const after = shape.points.slice(2 * place.edge + 2)
  const head = place.t === 0 ? before : [...before, x, y]
  const tail = place.t === 1 ? after : [x, y, ...after]
  if (head.length < 4 || tail.length < 4 || measureLength(head) < 1 || measureLength(tail) < 1) {
    return refuse('A polyline is cut between its ends')
  }
  return { done: [withPoints(shape, head), withPoints(shape, tail)] }
}
