// How much is annotated: per label, shapes and tracks of each kind, tags, and places that were set by hand or interpolated.
import { shapeTypes } from '../../../formats/model'
import type { Document } from '../document/document'
import { shapeTypeOf } from '../document/object'
import { placeTrack } from '../document/place'

export const kinds = shapeTypes

export type Row = Record<string, number>

/** Columns of the table, in order: `<kind>-shapes`, `<kind>-tracks`, then the sums. */
export const columns: readonly string[] = [
  ...kinds.flatMap((kind) => (kind === 'mask' ? ['mask-shapes'] : [`${kind}-shapes`, `${kind}-tracks`])),
  'tags',
  'manual',
  'interpolated',
  'total',
]

const emptyRow = (): Row => Object.fromEntries(columns.map((column) => [column, 0]))

const addTo = (row: Row, column: string, count = 1): void => {
  row[column] = (row[column] ?? 0) + count
}

/** Rows by label id. Deleted frames do not count, nor do places outside. */
export const countObjects = (
  document: Document,
  labelIds: Iterable<number>,
  frames: readonly number[],
): { rows: Map<number, Row>; sum: Row } => {
  const rows = new Map([...labelIds].map((id) => [id, emptyRow()]))
  const counted = new Set(frames)
  for (const object of document.objects.values()) {
    const row = rows.get(object.data.label_id)
    if (!row) continue
    if (object.kind === 'track') {
      const type = shapeTypeOf(object)
      const keys = object.data.shapes.filter((shape) => counted.has(shape.frame))
      if (keys.length === 0) continue
      addTo(row, `${type}-tracks`)
      const keyFrames = new Set(keys.map((shape) => shape.frame))
      const last = frames.at(-1)!
      for (const frame of frames) {
        if (frame < object.data.frame || frame > last) continue
        const placed = placeTrack(object.data, frame)
        if (!placed || placed.body.outside) continue
        addTo(row, keyFrames.has(frame) ? 'manual' : 'interpolated')
        addTo(row, 'total')
      }
      continue
    }
    if (!counted.has(object.data.frame)) continue
    addTo(row, object.kind === 'tag' ? 'tags' : `${object.data.type}-shapes`)
    addTo(row, 'manual')
    addTo(row, 'total')
  }
  const sum = emptyRow()
  for (const row of rows.values()) for (const column of columns) addTo(sum, column, row[column])
  return { rows, sum }
}
