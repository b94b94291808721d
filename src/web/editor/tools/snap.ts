// Automatic bordering: points of neighbours that a drawn point snaps to, and the part of their contour that is copied.

import { shapeKinds } from '../shapes/registry'
import type { Body } from '../shapes/shape-kind'
import { findPlace } from '../view/contour'
import { measureDistance, type Point } from '../view/geometry'
import type { Target, ToolContext } from './tool'

/** A vertex of a neighbour. */
export type Border = { clientId: number; index: number; x: number; y: number }

const reach = 9

/** Vertices of a body to snap to: those of lines, corners of boxes, the centre of an ellipse. */
export const listVertices = (body: Body): number[] => {
  if (body.type === 'mask') return []
  if (body.type === 'ellipse') return body.points.slice(0, 2)
  if (body.type === 'skeleton') return (body.elements ?? []).flatMap((part) => part.points)
  if (body.type === 'rectangle') return shapeKinds.rectangle.outline(body)[0]!.points
  return [...body.points]
}

const near = (at: Point, context: ToolContext) => {
  const far = reach / context.scale
  return { left: at.x - far, top: at.y - far, right: at.x + far, bottom: at.y + far }
}

/** The vertex of a neighbour that a point means. */
export const findBorder = (at: Point, context: ToolContext, except: number | null = null): Border | null => {
  let best: (Border & { distance: number }) | null = null
  for (const target of context.listTargets(near(at, context))) {
    if (target.clientId === except) continue
    const vertices = listVertices(target.body)
    for (let i = 0; i < vertices.length; i += 2) {
      const [x, y] = [vertices[i]!, vertices[i + 1]!]
      const distance = measureDistance(at, { x, y }) * context.scale
      if (distance <= reach && (!best || distance < best.distance))
        best = { clientId: target.clientId, index: i / 2, x, y, distance }
    }
  }
  return best
}

/** The place that a dragged or drawn point snaps to: a neighbour's vertex before its edge. */
export const snapPoint = (at: Point, context: ToolContext, except: number | null = null): Point => {
  if (!context.bordering) return at
  const vertex = findBorder(at, context, except)
  if (vertex) return { x: vertex.x, y: vertex.y }
  let best: { x: number; y: number; distance: number } | null = null
  for (const target of context.listTargets(near(at, context))) {
    if (target.clientId === except || target.type === 'mask' || target.type === 'skeleton') continue
    for (const line of shapeKinds[target.type].outline(target.body)) {
      const place = findPlace(line.points, line.closed, at)
      if (place.distance * context.scale <= reach && (!best || place.distance < best.distance)) best = place
    }
  }
  return best ? { x: best.x, y: best.y } : at
}

const vertexOf = (list: readonly number[], i: number): number[] => list.slice(2 * i, 2 * i + 2)

/** Vertices of one neighbour from `first` to `last` through `middle`, without `first` itself. */
export const copyBorder = (target: Target, first: number, middle: number, last: number): number[] => {
  const list = listVertices(target.body)
  const count = list.length / 2
  const closed = target.type !== 'polyline' && target.type !== 'points'
  const walk = (step: 1 | -1): number[] | null => {
    const indices: number[] = []
    for (let i = first + step, steps = 0; steps < count; i += step, steps++) {
      if (!closed && (i < 0 || i >= count)) return null
      const at = (i + count) % count
      indices.push(at)
      if (at === last) break
    }
    return indices.includes(middle) && indices.at(-1) === last ? indices : null
  }
  const way = walk(1) ?? walk(-1) ?? [middle, last]
  return way.flatMap((i) => vertexOf(list, i))
}

/** All vertices of neighbours around, to be shown as targets. */
export const listBorderTargets = (at: Point, context: ToolContext): number[] => {
  const far = 120 / context.scale
  const box = { left: at.x - far, top: at.y - far, right: at.x + far, bottom: at.y + far }
  const vertices = context.listTargets(box).flatMap((target) => listVertices(target.body))
  const shown: number[] = []
  for (let i = 0; i < vertices.length && shown.length < 400; i += 2) {
    if (Math.abs(vertices[i]! - at.x) <= far && Math.abs(vertices[i + 1]! - at.y) <= far)
      shown.push(vertices[i]!, vertices[i + 1]!)
  }
  return shown
}
