// Thins a pixel contour to its corners.

type Point = [x: number, y: number]

/** Leaves out the points on straight runs of a closed contour. */
export function thinContour(contour: Point[]): Point[] {
  const kept = contour.filter((point, at) => {
    const before = contour[(at + contour.length - 1) % contour.length]!
    const after = contour[(at + 1) % contour.length]!
    return point[0] - before[0] !== after[0] - point[0] || point[1] - before[1] !== after[1] - point[1]
  })
  return kept.length > 0 ? kept : contour
}
