// Puts annotations into a task or job that are too many to hold in memory at once: batch after batch, in one transaction.
import { count, eq } from 'drizzle-orm'
import { type Tx, tx } from '../db/open'
import { refused } from '../http/errors'
import type { Job } from '../jobs/service'
import { labelsOf } from '../labels/service'
import { type Delta, type RevisionAction, recordRevision } from '../revisions/service'
import { labelParent, type Task } from '../tasks/service'
import { lockJobs } from './answers'
import { type Saved, setRevision } from './change-job'
import { copyPool } from './copy-pool'
import { limitsOf } from './limits'
import { filterRows, type Ids, idsOf, isEmpty, noRows, type Rows } from './rows'
import { shapes } from './schema'
import { splitRows } from './split-rows'
import { deleteAll, insertAll, loadAll } from './store'
import { loadParts } from './task-parts'
import { tellSaved } from './tell-saved'
import { trimTracks } from './trim-tracks'
import { readAnnotations } from './validate'

/** Replaced shapes of a job up to which they can be restored; with more the log keeps only how many there were. */
const maxRestorable = 100_000

type Written = { job: Job; deleted: Rows | null; deletedShapes: number; created: Ids }

const clearJob = async (t: Tx, job: Job): Promise<Written> => {
  const [there] = await t.select({ n: count() }).from(shapes).where(eq(shapes.jobId, job.id))
  const deleted = there!.n > maxRestorable ? null : await loadAll(t, [job.id])
  await deleteAll(t, job.id)
  return { job, deleted, deletedShapes: there!.n, created: idsOf(noRows()) }
}

const append = (all: Ids, more: Ids) => {
  for (const kind of ['tags', 'shapes', 'tracks'] as const) for (const id of more[kind]) all[kind].push(id)
}

const none = { tags: 0, shapes: 0, tracks: 0 }

const finishJob = async (t: Tx, { job, deleted, deletedShapes, created }: Written, by: Author, now: Date): Promise<Saved> => {
  const delta: Delta | null = deleted && { created, updated: noRows(), deleted }
  const counts = {
    created: { tags: created.tags.length, shapes: created.shapes.length, tracks: created.tracks.length },
    updated: none,
    deleted: deleted
      ? { tags: deleted.tags.length, shapes: deleted.shapes.length, tracks: deleted.tracks.length }
      : { ...none, shapes: deletedShapes },
  }
  const revision = job.revision + 1
  await setRevision(t, job, revision, now, {})
  await recordRevision(t, { jobId: job.id, revision, by, now, delta, counts })
  const [updated, removed] = [idsOf(noRows()), deleted ? idsOf(deleted) : idsOf(noRows())]
  return { jobId: job.id, taskId: job.taskId, revision, ...by, counts, created, updated, deleted: removed }
}

type Author = { userId: number | null; action: RevisionAction }

/**
 * As `importAnnotations`, for any number of annotations. `batches` are bodies of a few thousand each, walked once inside the
 * transaction; they must not wait for anything slow, as nobody else writes meanwhile.
 */
export const importBatches = async (
  { task, job }: { task: Task; job: Job | null },
  batches: Iterable<unknown>,
  mode: 'replace' | 'append',
  userId: number | null = null,
): Promise<Saved[]> => {
  const labels = await labelsOf(labelParent(task))
  const by: Author = { userId, action: 'import' }
  const saved = await tx(async (t) => {
    const { all } = await loadParts(task.id, t)
    await lockJobs(
      t,
      all.map(({ id }) => id),
    )
    const parts = await loadParts(task.id, t)
    const targets = job ? parts.all.filter(({ id }) => id === job.id) : parts.counting
    if (!targets.length) throw refused('The task has no jobs to annotate.')
    const limits = limitsOf(labels, parts.counting, `task #${task.id}`, parts.pool)
    const allows = (frame: number) =>
      limits.allows(frame) || targets.some((one) => frame >= one.startFrame && frame <= one.stopFrame)
    const written: Written[] = []
    for (const target of targets)
      written.push(
        mode === 'replace'
          ? await clearJob(t, target)
          : { job: target, deleted: noRows(), deletedShapes: 0, created: idsOf(noRows()) },
      )
    for (const body of batches) {
      const rows = copyPool(trimTracks(readAnnotations(body, { ...limits, allows })), job ? undefined : parts.pool, 'always')
      for (const [at, part] of splitRows(rows, targets).entries()) {
        const whole = filterRows(part, (row, kind) => kind !== 'tracks' || (row as { shapes: unknown[] }).shapes.length > 0)
        if (isEmpty(whole)) continue
        await insertAll(t, targets[at]!.id, whole)
        append(written[at]!.created, idsOf(whole))
      }
    }
    const now = new Date()
    const done: Saved[] = []
    for (const one of written) {
      const isTouched = !isEmpty(one.created) || !one.deleted || !isEmpty(one.deleted)
      if (isTouched) done.push(await finishJob(t, one, by, now))
    }
    return done
  })
  tellSaved(null, saved)
  return saved
}
