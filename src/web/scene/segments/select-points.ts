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

/** CSS pixels of the cells in which the nearest point is looked for. */
const cellSize = 6
/** Where nothing is for so long (metres, and as a share of the distance), what follows lies behind the surface. */
const gapMetres = 0.4
const gapShare = 0.05
const blockPoints = 1 << 20

/** Lets the browser breathe between blocks of work. */
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))

type Take = (set: number, index: number, depth: number, cell: number) => void

/** Calls back with every point of the sets that appears in the area. */
const visit = async (sets: readonly CloudPoints[], { matrix, size, area, heights }: Selection, take: Take) => {
  const { left, top, right, bottom } = area.bounds
  const columns = Math.ceil((right - left) / cellSize) + 1
  let done = 0
  for (const [set, { positions, origin }] of sets.entries()) {
    const m = multiplyMatrix(matrix, createTranslation(origin))
    const [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15] = m as [
      ...[number, number, number, number, number, number, number, number],
      ...[number, number, number, number, number, number, number, number],
    ]
    const { normal, offset } = heights?.ground ?? { normal: [0, 0, 1] as Vector, offset: 0 }
    const lift = offset + normal[0] * origin[0] + normal[1] * origin[1] + normal[2] * origin[2]
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
      if (deep < -w || deep > w || !area.has(px, py)) continue
      if (heights) {
        const height = normal[0] * x + normal[1] * y + normal[2] * z + lift
        if (height < heights.from || height > heights.to) continue
      }
      const cell = Math.floor((py - top) / cellSize) * columns + Math.floor((px - left) / cellSize)
      take(set, i / 3, w, cell)
    }
  }
}

export type Selected = {
  /** Rows of the file, ascending. */
  rows: Uint32Array
  /** A box around the points, in coordinates of the file; null without any. */
  box: { min: Vector; max: Vector } | null
}

const isFlat = (matrix: readonly number[]) => matrix[3] === 0 && matrix[7] === 0 && matrix[11] === 0

const listDepths = async (sets: readonly CloudPoints[], selection: Selection): Promise<ReadonlyMap<number, number[]>> => {
  const depths = new Map<number, number[]>()
  await visit(sets, selection, (_set, _index, depth, cell) => {
    const own = depths.get(cell)
    if (own) own.push(depth)
    else depths.set(cell, [depth])
  })
  return depths
}

/**
 * How far points of a cell may be away: from the nearest one on, as long as no gap follows, so that ground which falls away stays one
 * surface. What is near is often full of holes, so the cells at both sides count too.
 */
const limitDepths = (depths: ReadonlyMap<number, readonly number[]>): Map<number, number> =>
  new Map(
    [...depths.keys()].map((cell) => {
      const all = [cell - 1, cell, cell + 1].flatMap((one) => depths.get(one) ?? []).sort((a, b) => a - b)
      let limit = all[0]!
      for (const depth of all) {
        if (depth - limit > Math.max(gapMetres, limit * gapShare)) break
        limit = depth
      }
      return [cell, limit]
    }),
  )

/** A projection shows a slice only, so that nothing lies behind anything there. */
export const selectPoints = async (sets: readonly CloudPoints[], selection: Selection): Promise<Selected> => {
  const onSurface = selection.onSurface && !isFlat(selection.matrix)
  const limits = onSurface ? limitDepths(await listDepths(sets, selection)) : null
  const rows: number[] = []
  const min: [number, number, number] = [Infinity, Infinity, Infinity]
  const max: [number, number, number] = [-Infinity, -Infinity, -Infinity]
  await visit(sets, selection, (set, index, depth, cell) => {
    if (limits && depth > limits.get(cell)!) return
    const { positions, rows: own, origin } = sets[set]!
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
