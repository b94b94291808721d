// How alike two shapes are that neighbouring jobs have on one frame.
import { measureBoxOverlap, measureOverlap } from '../../formats/geometry/polygon-overlap'

export type Comparable = { type: string; labelId: number; points: readonly number[]; rotation: number }

const isNear = (a: number, b: number) => Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(a))
const isSame = (a: readonly number[], b: readonly number[]) =>
  a.length === b.length && a.every((value, i) => isNear(value, b[i]!))

/** Seen from above and from the side: centre and size of a cuboid in space as boxes. */
const cuboidBox = (points: readonly number[], axis: 1 | 2) => {
  const [x, y] = [points[0]!, points[axis]!]
  const [width, height] = [points[6]! / 2, points[6 + axis]! / 2]
  return [x - width, y - height, x + width, y + height]
}
const isSpatial = (points: readonly number[]) => points.slice(9).every((value) => value === 0)

type Measure = (a: readonly number[], b: readonly number[]) => number
const measures: Record<string, Measure> = {
  rectangle: measureBoxOverlap,
  polygon: measureOverlap,
  cuboid: (a, b) =>
    isSpatial(a) && isSpatial(b)
      ? measureBoxOverlap(cuboidBox(a, 1), cuboidBox(b, 1)) * measureBoxOverlap(cuboidBox(a, 2), cuboidBox(b, 2))
      : 0,
}

/**
 * 0…1 for shapes of one label and type: intersection over union of rectangles (as if they were not turned), polygons and cuboids
 * in space; of all others, and of shapes without an area, only equal ones are alike.
 */
export const measureLikeness = (a: Comparable, b: Comparable): number => {
  if (a.type !== b.type || a.labelId !== b.labelId) return 0
  if (isNear(a.rotation, b.rotation) && isSame(a.points, b.points)) return 1
  return measures[a.type]?.(a.points, b.points) ?? 0
}
