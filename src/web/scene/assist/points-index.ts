// Points of a frame in a grid over the ground, so that a question about a place looks at its neighbourhood only.
import { type Cuboid, createCuboidTest, listCorners } from '../../../formats/geometry3d/cuboid'

export type PointsIndex = {
  readonly count: number
  /** Points (x, y, z one after another) of the cells that touch a rectangle. */
  collect: (minX: number, minY: number, maxX: number, maxY: number) => Float32Array
  countIn: (cuboid: Cuboid) => number
}

/** Cells are as wide as this (metres), or wider where the cloud is very large. */
const cellSize = 1
const maxCells = 1_000_000

/** Points this near to a face (metres) count as inside: those of a surface lie on the faces of a cuboid that fits. */
export const onSurface = 0.005

/** The ground that a cuboid covers, grown by `margin`. */
export const boundAbove = (cuboid: Cuboid, margin = 0): [minX: number, minY: number, maxX: number, maxY: number] => {
  const corners = listCorners(cuboid)
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)]
  return [Math.min(...xs) - margin, Math.min(...ys) - margin, Math.max(...xs) + margin, Math.max(...ys) + margin]
}

/** Points that are not finite are left out. */
export const indexPoints = (positions: Float32Array): PointsIndex => {
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity]
  const usable: number[] | null = positions.some((value) => !Number.isFinite(value)) ? [] : null
  const total = Math.floor(positions.length / 3)
  for (let i = 0; i < total; i++) {
    const [x, y, z] = [positions[i * 3]!, positions[i * 3 + 1]!, positions[i * 3 + 2]!]
    if (usable) {
      if (!Number.isFinite(x + y + z)) continue
      usable.push(i)
    }
    if (x < left) left = x
    if (x > right) right = x
    if (y < low) low = y
    if (y > high) high = y
  }
  const count = usable?.length ?? total
  if (count === 0) return { count: 0, collect: () => new Float32Array(0), countIn: () => 0 }
  const cell = Math.max(cellSize, Math.sqrt(((right - left) * (high - low)) / maxCells), (right - left + high - low) / maxCells)
  const [columns, rows] = [Math.floor((right - left) / cell) + 1, Math.floor((high - low) / cell) + 1]
  const cellOf = (i: number) =>
    Math.floor((positions[i * 3 + 1]! - low) / cell) * columns + Math.floor((positions[i * 3]! - left) / cell)
  const starts = new Uint32Array(columns * rows + 1)
  const each = (run: (i: number) => void) => {
    for (let at = 0; at < count; at++) run(usable ? usable[at]! : at)
  }
  each((i) => {
    starts[cellOf(i) + 1]!++
  })
  for (let at = 1; at < starts.length; at++) starts[at]! += starts[at - 1]!
  const sorted = new Float32Array(count * 3)
  const next = starts.slice(0, -1)
  each((i) => {
    const at = next[cellOf(i)]!++ * 3
    for (let axis = 0; axis < 3; axis++) sorted[at + axis] = positions[i * 3 + axis]!
  })
  const collect: PointsIndex['collect'] = (minX, minY, maxX, maxY) => {
    const clamp = (value: number, most: number) => Math.max(0, Math.min(most - 1, Math.floor(value)))
    const [from, to] = [clamp((minX - left) / cell, columns), clamp((maxX - left) / cell, columns)]
    const [first, last] = [clamp((minY - low) / cell, rows), clamp((maxY - low) / cell, rows)]
    if (maxX < left || minX > right || maxY < low || minY > high) return new Float32Array(0)
    const parts: Float32Array[] = []
    for (let row = first; row <= last; row++)
      parts.push(sorted.subarray(starts[row * columns + from]! * 3, starts[row * columns + to + 1]! * 3))
    const found = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
    let at = 0
    for (const part of parts) {
      found.set(part, at)
      at += part.length
    }
    return found
  }
  return {
    count,
    collect,
    countIn: (cuboid) => {
      const near = collect(...boundAbove(cuboid, onSurface))
      const isIn = createCuboidTest(cuboid, onSurface)
      let inside = 0
      for (let i = 0; i < near.length; i += 3) if (isIn(near[i]!, near[i + 1]!, near[i + 2]!)) inside++
      return inside
    },
  }
}
