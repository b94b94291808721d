// Lengths and areas of shapes in space, and where along them a place of the screen is.
import type { Vector } from '../../../formats/geometry3d/rotation'
import type { GroundShape } from '../../editor/document/cloud-change'

export const listVertices = ({ points }: Pick<GroundShape, 'points'>): Vector[] =>
  Array.from({ length: points.length / 3 }, (_, i): Vector => [points[i * 3]!, points[i * 3 + 1]!, points[i * 3 + 2]!])

/** Pairs of vertices that lines join; the last vertex of an area is joined with the first. */
export const listSides = ({ type, points }: Pick<GroundShape, 'type' | 'points'>): [number, number][] => {
  const count = points.length / 3
  if (type === 'points') return []
  const open = Array.from({ length: Math.max(count - 1, 0) }, (_, i): [number, number] => [i, i + 1])
  return type === 'polygon' && count > 2 ? [...open, [count - 1, 0]] : open
}

/** Metres along a line, or round an area. */
export const measureLength = (shape: Pick<GroundShape, 'type' | 'points'>): number => {
  const vertices = listVertices(shape)
  return listSides(shape).reduce((sum, [from, to]) => {
    const [a, b] = [vertices[from]!, vertices[to]!]
    return sum + Math.hypot(b[0] - a[0], b[1] - a[1], b[2] - a[2])
  }, 0)
}

/** Square metres of an area, along its own slope. */
export const measureArea = (shape: Pick<GroundShape, 'points'>): number => {
  const [first, ...rest] = listVertices(shape)
  const sum: [number, number, number] = [0, 0, 0]
  for (let i = 0; i + 1 < rest.length; i++) {
    const a = rest[i]!.map((value, axis) => value - first![axis]!) as unknown as Vector
    const b = rest[i + 1]!.map((value, axis) => value - first![axis]!) as unknown as Vector
    sum[0] += a[1] * b[2] - a[2] * b[1]
    sum[1] += a[2] * b[0] - a[0] * b[2]
    sum[2] += a[0] * b[1] - a[1] * b[0]
  }
  return Math.hypot(...sum) / 2
}

type Place = { x: number; y: number }

/** How far a place of the screen is from a stretch (pixels). */
export const distanceToStretch = (at: Place, a: Place, b: Place): number => {
  const [dx, dy] = [b.x - a.x, b.y - a.y]
  const length = dx * dx + dy * dy
  const along = length === 0 ? 0 : Math.min(Math.max(((at.x - a.x) * dx + (at.y - a.y) * dy) / length, 0), 1)
  return Math.hypot(at.x - a.x - along * dx, at.y - a.y - along * dy)
}
