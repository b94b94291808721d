// Looks through a task or project for suspicious labels and stores what it finds; what people decided before is kept.
import { and, eq } from 'drizzle-orm'
import { createCompleter } from '../annotations/service'
import { taskData } from '../data/schema'
import { isAmong } from '../db/dialect'
import { db, insertRows, type Tx, tx } from '../db/open'
import { refused } from '../http/errors'
import { jobsOfTask } from '../jobs/service'
import { labelsOf } from '../labels/service'
import { authorize } from '../policy/can'
import type { Who } from '../policy/who'
import { getProject } from '../projects/service'
import { loadFrameSizes } from '../quality/service'
import { requests } from '../requests/schema'
import { type NewRequest, type Report, type RequestRow, type Result, requestId } from '../requests/service'
import { tasks } from '../tasks/schema'
import { getTask, labelParent, taskFacts } from '../tasks/service'
import { createSearch } from './find-suspects'
import { indexSpecs, loadThings } from './load-things'
import { suspectRuns, suspects } from './schema'
import type { Finding, Picture, Placed, Thing } from './thing'

export type Place = { taskId: number } | { projectId: number }

/** Checks that the person may have a task or project looked through; answers the request to start. Throws 400, 403 or 404. */
export const planRun = async (who: Who, place: Place): Promise<NewRequest> => {
  const common = { action: 'calculate', subresource: 'suspects', chore: 'find-suspects' } as const
  if ('taskId' in place) {
    const row = await getTask(who, place.taskId)
    authorize(who, 'quality-report', 'create', taskFacts(row))
    if (row.task.dimension !== '2d') throw refused('Suspicious labels are only looked for in 2d tasks')
    const id = requestId({ action: 'calculate', target: 'task', target_id: row.task.id, subresource: 'suspects' })
    return { ...common, id, target: 'task', taskId: row.task.id, projectId: row.task.projectId, orgId: row.task.organizationId }
  }
  const project = await getProject(who, place.projectId)
  authorize(who, 'quality-report', 'create', { organizationId: project.organizationId, parents: [project] })
  const id = requestId({ action: 'calculate', target: 'project', target_id: project.id, subresource: 'suspects' })
  return { ...common, id, target: 'project', projectId: project.id, orgId: project.organizationId }
}

/** The latest look at a place, while it runs or when it failed. */
export const findRunning = async (place: Place): Promise<RequestRow | null> => {
  const [target, targetId] = 'taskId' in place ? ['task', place.taskId] : ['project', place.projectId]
  const id = requestId({ action: 'calculate', target: target as string, target_id: targetId as number, subresource: 'suspects' })
  const [row] = await db.select().from(requests).where(eq(requests.id, id))
  return row && row.status !== 'finished' ? row : null
}

type Task = typeof tasks.$inferSelect

/** Replicas show the same things again on purpose; what they disagree on is the business of consensus. */
const isLookedAt = ({ type }: { type: string }) => type !== 'replica'

/** Objects without those that are on deleted frames only. */
const withoutFrames = (things: readonly Thing[], placed: readonly Placed[], gone: ReadonlySet<number>) => {
  if (!gone.size) return { things, placed }
  return {
    things: things.flatMap((thing) => {
      const samples = thing.samples.filter(({ frame }) => !gone.has(frame))
      const isSeen = thing.kind === 'track' ? samples.length > 0 : !gone.has(thing.frame)
      return isSeen ? [{ ...thing, samples, keys: thing.keys.filter(({ frame }) => !gone.has(frame)) }] : []
    }),
    placed: placed.filter(({ frame }) => !gone.has(frame)),
  }
}

type Known = typeof suspects.$inferSelect
const keyOf = (jobId: number, kind: string, id: number, reason: string) => `${jobId} ${kind} ${id} ${reason}`

/** What becomes of a row whose object looks wrong (still, or again). A confirmation holds while the object stays as it was. */
const settleStatus = (known: Known, fingerprint: string): Partial<Known> =>
  known.status === 'open' || (known.status === 'confirmed' && known.fingerprint === fingerprint)
    ? {}
    : { status: 'open', decidedBy: null, decidedDate: null }

const store = async (t: Tx, findings: readonly Finding[], things: readonly Thing[], taskIds: readonly number[], sizes: Sizes) => {
  const now = new Date()
  const known = new Map<string, Known>()
  for (const row of await t
    .select()
    .from(suspects)
    .where(isAmong(suspects.taskId as any, taskIds)))
    known.set(keyOf(row.jobId, row.kind, row.objectId, row.reason), row)
  const fresh: Record<string, unknown>[] = []
  for (const { thing, reason, frame, score, details } of findings) {
    const key = keyOf(thing.jobId, thing.kind, thing.id, reason)
    const picture = sizes.get(thing.taskId)?.get(frame)
    const values = {
      labelId: thing.labelId,
      frame,
      score,
      details: {
        ...details,
        type: thing.type,
        ...(picture?.width && { picture: { width: picture.width, height: picture.height } }),
      },
      fingerprint: thing.fingerprint,
      foundDate: now,
    }
    const row = known.get(key)
    known.delete(key)
    if (row)
      await t
        .update(suspects)
        .set({ ...values, ...settleStatus(row, thing.fingerprint) })
        .where(eq(suspects.id, row.id))
    else
      fresh.push({
        taskId: thing.taskId,
        jobId: thing.jobId,
        kind: thing.kind,
        objectId: thing.id,
        reason,
        ...values,
        status: 'open',
        decidedBy: null,
        decidedDate: null,
      })
  }
  if (fresh.length) await insertRows(t, suspects as any, fresh as any)
  const left = [...known.values()]
  // Nothing is wrong with these any more. Confirmations stay as long as there is an object.
  const mended = left.filter(({ status }) => status === 'open').map(({ id }) => id)
  if (mended.length)
    await t
      .update(suspects)
      .set({ status: 'fixed', decidedDate: now })
      .where(isAmong(suspects.id as any, mended))
  const confirmed = left.filter(({ status }) => status === 'confirmed')
  if (!confirmed.length) return
  const there = new Set(things.map(({ jobId, kind, id }) => `${jobId} ${kind} ${id}`))
  const gone = confirmed.filter(({ jobId, kind, objectId }) => !there.has(`${jobId} ${kind} ${objectId}`)).map(({ id }) => id)
  if (gone.length) await t.delete(suspects).where(isAmong(suspects.id as any, gone))
}

type Sizes = ReadonlyMap<number, ReadonlyMap<number, Picture>>

const findTasks = async ({ target, taskId, projectId }: RequestRow): Promise<Task[]> => {
  const where = target === 'project' ? eq(tasks.projectId, projectId!) : eq(tasks.id, taskId!)
  return db
    .select()
    .from(tasks)
    .where(and(where, eq(tasks.dimension, '2d')))
    .orderBy(tasks.id)
}

/** Looks through what a request named. All objects of a project are compared with each other. */
export const runSearch = async (row: RequestRow, report: Report): Promise<Result> => {
  const own = await findTasks(row)
  const sizes = new Map<number, Map<number, Picture>>()
  const counts = new Map<number, number>()
  let search: ReturnType<typeof createSearch> | undefined
  for (const [at, task] of own.entries()) {
    // Labels of a project are those of all its tasks.
    const labels = await labelsOf(labelParent(task))
    search ??= createSearch(indexSpecs(labels))
    const complete = createCompleter(labels)
    sizes.set(task.id, await loadFrameSizes(task.id))
    const [data] = await db.select({ deletedFrames: taskData.deletedFrames }).from(taskData).where(eq(taskData.taskId, task.id))
    const gone = new Set(data?.deletedFrames ?? [])
    for (const { id, stopFrame } of (await jobsOfTask(task.id)).filter(isLookedAt)) {
      const loaded = await loadThings(db, { taskId: task.id, jobId: id, stopFrame, sizes: sizes.get(task.id)! }, complete)
      const { things, placed } = withoutFrames(loaded.things, loaded.placed, gone)
      search.addJob(things, placed, task.mode === 'interpolation')
      counts.set(task.id, (counts.get(task.id) ?? 0) + things.length)
    }
    await report((0.9 * (at + 1)) / own.length)
  }
  const { findings, things } = search?.finish() ?? { findings: [], things: [] }
  await tx(async (t) => {
    await store(
      t,
      findings,
      things,
      own.map(({ id }) => id),
      sizes,
    )
    for (const { id } of own) {
      const values = { ranDate: new Date(), objects: counts.get(id) ?? 0, isProjectWide: row.target === 'project' }
      await t
        .insert(suspectRuns)
        .values({ taskId: id, ...values })
        .onConflictDoUpdate({ target: suspectRuns.taskId, set: values })
    }
  })
  const odd = new Set(findings.map(({ thing }) => thing)).size
  return { message: `${odd} of ${things.length} objects look suspicious` }
}
