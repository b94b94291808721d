// Ellipses as masks.

import { type Bounds, findBounds } from './box'

/**
 * A mask of the API (run lengths and box): the filled ellipse of cx cy right top, turned clockwise by `rotation` degrees. Centre
 * and half axes are taken to whole pixels, the outline is a polygon of arcs (finer for larger ellipses), and border pixels that
 * the outline touches count as inside.
 */
export function rasteriseEllipse(points: readonly [number, number, number, number], rotation: number): number[] {
  const [cx, cy, right, top] = points
  const outline = traceEllipse(
    roundHalfEven(cx),
    roundHalfEven(cy),
    Math.abs(roundHalfEven(right - cx)),
    Math.abs(roundHalfEven(cy - top)),
    rotation,
  )
  return fillConvex(outline)
}

function traceEllipse(cx: number, cy: number, rx: number, ry: number, rotation: number): number[] {
  const longest = Math.max(rx, ry)
  const stepDegrees = longest < 3 ? 90 : longest < 10 ? 30 : longest < 15 ? 18 : 5
  const turn = (rotation * Math.PI) / 180
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)]
  const outline: number[] = []
  for (let degrees = 0; degrees < 360; degrees += stepDegrees) {
    const angle = (degrees * Math.PI) / 180
    const x = rx * Math.cos(angle)
    const y = ry * Math.sin(angle)
    outline.push(cx + x * cos - y * sin, cy + x * sin + y * cos)
  }
  return outline
}

/** Fills a convex polygon, row by row between the outermost pixels of its outline. */
function fillConvex(outline: readonly number[]): number[] {
  const [left, top, right, bottom] = findBounds(outline).map(roundHalfUp) as Bounds
  const firsts = new Int32Array(bottom - top + 1).fill(right)
  const lasts = new Int32Array(bottom - top + 1).fill(left)
  const mark = (x: number, y: number) => {
    const column = roundHalfUp(x)
    const row = roundHalfUp(y) - top
    if (column < firsts[row]!) firsts[row] = column
    if (column > lasts[row]!) lasts[row] = column
  }
  for (let at = 0; at < outline.length; at += 2) {
    const next = (at + 2) % outline.length
    markLine(outline[at]!, outline[at + 1]!, outline[next]!, outline[next + 1]!, mark)
    markRows(outline[at]!, outline[at + 1]!, outline[next]!, outline[next + 1]!, mark)
  }
  const width = right - left + 1
  const runs: number[] = []
  let position = 0
  for (let row = 0; row < firsts.length; row++) {
    const start = row * width + firsts[row]! - left
    const end = row * width + lasts[row]! - left + 1
    // A row that fills the box goes on from the row before.
    if (start === position && runs.length > 0) runs[runs.length - 1]! += end - start
    else runs.push(start - position, end - start)
    position = end
  }
  const rest = firsts.length * width - position
  if (rest > 0) runs.push(rest)
  return [...runs, left, top, right, bottom]
}

/** Visits the pixels of a line: one for each whole step along its longer direction, and its far end. */
function markLine(x0: number, y0: number, x1: number, y1: number, mark: (x: number, y: number) => void): void {
  const isFlat = Math.abs(x1 - x0) > Math.abs(y1 - y0)
  if (isFlat ? x0 > x1 : y0 > y1) [x0, y0, x1, y1] = [x1, y1, x0, y0]
  const steps = Math.floor(isFlat ? x1 - x0 : y1 - y0)
  const slope = isFlat ? (y1 - y0) / (x1 - x0) : y1 === y0 ? 0 : (x1 - x0) / (y1 - y0)
  mark(x1, y1)
  for (let step = 0; step <= steps; step++) {
    if (isFlat) mark(x0 + step, y0 + step * slope)
    else mark(x0 + step * slope, y0 + step)
  }
}

/** Visits where an edge meets the rows between its ends, whose rows are rounded first. */
function markRows(x0: number, y0: number, x1: number, y1: number, mark: (x: number, y: number) => void): void {
  const [first, last] = [roundHalfUp(y0), roundHalfUp(y1)]
  const direction = last < first ? -1 : 1
  const slope = last === first ? 0 : (x1 - x0) / Math.abs(last - first)
  for (let step = 0; step <= Math.abs(last - first); step++) mark(x0 + step * slope, first + step * direction)
}

function roundHalfUp(value: number): number {
  return Math.floor(value + 0.5)
}

function roundHalfEven(value: number): number {
  const rounded = Math.round(value)
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded
}
