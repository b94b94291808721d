// How far two boxes lie on each other.
import type { Bounds } from '../../../formats/geometry/box'

/** Intersection over union of left, top, right, bottom; 0…1. */
export const measureOverlap = (a: Bounds, b: Bounds): number => {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0])
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1])
  if (width <= 0 || height <= 0) return 0
  const common = width * height
  return common / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - common)
}
