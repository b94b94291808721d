// Saving and loading annotations of jobs and tasks: one transaction a save, a revision that grows, stale saves refused.
import { eq } from 'drizzle-orm'
import { type Db, db, type Tx, tx } from '../db/open'
import { ApiError, invalid, refused } from '../http/errors'
import { jobs } from '../jobs/schema'
import { findJob, getJob, type Job, type JobRow, jobsOfTask } from '../jobs/service'
import { type LabelTree, labelsOf } from '../labels/service'
import type { Who } from '../policy/who'
import { tasks, validationLayouts } from '../tasks/schema'
import { getTask, labelParent, type Task } from '../tasks/service'
import { type Kinds, recordDeltas, recordSave, type SaveAction } from './record-save'
import { lastSaves } from './schema'
import { deleteAll, deleteByIds, findJobsOfIds, insertAll, loadAll, updateAll } from './store'
import { type Limits, type Rows, readAnnotations, readIds } from './validate'
import { type AnnotationsJson, createCompleter, writeAnnotations } from './write-json'

export { clearFrames } from './clear-frames'
export { insertAll, loadShapes, loadTags, loadTracks } from './store'
export { type Limits, readAnnotations } from './validate'
export { type Completer, createCompleter, type ShapeJson, type TagJson, type TrackJson } from './write-json'

export type Action = 'create' | 'update' | 'delete'
/** JSON text of what is stored, and the revision it has. */
export type Answer = { text: string; revision: number }

const none = (): Rows => ({ tags: [], shapes: [], tracks: [] })
const limitsOf = (labels: LabelTree[], frames: { startFrame: number; stopFrame: number }[], range: string): Limits => ({
  labels: new Map(labels.map((label) => [label.id, label])),
  allows: (frame) => frames.some(({ startFrame, stopFrame }) => frame >= startFrame && frame <= stopFrame),
  range,
})
const jobLimits = (labels: LabelTree[], job: Job) =>
  limitsOf(labels, [job], `job #${job.id} (frames ${job.startFrame} to ${job.stopFrame})`)

/** A save based on another revision than the current one. */
const stale = (revision: number) =>
  new ApiError(412, { detail: 'The annotations have changed since they were loaded.', revision })

/** Reads `If-Match`: undefined when absent or `*`. */
export const readIfMatch = (header: string | null): number | undefined => {
  if (!header || header === '*') return undefined
  const match = /^(?:W\/)?"?(\d+)"?$/.exec(header.trim())
  if (!match) throw invalid({ 'If-Match': 'Not a revision.' })
  return Number(match[1])
}

/** Moves the revision of a job and the dates of the job and its task. */
const bump = async (t: Tx, job: Job, now: Date, values: Partial<Job> = {}): Promise<number> => {
  const revision = job.revision + 1
  await t
    .update(jobs)
    .set({ revision, updatedDate: now, ...values })
    .where(eq(jobs.id, job.id))
  await t.update(tasks).set({ updatedDate: now }).where(eq(tasks.id, job.taskId))
  return revision
}

const answer = (rows: AnnotationsJson, revision: number, labels: LabelTree[]): Answer => ({
  text: writeAnnotations(rows, 0, createCompleter(labels)),
  revision,
})

export const loadJob = async (who: Who, id: number): Promise<Answer> => {
  const { job, task } = await getJob(who, id)
  return answer(await loadAll(db, [id]), job.revision, await labelsOf(labelParent(task)))
}

/** What a change shows to the client, and what the audit log counts when that is something else. */
type Changed = { shown: Rows; said?: Kinds }

/** The one way in which annotations of a job change: `change` does it inside the transaction and answers what is to be shown. */
const changeJob = async (
  who: Who,
  id: number,
  action: SaveAction,
  ifMatch: number | undefined,
  change: (t: Tx, row: JobRow, labels: LabelTree[]) => Promise<Changed>,
): Promise<Answer> => {
  const { task } = await getJob(who, id, 'annotate')
  const labels = await labelsOf(labelParent(task))
  return tx(async (t) => {
    const row = await findJob(id, t)
    if (ifMatch !== undefined && ifMatch !== row.job.revision) throw stale(row.job.revision)
    const { shown, said = shown } = await change(t, row, labels)
    await recordSave(t, who, row.task, id, action, said)
    return answer(shown, await bump(t, row.job, new Date()), labels)
  })
}

const applyAction = async (t: Tx, job: Job, labels: LabelTree[], action: Action, body: unknown): Promise<Changed> => {
  if (action === 'delete') {
    const said = readIds(body)
    await deleteByIds(t, job.id, said)
    return { shown: none(), said }
  }
  const rows = readAnnotations(body, jobLimits(labels, job))
  const [known, fresh] = action === 'update' ? splitNew(rows) : [none(), rows]
  await updateAll(t, job.id, known)
  await insertAll(t, job.id, fresh)
  return { shown: rows }
}

/** Of an update: rows that are there, and rows without an id, which are new. */
const splitNew = (rows: Rows): [known: Rows, fresh: Rows] => {
  const pick = (isKnown: boolean): Rows => {
    const fits = ({ id }: { id?: number }) => (id !== undefined) === isKnown
    return { tags: rows.tags.filter(fits), shapes: rows.shapes.filter(fits), tracks: rows.tracks.filter(fits) }
  }
  return [pick(true), pick(false)]
}

export const patchJob = (who: Who, id: number, action: Action, body: unknown, ifMatch?: number) =>
  changeJob(who, id, action, ifMatch, (t, { job }, labels) => applyAction(t, job, labels, action, body))

export const replaceJob = (who: Who, id: number, body: unknown, ifMatch?: number) =>
  changeJob(who, id, 'replace', ifMatch, async (t, { job }, labels) => {
    const rows = readAnnotations(body, jobLimits(labels, job))
    await deleteAll(t, id)
    await insertAll(t, id, rows)
    return { shown: rows }
  })

export const clearJob = (who: Who, id: number, ifMatch?: number) =>
  changeJob(who, id, 'replace', ifMatch, async (t) => {
    await deleteAll(t, id)
    return { shown: none() }
  })

export type SaveBody = { save_id: string; create?: unknown; update?: unknown; delete?: unknown }

/**
 * The editor's save: all deltas in one transaction. The same `save_id` sent again answers what it answered the first time, so a
 * lost answer never doubles anything. Throws 412 with the current revision when `ifMatch` is stale.
 */
export const saveJob = async (who: Who, id: number, body: SaveBody, ifMatch?: number): Promise<Answer> => {
  const { task } = await getJob(who, id, 'annotate')
  const labels = await labelsOf(labelParent(task))
  const complete = createCompleter(labels)
  return tx(async (t) => {
    const { job } = await findJob(id, t)
    const [last] = await t.select().from(lastSaves).where(eq(lastSaves.jobId, id))
    if (last?.saveId === body.save_id) return { text: last.answer, revision: last.revision }
    if (ifMatch !== undefined && ifMatch !== job.revision) throw stale(job.revision)
    const { said: deleted = none() } = await applyAction(t, job, labels, 'delete', body.delete)
    const { shown: updated } = await applyAction(t, job, labels, 'update', body.update ?? {})
    const { shown: created } = await applyAction(t, job, labels, 'create', body.create ?? {})
    await recordDeltas(t, who, task, id, { create: created, update: updated, delete: deleted })
    const revision = job.revision + 1
    const text = `{"revision":${revision},"create":${writeAnnotations(created, 0, complete)},"update":${writeAnnotations(updated, 0, complete)}}`
    const values = { saveId: body.save_id, revision, answer: text }
    await t
      .insert(lastSaves)
      .values({ jobId: id, ...values })
      .onConflictDoUpdate({ target: lastSaves.jobId, set: values })
    await bump(t, job, new Date(), job.state === 'new' ? { state: 'in progress' } : {})
    return { text, revision }
  })
}

type Parts = {
  all: Job[]
  /** Jobs whose annotations make up the task's: the ground truth only when its frames are honeypots of other jobs too, replicas never. */
  counting: Job[]
  /** Frames that are edited in the ground truth job alone. */
  pool: Set<number>
}
const loadParts = async (taskId: number, from: Db = db): Promise<Parts> => {
  const [layout] = await from.select().from(validationLayouts).where(eq(validationLayouts.taskId, taskId))
  const isPool = layout?.mode === 'gt_pool'
  const all = await jobsOfTask(taskId, from)
  const counting = all.filter(({ type }) => type === 'annotation' || (isPool && type === 'ground_truth'))
  return { all, counting, pool: new Set(isPool ? layout.frames : []) }
}
/** The jobs that are changed through the task. */
const editedJobs = ({ counting }: Parts) => counting.filter(({ type }) => type === 'annotation')
const revisionOf = (list: Job[]) => list.reduce((sum, job) => sum + job.revision, 0)

export const loadTask = async (who: Who, id: number): Promise<Answer> => {
  const { task } = await getTask(who, id)
  const { counting: own } = await loadParts(id)
  return answer(
    await loadAll(
      db,
      own.map((job) => job.id),
    ),
    revisionOf(own),
    await labelsOf(labelParent(task)),
  )
}

/** Splits rows over the jobs of a task: each goes to the first job that holds its frame. */
const splitByJob = (rows: Rows, own: Job[]): Map<Job, Rows> => {
  const split = new Map(own.map((job) => [job, none()]))
  const jobOf = (frame: number) => own.find((job) => frame >= job.startFrame && frame <= job.stopFrame)!
  for (const tag of rows.tags) split.get(jobOf(tag.frame))!.tags.push(tag)
  for (const shape of rows.shapes) split.get(jobOf(shape.frame))!.shapes.push(shape)
  for (const track of rows.tracks) split.get(jobOf(track.frame))!.tracks.push(track)
  return split
}

/** The one way in which annotations of a whole task change. Jobs that `change` leaves alone keep their revision. */
const changeTask = async (
  who: Who,
  id: number,
  action: SaveAction,
  ifMatch: number | undefined,
  change: (t: Tx, own: Job[], limits: Limits, touched: Set<Job>) => Promise<Rows>,
  said?: () => Kinds,
): Promise<Answer> => {
  const { task } = await getTask(who, id, 'annotate')
  const labels = await labelsOf(labelParent(task))
  return tx((t) =>
    changeTaskWithin(t, task, labels, ifMatch, editedJobs, async (...given) => {
      const shown = await change(...given)
      await recordSave(t, who, task, null, action, said?.() ?? shown)
      return shown
    }),
  )
}

const changeTaskWithin = async (
  t: Tx,
  task: Task,
  labels: LabelTree[],
  ifMatch: number | undefined,
  pick: (parts: Parts) => Job[],
  change: (t: Tx, own: Job[], limits: Limits, touched: Set<Job>) => Promise<AnnotationsJson>,
): Promise<Answer> => {
  const parts = await loadParts(task.id, t)
  const own = pick(parts)
  if (!own.length) throw refused('The task has no jobs to annotate.')
  const revision = revisionOf(parts.counting)
  if (ifMatch !== undefined && ifMatch !== revision) throw stale(revision)
  const touched = new Set<Job>()
  const explain = (frame: number) =>
    parts.pool.has(frame) ? `Validation frame ${frame} can only be edited via task import or the GT job.` : undefined
  const shown = await change(t, own, { ...limitsOf(labels, own, `task #${task.id}`), explain }, touched)
  const now = new Date()
  for (const job of touched) await bump(t, job, now)
  return answer(shown, revision + touched.size, labels)
}

const insertSplit = async (t: Tx, own: Job[], rows: Rows, touched: Set<Job>) => {
  for (const [job, part] of splitByJob(rows, own)) {
    if (!part.tags.length && !part.shapes.length && !part.tracks.length) continue
    await insertAll(t, job.id, part)
    touched.add(job)
  }
}

const kinds = ['tags', 'shapes', 'tracks'] as const

export const patchTask = (who: Who, id: number, action: Action, body: unknown, ifMatch?: number) =>
  changeTask(
    who,
    id,
    action,
    ifMatch,
    async (t, own, limits, touched) => {
      if (action === 'create') {
        const rows = readAnnotations(body, limits)
        await insertSplit(t, own, rows, touched)
        return rows
      }
      const jobIds = own.map((job) => job.id)
      const rows = action === 'update' ? readAnnotations(body, limits) : none()
      const [known, fresh] = splitNew(rows)
      const ids = readIds(action === 'update' ? known : body)
      const homes = { tags: new Map<number, number>(), shapes: new Map<number, number>(), tracks: new Map<number, number>() }
      for (const kind of kinds) homes[kind] = await findJobsOfIds(t, jobIds, kind, ids[kind])
      for (const job of own) {
        const within = (kind: (typeof kinds)[number]) => (id?: number) => homes[kind].get(id ?? -1) === job.id
        const mine = {
          tags: ids.tags.filter(within('tags')),
          shapes: ids.shapes.filter(within('shapes')),
          tracks: ids.tracks.filter(within('tracks')),
        }
        if (!mine.tags.length && !mine.shapes.length && !mine.tracks.length) continue
        touched.add(job)
        if (action === 'delete') await deleteByIds(t, job.id, mine)
        else
          await updateAll(t, job.id, {
            tags: known.tags.filter((row) => within('tags')(row.id)),
            shapes: known.shapes.filter((row) => within('shapes')(row.id)),
            tracks: known.tracks.filter((row) => within('tracks')(row.id)),
          })
      }
      const lost = action === 'update' && kinds.some((kind) => ids[kind].some((one) => !homes[kind].has(one)))
      if (lost) throw invalid({ non_field_errors: 'Some of the annotations to change are not of this task.' })
      await insertSplit(t, own, fresh, touched)
      return rows
    },
    action === 'delete' ? () => readIds(body) : undefined,
  )

const replaceWithin = (body: unknown) => async (t: Tx, own: Job[], limits: Limits, touched: Set<Job>) => {
  const rows = readAnnotations(body, limits)
  for (const job of own) {
    await deleteAll(t, job.id)
    touched.add(job)
  }
  await insertSplit(t, own, rows, touched)
  return rows
}

export const replaceTask = (who: Who, id: number, body: unknown, ifMatch?: number) =>
  changeTask(who, id, 'replace', ifMatch, replaceWithin(body))
export const clearTask = (who: Who, id: number, ifMatch?: number) => changeTask(who, id, 'replace', ifMatch, replaceWithin({}))

/** Puts imported annotations into a task or one of its jobs, replacing or appending; authorized by the request that asked for it. */
export const importAnnotations = async (row: { task: Task; job: Job | null }, body: unknown, mode: 'replace' | 'append') => {
  const labels = await labelsOf(labelParent(row.task))
  const pick = ({ all, counting }: Parts) => (row.job ? all.filter(({ id }) => id === row.job!.id) : counting)
  await tx((t) =>
    changeTaskWithin(t, row.task, labels, undefined, pick, async (_, own, __, touched) => {
      const limits = limitsOf(labels, own, row.job ? `job #${row.job.id}` : `task #${row.task.id}`)
      if (mode === 'replace') return replaceWithin(body)(t, own, limits, touched)
      const rows = readAnnotations(body, limits)
      await insertSplit(t, own, rows, touched)
      return rows
    }),
  )
}
