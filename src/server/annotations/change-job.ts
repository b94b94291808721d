// The one way in which annotations of a job change: rows, revision, dates and the log of what was before, in one transaction.
import { eq } from 'drizzle-orm'
import type { Tx } from '../db/open'
import { notFound } from '../http/errors'
import { jobs } from '../jobs/schema'
import type { Job } from '../jobs/service'
import { type Author, countDelta, type Delta, type RevisionCounts, recordRevision } from '../revisions/service'
import { tasks } from '../tasks/schema'
import { filterRows, type Ids, idsOf, isEmpty, type Kind, kinds, noRows, type Rows } from './rows'
import { deleteAll, deleteByIds, insertAll, loadAll, loadByIds } from './store'

export type Change = {
  /** Ids that go; ids that are not there are ignored. */
  remove?: Ids | 'all'
  /** Rows that replace those with the same ids. */
  update?: Rows
  /** New rows, which get ids unless `keepIds`. */
  create?: Rows
  keepIds?: boolean
}
/** What a job has become, for those who watch it. */
export type Saved = {
  jobId: number
  taskId: number
  revision: number
  userId: number | null
  action: Author['action']
  counts: RevisionCounts
  created: Ids
  updated: Ids
  deleted: Ids
}

const requireAll = (there: Rows, wanted: Rows) => {
  for (const kind of kinds) {
    const known = new Set((there[kind] as { id?: number }[]).map(({ id }) => id))
    for (const { id } of wanted[kind] as { id?: number }[])
      if (id === undefined || !known.has(id)) throw notFound(`There is no ${kind.slice(0, -1)} with id ${id} in this job.`)
  }
}

type Part = { id?: number; frame?: number; labelId?: number; shapes?: Part[]; elements?: Part[] }
/**
 * Key frames and elements keep the ids that they had in the same object: those that they come with, else that of the key frame on
 * the same frame or the element with the same label. Any other id is not theirs to have.
 */
const keepPartIds = (row: Part, before: Part | undefined) => {
  for (const [list, key] of [
    ['shapes', 'frame'],
    ['elements', 'labelId'],
  ] as const) {
    const parts = row[list] ?? []
    const known = new Map((before?.[list] ?? []).map((part) => [part.id, part]))
    const matches = new Map<Part, Part>()
    const pair = (part: Part, old: Part | undefined) => {
      if (!old) return
      known.delete(old.id)
      matches.set(part, old)
    }
    for (const part of parts) pair(part, known.get(part.id))
    const waiting = Map.groupBy(known.values(), (part) => part[key])
    for (const part of parts) if (!matches.has(part)) pair(part, waiting.get(part[key])?.shift())
    for (const part of parts) {
      const old = matches.get(part)
      if (old) part.id = old.id
      else delete part.id
      keepPartIds(part, old)
    }
  }
}

const keepOwnIds = (rows: Rows, before: Rows) => {
  for (const kind of ['shapes', 'tracks'] as const) {
    const byId = new Map((before[kind] as Part[]).map((row) => [row.id, row]))
    for (const row of rows[kind] as Part[]) keepPartIds(row, byId.get(row.id))
  }
}

const dropIds = (rows: Rows) => {
  for (const kind of kinds) for (const row of rows[kind] as { id?: number }[]) delete row.id
  keepOwnIds(rows, noRows())
}

/** A track without key frames is none any more. */
const isGone = (row: Rows[Kind][number], kind: Kind) => kind === 'tracks' && !(row as { shapes: unknown[] }).shapes.length

/**
 * Applies a change and writes the new ids into its rows. The revision moves and the log is written only when something changes.
 * Throws 404 for an id to update that is not of this job.
 */
export const changeRows = async (
  t: Tx,
  job: Job,
  { remove, update = noRows(), create = noRows(), keepIds = false }: Change,
  by: Author,
  now = new Date(),
  values: Partial<Job> = {},
): Promise<Saved> => {
  const deleted = remove === 'all' ? await loadAll(t, [job.id]) : remove ? await loadByIds(t, job.id, remove) : noRows()
  if (remove === 'all') await deleteAll(t, job.id)
  else await deleteByIds(t, job.id, idsOf(deleted))

  const before = await loadByIds(t, job.id, idsOf(update))
  requireAll(before, update)
  keepOwnIds(update, before)
  await deleteByIds(t, job.id, idsOf(update))
  const kept = filterRows(update, (row, kind) => !isGone(row, kind))
  await insertAll(t, job.id, kept)

  if (!keepIds) dropIds(create)
  const fresh = filterRows(create, (row, kind) => !isGone(row, kind))
  await insertAll(t, job.id, fresh)

  const keptIds = new Map(kinds.map((kind) => [kind, new Set((kept[kind] as { id?: number }[]).map(({ id }) => id))]))
  const isKept = (row: Rows[Kind][number], kind: Kind) => keptIds.get(kind)!.has(row.id)
  const lost = filterRows<Rows>(before, (row, kind) => !isKept(row, kind))
  const delta: Delta = {
    created: idsOf(fresh),
    updated: filterRows<Rows>(before, isKept),
    deleted: {
      tags: [...deleted.tags, ...lost.tags],
      shapes: [...deleted.shapes, ...lost.shapes],
      tracks: [...deleted.tracks, ...lost.tracks],
    },
  }
  const hasChanged = !(isEmpty(delta.created) && isEmpty(delta.updated) && isEmpty(delta.deleted))
  const revision = hasChanged ? job.revision + 1 : job.revision
  if (hasChanged || Object.keys(values).length) await setRevision(t, job, revision, now, values)
  if (hasChanged) await recordRevision(t, { jobId: job.id, revision, by, now, delta })
  return {
    jobId: job.id,
    taskId: job.taskId,
    revision,
    ...by,
    counts: countDelta(delta),
    created: delta.created,
    updated: idsOf(delta.updated),
    deleted: idsOf(delta.deleted),
  }
}

/** Moves the revision of a job and the dates of the job and its task. */
export const setRevision = async (t: Tx, job: Job, revision: number, now: Date, values: Partial<Job>) => {
  await t
    .update(jobs)
    .set({ revision, updatedDate: now, ...values })
    .where(eq(jobs.id, job.id))
  await t.update(tasks).set({ updatedDate: now }).where(eq(tasks.id, job.taskId))
}
