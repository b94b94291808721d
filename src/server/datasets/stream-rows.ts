// Annotations of jobs as formats see them, read from the database a few thousand rows at a time.
import { and, asc, between, count, inArray } from 'drizzle-orm'
import type { Shape, Tag, Track } from '../../formats/model'
import { shapes, tags } from '../annotations/schema'
import { type Completer, loadShapes, loadTags, type ShapeJson, type TagJson, type TrackJson } from '../annotations/service'
import { db } from '../db/open'

const parse = <T>(text: string): T => JSON.parse(text) as T
const toShape = (row: ShapeJson, complete: Completer): Shape => ({
  ...(row as unknown as Shape),
  label_id: row.labelId,
  z_order: row.zOrder,
  points: parse(row.points),
  attributes: parse(complete(row)),
  elements: row.elements.map((element) => toShape(element, complete)),
})
const toTag = (row: TagJson, complete: Completer): Tag => ({
  ...(row as unknown as Tag),
  label_id: row.labelId,
  attributes: parse(complete(row)),
})
export const toTrack = (row: TrackJson, complete: Completer): Track => ({
  ...(row as unknown as Track),
  label_id: row.labelId,
  attributes: parse(complete(row, 'immutable')),
  shapes: row.shapes.map((key) => ({
    ...key,
    type: key.type as Shape['type'],
    z_order: key.zOrder,
    points: parse(key.points),
    attributes: parse(complete({ labelId: row.labelId, attributes: key.attributes }, 'mutable')),
  })),
  elements: row.elements.map((element) => toTrack(element, complete)),
})

/** Rows that are held in memory at a time; a single frame may have more. */
const rowsAtOnce = 4000

type Range = [first: number, last: number]

/** Ranges of frames that hold about `rowsAtOnce` rows each. */
const listRanges = async (
  table: typeof shapes | typeof tags,
  jobIds: number[],
  first: number,
  last: number,
): Promise<Range[]> => {
  if (!jobIds.length) return []
  const counts = await db
    .select({ frame: table.frame, rows: count() })
    .from(table as typeof shapes)
    .where(and(inArray(table.jobId, jobIds), between(table.frame, first, last)))
    .groupBy(table.frame)
    .orderBy(asc(table.frame))
  const ranges: Range[] = []
  let rowsOfRange = Number.POSITIVE_INFINITY
  for (const { frame, rows } of counts) {
    if (rowsOfRange + rows > rowsAtOnce) {
      ranges.push([frame, frame])
      rowsOfRange = 0
    }
    ranges.at(-1)![1] = frame
    rowsOfRange += rows
  }
  return ranges
}

/** By frame; on a frame in the order of creation. */
export async function* streamShapes(jobIds: number[], first: number, last: number, complete: Completer): AsyncGenerator<Shape> {
  for (const [from, to] of await listRanges(shapes, jobIds, first, last)) {
    const rows = await loadShapes(db, jobIds, between(shapes.frame, from, to))
    rows.sort((a, b) => a.frame - b.frame)
    for (const row of rows) yield toShape(row, complete)
  }
}

/** By frame; on a frame in the order of creation. */
export async function* streamTags(jobIds: number[], first: number, last: number, complete: Completer): AsyncGenerator<Tag> {
  for (const [from, to] of await listRanges(tags, jobIds, first, last)) {
    const rows = await loadTags(db, jobIds, between(tags.frame, from, to))
    rows.sort((a, b) => a.frame - b.frame)
    for (const row of rows) yield toTag(row, complete)
  }
}
