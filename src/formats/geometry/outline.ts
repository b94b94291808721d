// Masks to polygons: outer contours of connected regions, with their holes cut in.

import type { Mask } from './mask'
import { measureArea } from './polygon'
import { thinContour } from './thin-contour'

type Point = [x: number, y: number]
type Contour = Point[]

/**
 * The regions (8-neighbourhood) of a mask as closed polygons `x y …` through pixel centres, first point repeated at the end.
 * Contours of fewer than three points or less than one pixel of area are dropped; holes are joined to their outer contour.
 */
export function tracePolygons(mask: Mask): number[][] {
  const { outer, holes } = traceContours(mask)
  const polygons: number[][] = []
  for (const [region, contour] of outer) {
    let thinned = thinContour(contour)
    if (thinned.length < 3 || measureArea(thinned.flat()) < 1) continue
    for (const hole of holes.get(region) ?? []) {
      const inner = thinContour(hole)
      if (inner.length >= 3 && measureArea(inner.flat()) >= 1) thinned = joinHole(thinned, inner)
    }
    const closed = [...thinned, thinned[0]!]
    polygons.push(closed.flatMap(([x, y]) => [x + mask.left, y + mask.top]))
  }
  return polygons
}

/** The eight neighbours, clockwise on the screen from the one to the right. */
const steps: readonly Point[] = [
  [1, 0],
  [1, 1],
  [0, 1],
  [-1, 1],
  [-1, 0],
  [-1, -1],
  [0, -1],
  [1, -1],
]

/** Follows every border once. A region or hole is known by the number written on the pixels of its border. */
export function traceContours(mask: Mask): { outer: Map<number, Contour>; holes: Map<number, Contour[]> } {
  const width = mask.width + 2
  const cells = new Int32Array(width * (mask.height + 2))
  for (let row = 0; row < mask.height; row++) {
    for (let column = 0; column < mask.width; column++) {
      cells[(row + 1) * width + column + 1] = mask.data[row * mask.width + column] ? 1 : 0
    }
  }
  const outer = new Map<number, Contour>()
  const holes = new Map<number, Contour[]>()
  const parents = new Map<number, number>()
  let number = 1
  for (let row = 1; row <= mask.height; row++) {
    let seen = 0
    for (let column = 1; column <= mask.width; column++) {
      const cell = cells[row * width + column]!
      if (cell === 0) continue
      const startsOuter = cell === 1 && cells[row * width + column - 1] === 0
      const startsHole = !startsOuter && cell >= 1 && cells[row * width + column + 1] === 0
      if (startsOuter) {
        number++
        outer.set(number, followBorder(cells, width, column, row, 4, number))
        parents.set(number, number)
        seen = number
      } else if (startsHole) {
        const region = parents.get(cell > 1 ? cell : seen) ?? seen
        number++
        parents.set(number, region)
        const list = holes.get(region)
        const contour = followBorder(cells, width, column, row, 0, number)
        if (list) list.push(contour)
        else holes.set(region, [contour])
      }
      const marked = Math.abs(cells[row * width + column]!)
      if (marked !== 1) seen = parents.get(marked) ?? seen
    }
  }
  return { outer, holes }
}

/**
 * Border following after Suzuki and Abe (1985): from a start pixel whose neighbour in direction `from` is background, around the
 * border. Pixels with background to their right get the negative number, others the positive one unless they have one already.
 */
function followBorder(cells: Int32Array, width: number, x: number, y: number, from: number, number: number): Contour {
  const at = (column: number, row: number, direction: number) => {
    const [dx, dy] = steps[direction]!
    return cells[(row + dy) * width + column + dx]!
  }
  let first = -1
  for (let turn = 0; turn < 8; turn++) {
    const direction = (from + turn) % 8
    if (at(x, y, direction) !== 0) {
      first = direction
      break
    }
  }
  if (first < 0) {
    cells[y * width + x] = -number
    return [[x - 1, y - 1]]
  }
  const contour: Contour = []
  const [firstX, firstY] = [x + steps[first]![0], y + steps[first]![1]]
  let [column, row, back] = [x, y, first]
  for (;;) {
    let sawRight = false
    let next = back
    for (let turn = 1; turn <= 8; turn++) {
      next = (back + 8 - turn) % 8
      if (at(column, row, next) !== 0) break
      if (next === 0) sawRight = true
    }
    const index = row * width + column
    if (sawRight) cells[index] = -number
    else if (cells[index] === 1) cells[index] = number
    contour.push([column - 1, row - 1])
    const [nextX, nextY] = [column + steps[next]![0], row + steps[next]![1]]
    if (nextX === x && nextY === y && column === firstX && row === firstY) return contour
    column = nextX
    row = nextY
    back = (next + 4) % 8
  }
}

/** One outline that runs around the outer contour, over to the hole at the nearest points, around it, and back. */
function joinHole(outer: Contour, hole: Contour): Contour {
  let [nearestOuter, nearestHole, least] = [0, 0, Infinity]
  for (let a = 0; a < outer.length; a++) {
    for (let b = 0; b < hole.length; b++) {
      const gap = Math.hypot(outer[a]![0] - hole[b]![0], outer[a]![1] - hole[b]![1])
      if (gap < least) [nearestOuter, nearestHole, least] = [a, b, gap]
    }
  }
  const around = [...hole.slice(nearestHole), ...hole.slice(0, nearestHole + 1)]
  return [...outer.slice(0, nearestOuter + 1), ...around, ...outer.slice(nearestOuter)]
}
