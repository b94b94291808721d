// Turns pictures of numbers or colours into masks, and masks into the shapes that an import stores.

import type { Finding } from './format'
import { FormatError } from './format-error'
import { cropMask, encodeMask, type Mask } from './geometry/mask'
import { tracePolygons } from './geometry/outline'
import { createFoundShape, type NamedValues, renumberGroups } from './imported-shapes'
import type { Label, Shape } from './model'

/** More objects than this on one picture are taken for noise. */
const maxValues = 10_000

/** The mask of every number other than zero, numbers ascending, one at a time. Throws FormatError for a picture of noise. */
export function* splitByValue(values: ArrayLike<number>, width: number, file: string): Generator<{ value: number; mask: Mask }> {
  const runs = new Map<number, number[]>()
  for (let start = 0; start < values.length; ) {
    const value = values[start]!
    const rowEnd = start - (start % width) + width
    let end = start + 1
    while (end < rowEnd && values[end] === value) end++
    if (value !== 0) {
      const known = runs.get(value)
      if (known) known.push(start, end)
      else runs.set(value, [start, end])
      if (runs.size > maxValues) throw new FormatError(`The picture holds more than ${maxValues} objects`, { file })
    }
    start = end
  }
  for (const [value, list] of [...runs].sort(([a], [b]) => a - b)) yield { value, mask: drawRuns(list, width) }
}

/** Draws pairs of start and end, which lie on one row each. */
function drawRuns(runs: readonly number[], width: number): Mask {
  const top = Math.floor(runs[0]! / width)
  const bottom = Math.floor(runs.at(-2)! / width)
  let [left, right] = [width, 0]
  for (let at = 0; at < runs.length; at += 2) {
    const column = runs[at]! % width
    left = Math.min(left, column)
    right = Math.max(right, column + runs[at + 1]! - runs[at]!)
  }
  const mask: Mask = {
    left,
    top,
    width: right - left,
    height: bottom - top + 1,
    data: new Uint8Array((right - left) * (bottom - top + 1)),
  }
  for (let at = 0; at < runs.length; at += 2) {
    const row = Math.floor(runs[at]! / width) - top
    const start = row * mask.width + (runs[at]! % width) - left
    mask.data.fill(1, start, start + runs[at + 1]! - runs[at]!)
  }
  return mask
}

/** The marked pixels of a whole picture as a mask; nothing when there are none. */
export function cropPixels(data: Uint8Array, width: number): Mask | undefined {
  return cropMask({ left: 0, top: 0, width, height: data.length / width, data })
}

type MaskShapeOptions = {
  frame: number
  label: Label
  masksToPolygons: boolean
  /** Number that the parts of the mask share. */
  group: number
  occluded?: boolean
  values?: NamedValues
}

/** A mask as one mask, or as the polygons of its regions. */
export function createMaskShapes(mask: Mask, options: MaskShapeOptions): Shape[] {
  const { frame, label, masksToPolygons, group, occluded = false, values = new Map() } = options
  if (masksToPolygons) {
    return tracePolygons(mask).map((points) => createFoundShape(label, { frame }, 'polygon', points, { group, occluded, values }))
  }
  const points = encodeMask(mask)
  return points ? [createFoundShape(label, { frame }, 'mask', points, { group, occluded, values })] : []
}

/** The shapes of one frame as findings, with their groups in order. */
export function* yieldShapes(shapes: readonly Shape[]): Generator<Finding> {
  const groups = renumberGroups(shapes.map(({ group }) => group))
  for (const [at, shape] of shapes.entries()) yield { kind: 'shape', shape: { ...shape, group: groups[at]! } }
}
