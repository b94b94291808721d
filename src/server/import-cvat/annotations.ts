// Tags, shapes and tracks out of a dump.
import { shapes, tags, trackShapes, tracks } from '../annotations/schema'
import { attributeKeys } from '../annotations/service'
import { type Dump, type DumpRow, groupByField } from './dump'
import { parentsFirst, rowsOf, type TableRows } from './rows'

/** Numbers apart by commas, as CVAT stores them (whole, or with any fraction it was given); maybe in brackets. */
const numbers = /^\s*\[?\s*(-?\d+(\.\d+)?(e[+-]?\d+)?\s*(,\s*-?\d+(\.\d+)?(e[+-]?\d+)?\s*)*)?\]?\s*$/i

/** Points as JSON text; undefined when they are damaged. */
export const readPoints = (text: string): string | undefined =>
  numbers.test(text) ? `[${text.replace(/[\s[\]]/g, '')}]` : undefined

/** JSON text of the attribute values of each row of a model, by its id. */
const readAttributes = (dump: Dump, model: string, field: string): ((id: number) => string) => {
  const values = groupByField(dump.take(model), field)
  return (id) => {
    const own = values.get(id)
    if (!own) return '[]'
    return JSON.stringify(
      own
        .map(({ fields }) => ({ spec_id: fields.spec as number, value: String(fields.value) }))
        .sort((a, b) => a.spec_id - b.spec_id),
    )
  }
}

const readCommon = ({ id, fields }: DumpRow) => ({
  id,
  jobId: fields.job as number,
  labelId: fields.label as number,
  frame: fields.frame as number,
  group: (fields.group ?? 0) as number,
  source: (fields.source ?? 'manual') as string,
})

const readBody = ({ fields }: DumpRow) => ({
  type: fields.type as string,
  occluded: fields.occluded as boolean,
  outside: (fields.outside ?? false) as boolean,
  zOrder: fields.z_order as number,
  rotation: (fields.rotation ?? 0) as number,
})

/** Rows with points; those whose points are damaged are left out and noted. */
const withPoints = <T>(dump: Dump, model: string, read: (row: DumpRow, points: string) => T): T[] => {
  const all = dump.take(model)
  const rows = all.flatMap((row) => {
    const points = readPoints(String(row.fields.points ?? ''))
    return points === undefined ? [] : [read(row, points)]
  })
  dump.leaveOut(model, all.length - rows.length, 'its points are damaged')
  return rows
}

export const readAnnotations = (dump: Dump): TableRows[] => {
  const ofTag = readAttributes(dump, 'engine.labeledimageattributeval', 'image')
  const ofShape = readAttributes(dump, 'engine.labeledshapeattributeval', 'shape')
  const ofTrack = readAttributes(dump, 'engine.labeledtrackattributeval', 'track')
  const ofKey = readAttributes(dump, 'engine.trackedshapeattributeval', 'shape')
  const tagRows = dump.take('engine.labeledimage').map((row) => ({ ...readCommon(row), attributes: ofTag(row.id) }))
  const shapeRows = withPoints(dump, 'engine.labeledshape', (row, points) => ({
    ...readCommon(row),
    ...readBody(row),
    points,
    attributes: ofShape(row.id),
    attributeKeys: attributeKeys(ofShape(row.id)),
    score: (row.fields.score ?? 1) as number,
    parentId: (row.fields.parent ?? null) as number | null,
  }))
  const trackRows = dump.take('engine.labeledtrack').map((row) => ({
    ...readCommon(row),
    attributes: ofTrack(row.id),
    parentId: (row.fields.parent ?? null) as number | null,
  }))
  const keyRows = withPoints(dump, 'engine.trackedshape', (row, points) => ({
    id: row.id,
    trackId: row.fields.track as number,
    frame: row.fields.frame as number,
    ...readBody(row),
    points,
    attributes: ofKey(row.id),
  }))
  return [
    rowsOf(tags, tagRows),
    rowsOf(
      shapes,
      parentsFirst(shapeRows, (row) => row.parentId),
    ),
    rowsOf(
      tracks,
      parentsFirst(trackRows, (row) => row.parentId),
    ),
    rowsOf(trackShapes, keyRows),
  ]
}
