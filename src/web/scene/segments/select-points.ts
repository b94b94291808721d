// Which points of a cloud an area of a view means: all that appear in it, or those near the surface that is seen there.
import type { Ground } from '../../../formats/geometry3d/ground'
import type { Vector } from '../../../formats/geometry3d/rotation'
import { createTranslation, multiplyMatrix } from '../views/matrix'
import type { CloudPoints } from '../workspace'
import type { ScreenArea } from './screen-area'

export type Heights = { ground: Pick<Ground, 'normal' | 'offset'>; from: number; to: number }

export type Selection = {
  /** World to clip space. */
  matrix: readonly number[]
  /** CSS pixels of the view. */
  size: { width: number; height: number }
  area: ScreenArea
  /** Only what is not hidden behind something nearer. */
  onSurface: boolean
  /** Only points so high above the ground, metres. */
  heights?: Heights | undefined
}

/** CSS pixels of the cells in which the nearest point is looked for, and how many cells around a point may hide it. */
const cellSize = 5
const around = 2
/** Points count as hidden by what is so much nearer (metres, and as a share of the distance). */
const nearerMetres = 0.3
const nearerShare = 0.02
const blockPoints = 1 << 20

/** Lets the browser breathe between blocks of work. */
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))

type Take = (set: number, index: number, depth: number, x: number, y: number) => void

/** Calls back with every point of the sets that appears in a part of the view, and how far away it is. */
const visit = async (
  sets: readonly CloudPoints[],
  { matrix, size }: Pick<Selection, 'matrix' | 'size'>,
  { left, top, right, bottom }: ScreenArea['bounds'],
  take: Take,
) => {
  let done = 0
  for (const [set, { positions, origin }] of sets.entries()) {
    const m = multiplyMatrix(matrix, createTranslation(origin))
    const [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15] = m as [
      ...[number, number, number, number, number, number, number, number],
      ...[number, number, number, number, number, number, number, number],
    ]
    for (let i = 0; i < positions.length; i += 3) {
      if (++done % blockPoints === 0) await pause()
      const [x, y, z] = [positions[i]!, positions[i + 1]!, positions[i + 2]!]
      const w = m3 * x + m7 * y + m11 * z + m15
      if (w <= 1e-6) continue
      const px = (((m0 * x + m4 * y + m8 * z + m12) / w + 1) / 2) * size.width
      if (px < left || px > right) continue
      const py = ((1 - (m1 * x + m5 * y + m9 * z + m13) / w) / 2) * size.height
      if (py < top || py > bottom || px < 0 || py < 0 || px > size.width || py > size.height) continue
      const deep = m2 * x + m6 * y + m10 * z + m14
      if (deep >= -w && deep <= w) take(set, i / 3, w, px, py)
    }
  }
}

/**
 * A test whether something hides a point: nearer points on all four sides of it, above and below. Ground that falls away has nearer
 * points below it only, and walls on one side, so that they stay visible however slanting the view is.
 */
const findHidden = async (sets: readonly CloudPoints[], selection: Selection) => {
  const { left, top, right, bottom } = selection.area.bounds
  const rim = (around + 1) * cellSize
  const bounds = { left: left - rim, top: top - rim, right: right + rim, bottom: bottom + rim }
  const columns = Math.ceil((bounds.right - bounds.left) / cellSize) + 1
  const lines = Math.ceil((bounds.bottom - bounds.top) / cellSize) + 1
  const nearest = new Float32Array(columns * lines).fill(Number.POSITIVE_INFINITY)
  const cellOf = (x: number, y: number): number =>
    Math.floor((y - bounds.top) / cellSize) * columns + Math.floor((x - bounds.left) / cellSize)
  await visit(sets, selection, bounds, (_set, _index, depth, x, y) => {
    const cell = cellOf(x, y)
    if (depth < nearest[cell]!) nearest[cell] = depth
  })
  const isNearer = (cell: number, side: number, way: number, limit: number): boolean => {
    for (let line = 1; line <= around; line++)
      for (let column = 0; column <= around; column++)
        if (nearest[cell + way * line * columns + side * column]! < limit) return true
    return false
  }
  return (depth: number, x: number, y: number): boolean => {
    const cell = cellOf(x, y)
    const limit = depth - Math.max(nearerMetres, depth * nearerShare)
    return (
      isNearer(cell, -1, -1, limit) && isNearer(cell, 1, -1, limit) && isNearer(cell, -1, 1, limit) && isNearer(cell, 1, 1, limit)
    )
  }
}

export type Selected = {
  /** Rows of the file, ascending. */
  rows: Uint32Array
  /** A box around the points, in coordinates of the file; null without any. */
  box: { min: Vector; max: Vector } | null
}

const isFlat = (matrix: readonly number[]) => matrix[3] === 0 && matrix[7] === 0 && matrix[11] === 0

/**
 * A projection shows a slice only, so that nothing lies behind anything there.
 * @param occluders what may hide points, when that is more than the points themselves
 */
export const selectPoints = async (
  sets: readonly CloudPoints[],
  selection: Selection,
  occluders: readonly CloudPoints[] = sets,
): Promise<Selected> => {
  const isHidden = selection.onSurface && !isFlat(selection.matrix) ? await findHidden(occluders, selection) : null
  const { area, heights } = selection
  const { normal, offset } = heights?.ground ?? { normal: [0, 0, 1] as Vector, offset: 0 }
  const rows: number[] = []
  const min: [number, number, number] = [Infinity, Infinity, Infinity]
  const max: [number, number, number] = [-Infinity, -Infinity, -Infinity]
  await visit(sets, selection, area.bounds, (set, index, depth, px, py) => {
    if (!area.has(px, py) || isHidden?.(depth, px, py)) return
    const { positions, rows: own, origin } = sets[set]!
    if (heights) {
      const [x, y, z] = [0, 1, 2].map((axis) => positions[index * 3 + axis]! + origin[axis]!) as [number, number, number]
      const height = normal[0] * x + normal[1] * y + normal[2] * z + offset
      if (height < heights.from || height > heights.to) return
    }
    rows.push(own[index]!)
    for (let axis = 0; axis < 3; axis++) {
      const value = positions[index * 3 + axis]! + origin[axis]!
      if (value < min[axis]!) min[axis] = value
      if (value > max[axis]!) max[axis] = value
    }
  })
  return { rows: sortRows(rows), box: rows.length ? { min, max } : null }
}

/** Ascending, each once: levels of detail may show a point twice. */
export const sortRows = (rows: ArrayLike<number>): Uint32Array => {
  const sorted = Uint32Array.from(rows).sort()
  let kept = 0
  for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) sorted[kept++] = sorted[i]!
  return sorted.subarray(0, kept)
}
