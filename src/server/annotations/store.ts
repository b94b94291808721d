// Annotation rows in the database: read whole, inserted in bulk, changed in place, deleted.
import { and, asc, eq, inArray, isNull, type SQL } from 'drizzle-orm'
import { isAmong } from '../db/dialect'
import { type Db, insertRows, type Tx } from '../db/open'
import { notFound } from '../http/errors'
import { shapes, tags, trackShapes, tracks } from './schema'
import type { KeyRow, Rows, ShapeRow, TrackRow } from './validate'
import type { AnnotationsJson, ShapeJson, TagJson, TrackJson } from './write-json'

const groupBy = <T, K>(rows: T[], key: (row: T) => K): Map<K, T[]> => {
  const groups = new Map<K, T[]>()
  for (const row of rows) {
    const group = groups.get(key(row))
    if (group) group.push(row)
    else groups.set(key(row), [row])
  }
  return groups
}

type Parented = { id: number; parentId: number | null }
/** Hangs elements below their parents and answers the parents. */
const nest = <T extends Parented>(rows: T[]): (T & { elements: (T & { elements: never[] })[] })[] => {
  const children = groupBy(
    rows.filter((row) => row.parentId !== null),
    (row) => row.parentId,
  )
  return rows
    .filter((row) => row.parentId === null)
    .map((row) => ({ ...row, elements: (children.get(row.id) ?? []).map((child) => ({ ...child, elements: [] as never[] })) }))
}

/** Shapes of some jobs, elements nested, in order of creation; `only` narrows them, for example to a range of frames. */
export const loadShapes = async (from: Db, jobIds: number[], only?: SQL): Promise<(ShapeJson & { jobId: number })[]> =>
  nest(
    await from
      .select()
      .from(shapes)
      .where(and(inArray(shapes.jobId, jobIds), only))
      .orderBy(asc(shapes.id)),
  )

export const loadTags = (from: Db, jobIds: number[], only?: SQL): Promise<TagJson[]> =>
  from
    .select()
    .from(tags)
    .where(and(inArray(tags.jobId, jobIds), only))
    .orderBy(asc(tags.id))

export const loadTracks = async (from: Db, jobIds: number[]): Promise<(TrackJson & { jobId: number })[]> => {
  const rows = await from.select().from(tracks).where(inArray(tracks.jobId, jobIds)).orderBy(asc(tracks.id))
  if (!rows.length) return []
  const keys = await from
    .select()
    .from(trackShapes)
    .where(
      isAmong(
        trackShapes.trackId as any,
        rows.map((row) => row.id),
      ),
    )
    .orderBy(asc(trackShapes.frame), asc(trackShapes.id))
  const byTrack = groupBy(keys, (key) => key.trackId)
  return nest(rows.map((row) => ({ ...row, shapes: byTrack.get(row.id) ?? [] })))
}

export const loadAll = async (from: Db, jobIds: number[]): Promise<AnnotationsJson> =>
  jobIds.length
    ? { tags: await loadTags(from, jobIds), shapes: await loadShapes(from, jobIds), tracks: await loadTracks(from, jobIds) }
    : { tags: [], shapes: [], tracks: [] }

const insertShapes = async (t: Tx, jobId: number, rows: ShapeRow[], parentIds: (number | null)[]) => {
  const ids = await insertRows(
    t,
    shapes as any,
    rows.map(({ id: _, elements: __, ...row }, i) => ({ ...row, jobId, parentId: parentIds[i] })),
  )
  rows.forEach((row, i) => {
    row.id = ids[i]
  })
  const elements = rows.flatMap((row) => row.elements.map((element) => ({ element, parent: row.id! })))
  if (elements.length)
    await insertShapes(
      t,
      jobId,
      elements.map(({ element }) => element),
      elements.map(({ parent }) => parent),
    )
}

const insertKeys = async (t: Tx, rows: { track: number; key: KeyRow }[]) => {
  const ids = await insertRows(
    t,
    trackShapes as any,
    rows.map(({ track, key: { id: _, ...key } }) => ({ ...key, trackId: track })),
  )
  rows.forEach(({ key }, i) => {
    key.id = ids[i]
  })
}

const insertTracks = async (t: Tx, jobId: number, rows: TrackRow[], parentIds: (number | null)[]) => {
  const ids = await insertRows(
    t,
    tracks as any,
    rows.map(({ id: _, elements: __, shapes: ___, ...row }, i) => ({ ...row, jobId, parentId: parentIds[i] })),
  )
  rows.forEach((row, i) => {
    row.id = ids[i]
  })
  await insertKeys(
    t,
    rows.flatMap((row) => row.shapes.map((key) => ({ track: row.id!, key }))),
  )
  const elements = rows.flatMap((row) => row.elements.map((element) => ({ element, parent: row.id! })))
  if (elements.length)
    await insertTracks(
      t,
      jobId,
      elements.map(({ element }) => element),
      elements.map(({ parent }) => parent),
    )
}

/** Inserts everything and writes the new ids into the rows. */
export const insertAll = async (t: Tx, jobId: number, rows: Rows) => {
  const none = (list: unknown[]) => list.map(() => null)
  const tagIds = await insertRows(
    t,
    tags as any,
    rows.tags.map(({ id: _, ...row }) => ({ ...row, jobId })),
  )
  rows.tags.forEach((row, i) => {
    row.id = tagIds[i]
  })
  await insertShapes(t, jobId, rows.shapes, none(rows.shapes))
  await insertTracks(t, jobId, rows.tracks, none(rows.tracks))
}

const requireAll = (what: string, there: { id: number }[], rows: { id?: number }[]) => {
  const known = new Set(there.map(({ id }) => id))
  for (const { id } of rows)
    if (id === undefined || !known.has(id)) throw notFound(`There is no ${what} with id ${id} in this job.`)
}

/** Changes rows by id; elements and key frames are replaced. 404 for an id that is not of this job. */
export const updateAll = async (t: Tx, jobId: number, rows: Rows) => {
  const idsOf = (list: { id?: number }[]) => list.map((row) => row.id ?? -1)
  if (rows.tags.length) {
    requireAll(
      'tag',
      await t
        .select({ id: tags.id })
        .from(tags)
        .where(and(eq(tags.jobId, jobId), isAmong(tags.id as any, idsOf(rows.tags)))),
      rows.tags,
    )
    for (const { id, ...row } of rows.tags) await t.update(tags).set(row).where(eq(tags.id, id!))
  }
  if (rows.shapes.length) {
    const own = and(eq(shapes.jobId, jobId), isNull(shapes.parentId), isAmong(shapes.id as any, idsOf(rows.shapes)))
    requireAll('shape', await t.select({ id: shapes.id }).from(shapes).where(own), rows.shapes)
    await t.delete(shapes).where(isAmong(shapes.parentId as any, idsOf(rows.shapes)))
    for (const { id, elements: _, ...row } of rows.shapes) await t.update(shapes).set(row).where(eq(shapes.id, id!))
    const elements = rows.shapes.flatMap((row) => row.elements.map((element) => ({ element, parent: row.id! })))
    if (elements.length)
      await insertShapes(
        t,
        jobId,
        elements.map(({ element }) => element),
        elements.map(({ parent }) => parent),
      )
  }
  if (rows.tracks.length) {
    const ids = idsOf(rows.tracks)
    const own = and(eq(tracks.jobId, jobId), isNull(tracks.parentId), isAmong(tracks.id as any, ids))
    requireAll('track', await t.select({ id: tracks.id }).from(tracks).where(own), rows.tracks)
    await t.delete(tracks).where(isAmong(tracks.parentId as any, ids))
    await t.delete(trackShapes).where(isAmong(trackShapes.trackId as any, ids))
    for (const { id, elements: _, shapes: __, ...row } of rows.tracks) await t.update(tracks).set(row).where(eq(tracks.id, id!))
    await insertKeys(
      t,
      rows.tracks.flatMap((row) => row.shapes.map((key) => ({ track: row.id!, key }))),
    )
    const elements = rows.tracks.flatMap((row) => row.elements.map((element) => ({ element, parent: row.id! })))
    if (elements.length)
      await insertTracks(
        t,
        jobId,
        elements.map(({ element }) => element),
        elements.map(({ parent }) => parent),
      )
  }
}

type Ids = { tags: number[]; shapes: number[]; tracks: number[] }

/** Deletes by id within a job; ids that are not there are ignored, as a repeated delete must not fail. */
export const deleteByIds = async (t: Tx, jobId: number, ids: Ids) => {
  if (ids.tags.length) await t.delete(tags).where(and(eq(tags.jobId, jobId), isAmong(tags.id as any, ids.tags)))
  if (ids.shapes.length) await t.delete(shapes).where(and(eq(shapes.jobId, jobId), isAmong(shapes.id as any, ids.shapes)))
  if (ids.tracks.length) await t.delete(tracks).where(and(eq(tracks.jobId, jobId), isAmong(tracks.id as any, ids.tracks)))
}

export const deleteAll = async (t: Tx, jobId: number) => {
  for (const table of [tags, shapes, tracks] as (typeof tags)[]) await t.delete(table).where(eq(table.jobId, jobId))
}

/** Which job of a task each id belongs to, for changes that come for the whole task. */
export const findJobsOfIds = async (
  from: Db,
  jobIds: number[],
  kind: 'tags' | 'shapes' | 'tracks',
  ids: number[],
): Promise<Map<number, number>> => {
  const table = { tags, shapes, tracks }[kind] as typeof tags
  if (!ids.length) return new Map()
  const rows = await from
    .select({ id: table.id, jobId: table.jobId })
    .from(table)
    .where(and(inArray(table.jobId, jobIds), isAmong(table.id as any, ids)))
  return new Map(rows.map((row) => [row.id, row.jobId]))
}
