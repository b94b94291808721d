// Rows of segments and shapes in the database: read by frames, replaced frame by frame, shapes put by their names.
import { and, asc, between, eq, inArray, type SQL, sql } from 'drizzle-orm'
import { countRunSet } from '../../formats/geometry/run-sets'
import { isAmong } from '../db/dialect'
import type { Db, Tx } from '../db/open'
import { packRuns, unpackRuns } from './pack-runs'
import type { FrameShapes, Segment, ShapeRow } from './rows'
import { cloudRevisions, cloudSegments, cloudShapes } from './schema'

export type FrameRange = { from: number; to: number }

const on = (table: typeof cloudSegments | typeof cloudShapes, jobId: number, range?: FrameRange): SQL | undefined =>
  and(eq(table.jobId, jobId), range && between(table.frame, range.from, range.to))

export const selectSegments = (from: Db, jobId: number, range?: FrameRange) =>
  from
    .select()
    .from(cloudSegments)
    .where(on(cloudSegments, jobId, range))
    .orderBy(asc(cloudSegments.frame), asc(cloudSegments.labelId), asc(cloudSegments.instance))

export const selectShapes = (from: Db, jobId: number, range?: FrameRange) =>
  from
    .select()
    .from(cloudShapes)
    .where(on(cloudShapes, jobId, range))
    .orderBy(asc(cloudShapes.frame), asc(cloudShapes.id))

export const toSegment = ({ labelId, instance, runs }: typeof cloudSegments.$inferSelect): Segment => ({
  labelId,
  instance,
  rows: unpackRuns(runs),
})

export const toShape = ({ jobId: _, ...row }: typeof cloudShapes.$inferSelect): ShapeRow => ({
  ...row,
  points: JSON.parse(row.points),
  attributes: JSON.parse(row.attributes),
})

/** Everything on one frame of a job. */
export const loadFrame = async (from: Db, jobId: number, frame: number): Promise<FrameShapes> => {
  const range = { from: frame, to: frame }
  const segments = await selectSegments(from, jobId, range)
  const shapes = await selectShapes(from, jobId, range)
  return { frame, segments: segments.map(toSegment), shapes: shapes.map(toShape) }
}

/** Frames of some jobs that have something, ascending. */
export const listFrames = async (from: Db, jobIds: number[]): Promise<number[]> => {
  const frames = new Set<number>()
  for (const table of [cloudSegments, cloudShapes] as const)
    for (const { frame } of await from
      .selectDistinct({ frame: table.frame })
      .from(table)
      .where(isAmong(table.jobId as any, jobIds)))
      frames.add(frame)
  return [...frames].sort((a, b) => a - b)
}

/** Segments of one frame in the place of those that are there. */
export const replaceSegments = async (t: Tx, jobId: number, frame: number, segments: readonly Segment[]): Promise<void> => {
  await t.delete(cloudSegments).where(on(cloudSegments, jobId, { from: frame, to: frame }))
  const rows = segments.map(({ labelId, instance, rows }) => {
    return { jobId, frame, labelId, instance, points: countRunSet(rows), runs: packRuns(rows) }
  })
  for (let from = 0; from < rows.length; from += rowsPerInsert)
    await t.insert(cloudSegments).values(rows.slice(from, from + rowsPerInsert))
}
const rowsPerInsert = 1000

/** Shapes that the job has under the same names are changed, the others made. */
export const putShapes = async (t: Tx, jobId: number, shapes: readonly ShapeRow[]): Promise<void> => {
  const uids = shapes.map(({ uid }) => uid)
  const known = new Set<string>()
  for (let from = 0; from < uids.length; from += rowsPerInsert) {
    const named = inArray(cloudShapes.uid, uids.slice(from, from + rowsPerInsert))
    const found = t.select({ uid: cloudShapes.uid }).from(cloudShapes)
    for (const { uid } of await found.where(and(eq(cloudShapes.jobId, jobId), named))) known.add(uid)
  }
  const values = (row: ShapeRow) => ({
    frame: row.frame,
    labelId: row.labelId,
    type: row.type,
    points: JSON.stringify(row.points),
    attributes: JSON.stringify(row.attributes),
  })
  for (const row of shapes)
    if (known.has(row.uid))
      await t
        .update(cloudShapes)
        .set(values(row))
        .where(and(eq(cloudShapes.jobId, jobId), eq(cloudShapes.uid, row.uid)))
  const fresh = shapes.filter(({ uid }) => !known.has(uid)).map((row) => ({ jobId, uid: row.uid, ...values(row) }))
  for (let from = 0; from < fresh.length; from += rowsPerInsert)
    await t.insert(cloudShapes).values(fresh.slice(from, from + rowsPerInsert))
}

/** Names that are not there are passed over. */
export const removeShapes = async (t: Tx, jobId: number, uids: readonly string[]): Promise<void> => {
  for (let from = 0; from < uids.length; from += rowsPerInsert) {
    const named = inArray(cloudShapes.uid, uids.slice(from, from + rowsPerInsert))
    await t.delete(cloudShapes).where(and(eq(cloudShapes.jobId, jobId), named))
  }
}

/** Everything of a job, or of some of its frames. */
export const clearShapes = async (t: Tx, jobId: number, frames?: readonly number[]): Promise<void> => {
  for (const table of [cloudSegments, cloudShapes] as const)
    await t.delete(table).where(and(eq(table.jobId, jobId), frames && isAmong(table.frame as any, frames)))
}

/** The revision of a job; saves of the same job wait for one another from here on. */
export const lockRevision = async (t: Tx, jobId: number): Promise<number> => {
  await t.insert(cloudRevisions).values({ jobId }).onConflictDoNothing()
  const [row] = await t
    .update(cloudRevisions)
    .set({ revision: sql`${cloudRevisions.revision}` })
    .where(eq(cloudRevisions.jobId, jobId))
    .returning({ revision: cloudRevisions.revision })
  return row!.revision
}

export const readRevision = async (from: Db, jobId: number): Promise<number> => {
  const [row] = await from.select().from(cloudRevisions).where(eq(cloudRevisions.jobId, jobId))
  return row?.revision ?? 0
}

export const setRevision = async (t: Tx, jobId: number, revision: number): Promise<void> => {
  await t.update(cloudRevisions).set({ revision }).where(eq(cloudRevisions.jobId, jobId))
}
