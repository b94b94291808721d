// Saving and loading annotations of jobs: one transaction a save, a revision that grows, stale saves refused. The door of the feature.
import { between, eq, type SQL, sql } from 'drizzle-orm'
import { db, type Tx, tx } from '../db/open'
import { findJob, getJob, type Job, type JobRow } from '../jobs/service'
import { type LabelTree, labelsOf } from '../labels/service'
import type { Who } from '../policy/who'
import type { RevisionAction } from '../revisions/service'
import { labelParent } from '../tasks/service'
import { type Action, type Answer, answer, lockJobs, requireRevision } from './answers'
import { type Change, changeRows, type Saved } from './change-job'
import { jobLimits, loadPool, readWithin } from './limits'
import { type Kinds, recordDeltas, recordSave, type SaveAction } from './record-save'
import { filterRows, noRows, type Rows } from './rows'
import { lastSaves, shapes, tags, trackShapes, tracks } from './schema'
import { loadAll, loadShapes, loadTags, loadTracks } from './store'
import { tellSaved } from './tell-saved'
import { readIds } from './validate'
import { createCompleter, writeAnnotations } from './write-json'

export type { Action, Answer } from './answers'
export { readIfMatch } from './answers'
export { attributeKey, attributeKeys, attributeStart } from './attribute-keys'
export { findValueProblem } from './attribute-values'
export { type Change, changeRows, type Saved } from './change-job'
export { clearFrames } from './clear-frames'
export { canHaveLabel, findLabelNamed, relabelObjects, removeObjects } from './edit-objects'
export { diffRevisions, loadRevision, restoreRevision } from './history'
export { importAnnotations } from './import'
export { importBatches } from './import-batches'
export { recordLabelChange, recordLabelMove } from './label-change'
export type { Ids, Kind, Rows } from './rows'
export { insertAll, loadShapes, loadTags, loadTracks } from './store'
export { clearTask, loadMerged, loadTask, patchTask, replaceTask } from './task-service'
export { tellSaved } from './tell-saved'
export { type Limits, readAnnotations } from './validate'
export { type Completer, createCompleter, type ShapeJson, type TagJson, type TrackJson } from './write-json'

export type Range = { from?: number; to?: number }

/** Tracks that have a key frame in the range or go on into it; elements come with their skeletons. */
const touching = (from: number, to: number) => {
  const keys = (more: SQL) => sql`(select ${more} from ${trackShapes} where ${trackShapes.trackId} = ${tracks.id}`
  const reachesIt = sql`exists ${keys(sql`1`)} and ${trackShapes.frame} >= ${from})`
  const lastOutside = sql`${keys(sql`${trackShapes.outside}`)} order by ${trackShapes.frame} desc limit 1)`
  return sql`(${tracks.parentId} is not null or (${tracks.frame} <= ${to} and (${reachesIt} or coalesce(${lastOutside}, false) = false)))`
}

const loadRange = async (id: number, from: number, to: number): Promise<Rows> => ({
  tags: await loadTags(db, [id], between(tags.frame, from, to)),
  shapes: await loadShapes(db, [id], between(shapes.frame, from, to)),
  tracks: await loadTracks(db, [id], touching(from, to)),
})

/** Everything, or what is on a range of task frames: tags and shapes on them, and whole tracks that may be seen there. */
export const loadJob = async (who: Who, id: number, { from, to }: Range = {}): Promise<Answer> => {
  const { job, task } = await getJob(who, id)
  const isPart = from !== undefined || to !== undefined
  const rows = isPart ? await loadRange(id, from ?? job.startFrame, to ?? job.stopFrame) : await loadAll(db, [id])
  return answer(rows, job.revision, await labelsOf(labelParent(task)))
}

/** What a change does, what it shows to the client, and what the audit log counts when that is something else. */
type Planned = { change: Change; shown: Rows; said?: Kinds }
type Plan = (t: Tx, row: JobRow, labels: LabelTree[]) => Promise<Planned>

/** The one way in which annotations of one job are changed by a request. */
const changeJob = async (
  who: Who,
  id: number,
  [action, noted]: [SaveAction, RevisionAction],
  ifMatch: number | undefined,
  plan: Plan,
): Promise<Answer> => {
  const { task } = await getJob(who, id, 'annotate')
  const labels = await labelsOf(labelParent(task))
  const { saved, answered } = await tx(async (t) => {
    await lockJobs(t, [id])
    const row = await findJob(id, t)
    requireRevision(ifMatch, row.job.revision)
    const { change, shown, said = shown } = await plan(t, row, labels)
    const saved = await changeRows(t, row.job, change, { userId: who.user.id, action: noted })
    await recordSave(t, who, row.task, id, action, said)
    return { saved, answered: answer(shown, saved.revision, labels) }
  })
  tellSaved(who, [saved])
  return answered
}

/** Of an update: rows that are there, and rows without an id, which are new. */
const splitNew = (rows: Rows): [known: Rows, fresh: Rows] => [
  filterRows(rows, ({ id }) => id !== undefined),
  filterRows(rows, ({ id }) => id === undefined),
]

const readJobRows = async (t: Tx, job: Job, labels: LabelTree[], body: unknown, mayEmpty = false): Promise<Rows> =>
  readWithin(t, [job.id], body, { ...jobLimits(labels, job, await loadPool(job.taskId, t)), mayEmpty })

export const patchJob = (who: Who, id: number, action: Action, body: unknown, ifMatch?: number) =>
  changeJob(who, id, [action, action], ifMatch, async (t, { job }, labels) => {
    if (action === 'delete') {
      const remove = readIds(body)
      return { change: { remove }, shown: noRows(), said: remove }
    }
    const shown = await readJobRows(t, job, labels, body, action === 'update')
    const [update, create] = action === 'update' ? splitNew(shown) : [noRows(), shown]
    return { change: { update, create }, shown }
  })

export const replaceJob = (who: Who, id: number, body: unknown, ifMatch?: number) =>
  changeJob(who, id, ['replace', 'replace'], ifMatch, async (t, { job }, labels) => {
    const create = await readJobRows(t, job, labels, body)
    return { change: { remove: 'all', create }, shown: create }
  })

export const clearJob = (who: Who, id: number, ifMatch?: number) =>
  changeJob(who, id, ['replace', 'clear'], ifMatch, async () => ({ change: { remove: 'all' }, shown: noRows() }))

export type SaveBody = { save_id: string; create?: unknown; update?: unknown; delete?: unknown }

/**
 * The editor's save: all deltas in one transaction. The same `save_id` sent again answers what it answered the first time, so a
 * lost answer never doubles anything. Throws 412 with the current revision when `ifMatch` is stale.
 */
export const saveJob = async (who: Who, id: number, body: SaveBody, ifMatch?: number): Promise<Answer> => {
  const { task } = await getJob(who, id, 'annotate')
  const labels = await labelsOf(labelParent(task))
  const complete = createCompleter(labels)
  const { saved, ...answered } = await tx(async (t): Promise<Answer & { saved?: Saved }> => {
    await lockJobs(t, [id])
    const { job } = await findJob(id, t)
    const [last] = await t.select().from(lastSaves).where(eq(lastSaves.jobId, id))
    if (last?.saveId === body.save_id) return { text: last.answer, revision: last.revision }
    requireRevision(ifMatch, job.revision)
    const remove = readIds(body.delete)
    const update = await readJobRows(t, job, labels, body.update ?? {}, true)
    const create = await readJobRows(t, job, labels, body.create ?? {})
    const [known, fresh] = splitNew(update)
    const change = {
      remove,
      update: known,
      create: {
        tags: [...create.tags, ...fresh.tags],
        shapes: [...create.shapes, ...fresh.shapes],
        tracks: [...create.tracks, ...fresh.tracks],
      },
    }
    const state: Partial<Job> = job.state === 'new' ? { state: 'in progress' } : {}
    const saved = await changeRows(t, job, change, { userId: who.user.id, action: 'save' }, new Date(), state)
    await recordDeltas(t, who, task, id, { create, update, delete: remove })
    const { revision } = saved
    const text = `{"revision":${revision},"create":${writeAnnotations(create, 0, complete)},"update":${writeAnnotations(update, 0, complete)}}`
    const values = { saveId: body.save_id, revision, answer: text }
    await t
      .insert(lastSaves)
      .values({ jobId: id, ...values })
      .onConflictDoUpdate({ target: lastSaves.jobId, set: values })
    return { text, revision, saved }
  })
  if (saved) tellSaved(who, [saved])
  return answered
}
