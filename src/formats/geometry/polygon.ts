// Polygons: area, and the raster that COCO's tools make of them.

import { Changes } from './changes'
import { type CocoCounts, countRuns } from './coco-rle'

/** Signed area of `x y …` by the shoelace rule; positive when the points run clockwise on the screen. */
export function measureSignedArea(points: readonly number[]): number {
  let twice = 0
  let x = points.at(-2) ?? 0
  let y = points.at(-1) ?? 0
  for (let at = 0; at + 1 < points.length; at += 2) {
    const nextX = points[at]!
    const nextY = points[at + 1]!
    twice += x * nextY - nextX * y
    x = nextX
    y = nextY
  }
  return twice / 2
}

export function measureArea(points: readonly number[]): number {
  return Math.abs(measureSignedArea(points))
}

/**
 * Rasterises a polygon into run lengths over the columns of a width × height image, bit for bit as COCO's frPyObjects does:
 * points are taken to fifths of a pixel, edges walked at that resolution, and crossings noted at the centres of columns.
 * Only the crossings are computed, so the cost grows with the columns that are touched, not with the perimeter.
 */
export function rasterisePolygon(points: readonly number[], width: number, height: number): CocoCounts {
  findCrossings(points, width, height)
  return countRuns(crossings.list(height), width * height)
}

/** Number of pixels of `rasterisePolygon`, without making the runs. */
export function countPolygonPixels(points: readonly number[], width: number, height: number): number {
  findCrossings(points, width, height)
  return crossings.countBetween(height)
}

const scale = 5
const crossings = new Changes()

/** Collects the columns and rows at which the inside of the polygon begins or ends. */
function findCrossings(points: readonly number[], width: number, height: number): void {
  crossings.clear()
  const last = points.length - (points.length % 2)
  const note = (column: number, upperY: number) => {
    const row = (upperY + 0.5) / scale - 0.5
    crossings.add(column, Math.ceil(Math.min(Math.max(row, 0), height)))
  }
  for (let at = 0; at < last; at += 2) {
    const next = at + 2 === last ? 0 : at + 2
    walkEdge(
      Math.trunc(scale * points[at]! + 0.5),
      Math.trunc(scale * points[at + 1]! + 0.5),
      Math.trunc(scale * points[next]! + 0.5),
      Math.trunc(scale * points[next + 1]! + 0.5),
      width,
      note,
    )
  }
}

/** Notes where an edge steps from fifth 5·column + 2 to the next one, which is where a column's centre line lies. */
function walkEdge(
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  width: number,
  note: (column: number, upperY: number) => void,
): void {
  const dx = Math.abs(x1 - x0)
  const dy = Math.abs(y1 - y0)
  if (dx === 0) return
  const isFlat = dx >= dy
  const flip = isFlat ? x0 > x1 : y0 > y1
  const [startX, startY, endX, endY] = flip ? [x1, y1, x0, y0] : [x0, y0, x1, y1]
  const low = Math.min(x0, x1)
  const high = Math.max(x0, x1)
  const firstColumn = Math.max(0, Math.ceil((low - 2) / scale))
  const lastColumn = Math.min(width - 1, Math.floor((high - 3) / scale))
  if (isFlat) {
    const slope = (endY - startY) / dx
    for (let column = firstColumn; column <= lastColumn; column++) {
      const step = scale * column + 2 - startX
      const before = Math.trunc(startY + slope * step + 0.5)
      const after = Math.trunc(startY + slope * (step + 1) + 0.5)
      note(column, Math.min(before, after))
    }
    return
  }
  const slope = (endX - startX) / dy
  for (let column = firstColumn; column <= lastColumn; column++) {
    const step = findStep(startX, slope, dy, scale * column + 3)
    note(column, startY + step - 1)
  }
}

/** The first step of a steep edge after which its x lies on the other side of the line between `line - 1` and `line`. */
function findStep(startX: number, slope: number, steps: number, line: number): number {
  let step = Math.min(steps, Math.max(1, Math.ceil((line - 0.5 - startX) / slope)))
  // The quotient may be off by a rounding error; the walk itself decides.
  if (slope > 0) {
    while (step > 1 && startX + slope * (step - 1) + 0.5 >= line) step--
    while (step < steps && startX + slope * step + 0.5 < line) step++
  } else {
    while (step > 1 && startX + slope * (step - 1) + 0.5 < line) step--
    while (step < steps && startX + slope * step + 0.5 >= line) step++
  }
  return step
}
