// Annotation rows in the database: read whole or by id, inserted in bulk, deleted.
import { and, eq, inArray, type SQL, sql } from 'drizzle-orm'
import { isAmong } from '../db/dialect'
import { type Db, insertRows, readRows, type Tx } from '../db/open'
import { attributeKeys } from './attribute-keys'
import { measureSize } from './measure-size'
import type { Ids, KeyRow, Kind, Rows, ShapeRow, Stored, StoredRows, TagRow, TrackRow } from './rows'
import { shapes, tags, trackShapes, tracks } from './schema'

type Nested<T> = T & { elements: Nested<T>[] }
/** Hangs elements below their parents and answers the parents. The rows themselves are changed: there may be very many. */
const nest = <T extends { id: number; parentId: number | null }>(rows: T[]): Nested<T>[] => {
  const parents: Nested<T>[] = []
  const children: Nested<T>[] = []
  for (const row of rows as Nested<T>[]) {
    row.elements = []
    ;(row.parentId === null ? parents : children).push(row)
  }
  if (!children.length) return parents
  const byId = new Map(parents.map((row) => [row.id, row]))
  for (const row of children) byId.get(row.parentId!)?.elements.push(row)
  return parents
}

const readShapes = async (from: Db, where: SQL | undefined): Promise<Stored<ShapeRow>[]> =>
  nest(await readRows(from, shapes, where, [shapes.id]))

const readTags = async (from: Db, where: SQL | undefined): Promise<Stored<TagRow>[]> => readRows(from, tags, where, [tags.id])

const readTracks = async (from: Db, where: SQL | undefined): Promise<Stored<TrackRow>[]> => {
  const rows = await readRows(from, tracks, where, [tracks.id])
  if (!rows.length) return []
  const ids = rows.map((row) => row.id)
  const keys = await readRows(from, trackShapes, isAmong(trackShapes.trackId as any, ids), [trackShapes.frame, trackShapes.id])
  const byTrack = Map.groupBy(keys, (key) => key.trackId)
  return nest(rows.map((row) => ({ ...row, shapes: (byTrack.get(row.id) ?? []) as KeyRow[] })))
}

/** Shapes of some jobs, elements nested, in order of creation; `only` narrows them, for example to a range of frames. */
export const loadShapes = (from: Db, jobIds: number[], only?: SQL) => readShapes(from, and(inArray(shapes.jobId, jobIds), only))

export const loadTags = (from: Db, jobIds: number[], only?: SQL) => readTags(from, and(inArray(tags.jobId, jobIds), only))

/** Tracks of some jobs, key frames in order. */
export const loadTracks = (from: Db, jobIds: number[], only?: SQL) => readTracks(from, and(inArray(tracks.jobId, jobIds), only))

export const loadAll = async (from: Db, jobIds: number[]): Promise<StoredRows> =>
  jobIds.length
    ? { tags: await loadTags(from, jobIds), shapes: await loadShapes(from, jobIds), tracks: await loadTracks(from, jobIds) }
    : { tags: [], shapes: [], tracks: [] }

const tables = { tags, shapes, tracks } as unknown as Record<Kind, typeof tags>

/** Looks rows up by id; the sign keeps the database from going through the whole job instead. */
const ofJob = (kind: Kind, jobId: number) => sql`+${tables[kind].jobId} = ${jobId}`

/** The objects with these ids that the job has; ids of elements find nothing. */
export const loadByIds = async (from: Db, jobId: number, ids: Ids): Promise<StoredRows> => {
  const families = async (table: typeof shapes | typeof tracks, kind: Kind) => {
    if (!ids[kind].length) return []
    const own = await from
      .select({ id: table.id })
      .from(table)
      .where(and(isAmong(table.id as any, ids[kind]), ofJob(kind, jobId), sql`${table.parentId} is null`))
    const children = await from
      .select({ id: table.id })
      .from(table)
      .where(
        isAmong(
          table.parentId as any,
          own.map(({ id }) => id),
        ),
      )
    return [...own, ...children].map(({ id }) => id)
  }
  const [shapeIds, trackIds] = [await families(shapes, 'shapes'), await families(tracks, 'tracks')]
  return {
    tags: ids.tags.length ? await readTags(from, and(isAmong(tags.id as any, ids.tags), ofJob('tags', jobId))) : [],
    shapes: shapeIds.length ? await readShapes(from, isAmong(shapes.id as any, shapeIds)) : [],
    tracks: trackIds.length ? await readTracks(from, isAmong(tracks.id as any, trackIds)) : [],
  }
}

type Row = Record<string, unknown>
/** Inserts rows under their own ids or new ones, which are written into them. */
const insertList = async <T extends { id?: number }>(t: Tx, table: unknown, rows: T[], toRow: (row: T, at: number) => Row) => {
  const ids = await insertRows(
    t,
    table as any,
    rows.map(toRow),
    rows.map(({ id }) => id),
  )
  rows.forEach((row, i) => {
    row.id = ids[i]!
  })
}

type Family<T> = { id?: number; elements: T[] }
/** Inserts objects and then what they are made of. */
const insertFamilies = async <T extends Family<T>>(
  rows: T[],
  parentIds: (number | null)[],
  insert: (rows: T[], parentIds: (number | null)[]) => Promise<void>,
): Promise<void> => {
  await insert(rows, parentIds)
  const elements = rows.flatMap((row) => row.elements.map((element) => ({ element, parent: row.id! })))
  if (!elements.length) return
  await insertFamilies(
    elements.map(({ element }) => element),
    elements.map(({ parent }) => parent),
    insert,
  )
}

const insertShapes = (t: Tx, jobId: number) => (rows: ShapeRow[], parentIds: (number | null)[]) =>
  insertList(t, shapes, rows, (row, i) => ({
    jobId,
    labelId: row.labelId,
    frame: row.frame,
    group: row.group,
    source: row.source,
    attributes: row.attributes,
    type: row.type,
    occluded: row.occluded,
    outside: row.outside,
    zOrder: row.zOrder,
    rotation: row.rotation,
    points: row.points,
    ...(row.size ?? measureSize(row)),
    score: row.score,
    attributeKeys: attributeKeys(row.attributes),
    parentId: parentIds[i],
  }))

/** A key frame of a skeleton with what its elements are on the same frame. */
const withElements = ({ elements }: TrackRow, key: KeyRow) =>
  key.type === 'skeleton'
    ? { ...key, elements: elements.flatMap(({ shapes }) => shapes.find(({ frame }) => frame === key.frame) ?? []) }
    : key

const insertTracks = (t: Tx, jobId: number) => async (rows: TrackRow[], parentIds: (number | null)[]) => {
  await insertList(t, tracks, rows, ({ labelId, frame, group, source, attributes }, i) => {
    return { jobId, labelId, frame, group, source, attributes, parentId: parentIds[i] }
  })
  const keys = rows.flatMap((row) =>
    row.shapes.map((key) => ({ trackId: row.id!, key, size: measureSize(withElements(row, key)) })),
  )
  await insertList(
    t,
    trackShapes,
    keys.map(({ key }) => key),
    ({ frame, attributes, type, occluded, outside, zOrder, rotation, points }, i) => {
      const { trackId, size } = keys[i]!
      return { trackId, frame, attributes, type, occluded, outside, zOrder, rotation, points, ...size }
    },
  )
}

/** Inserts everything; a row that has an id keeps it, the others get theirs. */
export const insertAll = async (t: Tx, jobId: number, rows: Rows) => {
  const none = (list: unknown[]) => list.map(() => null)
  await insertList(t, tags, rows.tags, ({ labelId, frame, group, source, attributes }) => {
    return { jobId, labelId, frame, group, source, attributes }
  })
  await insertFamilies(rows.shapes, none(rows.shapes), insertShapes(t, jobId))
  await insertFamilies(rows.tracks, none(rows.tracks), insertTracks(t, jobId))
}

/** Deletes by id within a job; ids that are not there are ignored, as a repeated delete must not fail. */
export const deleteByIds = async (t: Tx, jobId: number, ids: Ids) => {
  for (const kind of ['tags', 'shapes', 'tracks'] as const)
    if (ids[kind].length) await t.delete(tables[kind]).where(and(ofJob(kind, jobId), isAmong(tables[kind].id as any, ids[kind])))
}

export const deleteAll = async (t: Tx, jobId: number) => {
  for (const table of Object.values(tables)) await t.delete(table).where(eq(table.jobId, jobId))
}

/** Which job of a task each id belongs to, for changes that come for the whole task. */
export const findJobsOfIds = async (from: Db, jobIds: number[], kind: Kind, ids: number[]): Promise<Map<number, number>> => {
  if (!ids.length) return new Map()
  const table = tables[kind]
  const rows = await from
    .select({ id: table.id, jobId: table.jobId })
    .from(table)
    .where(isAmong(table.id as any, ids))
  const own = new Set(jobIds)
  return new Map(rows.filter(({ jobId }) => own.has(jobId)).map((row) => [row.id, row.jobId]))
}
