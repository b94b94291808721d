// How large a shape is, from the text of its points: what searches by size compare.
import { type Bounds, findBounds, uniteBounds } from '../../formats/geometry/box'
import { measureArea } from '../../formats/geometry/polygon'

/**
 * Pixels; of a cuboid in space units of the scene. Turned shapes are measured before they are turned. `area` is that of the shape
 * itself where it covers something (rectangle, ellipse, polygon, mask), else of the box around it.
 */
export type Size = { width: number; height: number; area: number }

type Part = { type: string; outside: boolean; points: string; elements?: Part[] }

/** A cuboid in space is x y z, three angles and three lengths; the rest of its sixteen numbers is zero. */
const isSpatial = (points: readonly number[]) => points.length === 16 && points.slice(9).every((value) => value === 0)

const sizeOfBox = ([left, top, right, bottom]: Bounds): Size => {
  const [width, height] = [right - left, bottom - top]
  return { width, height, area: width * height }
}

const nothing: Size = { width: 0, height: 0, area: 0 }

/** Pixels that are set: every second run. */
const countSet = (points: readonly number[]) => {
  let area = 0
  for (let at = 1; at < points.length - 4; at += 2) area += points[at]!
  return area
}

const measures: Record<string, (points: number[]) => Size> = {
  rectangle: ([x0, y0, x1, y1]) => sizeOfBox([Math.min(x0!, x1!), Math.min(y0!, y1!), Math.max(x0!, x1!), Math.max(y0!, y1!)]),
  ellipse: ([cx, cy, right, top]) => {
    const [rx, ry] = [Math.abs(right! - cx!), Math.abs(cy! - top!)]
    return { width: 2 * rx, height: 2 * ry, area: Math.PI * rx * ry }
  },
  polygon: (points) => ({ ...sizeOfBox(findBounds(points)), area: measureArea(points) }),
  mask: (points) => {
    const [left, top, right, bottom] = points.slice(-4) as Bounds
    return { width: right - left + 1, height: bottom - top + 1, area: countSet(points) }
  },
  cuboid: (points) => {
    if (!isSpatial(points)) return sizeOfBox(findBounds(points))
    const [width, height] = [Math.abs(points[6]!), Math.abs(points[7]!)]
    return { width, height, area: width * height }
  },
}

/** The box around the elements of a skeleton that are seen. */
const boundElements = (elements: readonly Part[]): Bounds | undefined => {
  let all: Bounds | undefined
  for (const { outside, points } of elements) {
    if (outside || points === '[]') continue
    const own = findBounds(JSON.parse(points))
    all = all ? uniteBounds(all, own) : own
  }
  return all
}

/** The size of anything but a skeleton. */
export const measurePoints = (type: string, points: number[]): Size =>
  points.length < 2 ? nothing : (measures[type] ?? ((some) => sizeOfBox(findBounds(some))))(points)

/** The size of a shape or key frame; of a skeleton that of what its elements take up. */
export const measureSize = ({ type, points, elements = [] }: Part): Size => {
  if (type === 'skeleton') {
    const box = boundElements(elements)
    return box ? sizeOfBox(box) : nothing
  }
  return measurePoints(type, JSON.parse(points))
}
