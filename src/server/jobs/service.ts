// Jobs: who sees which, and their stage, state and assignee.
import { and, asc, count, desc, eq, gte, type SQL } from 'drizzle-orm'
import { config } from '../config'
import { taskData } from '../data/schema'
import { aliased } from '../db/dialect'
import { db, type Tx, tx } from '../db/open'
import { type Actor, recordChange, recordChanges } from '../events/service'
import { fromClient } from '../http/compat'
import { found, invalid, refused } from '../http/errors'
import type { ListOptions, Paging } from '../http/page'
import { authorize, type FactColumns, scope } from '../policy/can'
import type { OrgContext, Who } from '../policy/who'
import { projects } from '../projects/schema'
import { requirePerson } from '../projects/service'
import { publish } from '../stream/service'
import { tasks, validationLayouts } from '../tasks/schema'
import { users } from '../users/schema'
import { jobs, type Stage, type State } from './schema'
import { type JobRow, jobFacts, showJobs } from './show-jobs'

export {
  type Cutting,
  chooseValidationFrames,
  type FrameSelection,
  readCount,
  type SelectionMethod,
  selectionMethods,
} from './choose-frames'
export { describeJobs } from './entries'
export { createGenerator, type Generator, randomSeed } from './numpy-random'
export { stages, states } from './schema'
export { countIssues, type IssueCounts, type Job, type JobRow, jobFacts, type ShownJob, showJobs } from './show-jobs'
export type { Stage, State }

const assignee = aliased(users, 'assignee')

/** What clients that know neither stage nor state are told. */
const statusOf = (stage: Stage, state: State) =>
  stage === 'annotation' ? 'annotation' : stage === 'acceptance' && state === 'completed' ? 'completed' : 'validation'

export const listOptions: ListOptions = {
  fields: {
    id: { column: jobs.id as any, kind: 'number' },
    assignee: { column: assignee.username as any, kind: 'text' },
    stage: { column: jobs.stage as any, kind: 'text' },
    state: { column: jobs.state as any, kind: 'text' },
    type: { column: jobs.type as any, kind: 'text', read: (text) => fromClient('job', 'type', text) },
    task_id: { column: jobs.taskId as any, kind: 'number' },
    task_name: { column: tasks.name as any, kind: 'text' },
    parent_job_id: { column: jobs.parentJobId as any, kind: 'number' },
    project_id: { column: tasks.projectId as any, kind: 'number' },
    project_name: { column: projects.name as any, kind: 'text' },
    mode: { column: tasks.mode as any, kind: 'text' },
    dimension: { column: tasks.dimension as any, kind: 'text' },
    media_type: { column: tasks.mediaType as any, kind: 'text' },
    updated_date: { column: jobs.updatedDate as any, kind: 'time' },
  },
  search: ['assignee', 'project_name', 'task_name'],
  simple: [
    'assignee',
    'dimension',
    'media_type',
    'mode',
    'parent_job_id',
    'project_id',
    'project_name',
    'stage',
    'state',
    'task_id',
    'task_name',
    'type',
  ],
}

/** The same as columns, for scope(); wants the joins with tasks and projects. */
export const jobColumns: FactColumns = {
  organizationId: tasks.organizationId as any,
  assigneeId: jobs.assigneeId as any,
  parents: [
    { ownerId: tasks.ownerId as any, assigneeId: tasks.assigneeId as any },
    { ownerId: projects.ownerId as any, assigneeId: projects.assigneeId as any },
  ],
}

const describe = async (who: Actor, row: JobRow, t: Tx) => (await showJobs(who.origin ?? '', [row], t))[0]!
const changeOf = ({ job, task }: JobRow) =>
  ({ resource: 'job', id: job.id, organizationId: task.organizationId, projectId: task.projectId, taskId: task.id }) as const

/** Notes that one job came or is about to go. */
export const recordJob = async (t: Tx, who: Who, action: 'create' | 'delete', row: JobRow) =>
  recordChange(t, who, { action, ...changeOf(row), [action === 'create' ? 'after' : 'before']: await describe(who, row, t) })

/** Notes the jobs that a task has just got: all, or those from a frame on. */
export const recordNewJobs = async (t: Tx, who: Actor, taskId: number, fromFrame = 0) => {
  const where = and(eq(jobs.taskId, taskId), gte(jobs.startFrame, fromFrame))
  const rows: JobRow[] = await joined(t.select(selected).from(jobs) as any).where(where)
  const shown = await showJobs(who.origin ?? '', rows, t)
  await recordChanges(
    t,
    who,
    rows.map((row, i) => ({ action: 'create', ...changeOf(row), after: shown[i]! })),
  )
}

const joined = <T extends { leftJoin: any; innerJoin: any }>(query: T): T =>
  query
    .innerJoin(tasks, eq(tasks.id, jobs.taskId))
    .leftJoin(projects, eq(projects.id, tasks.projectId))
    .leftJoin(taskData, eq(taskData.taskId, tasks.id))
    .leftJoin(assignee, eq(assignee.id, jobs.assigneeId))
const selected = { job: jobs, task: tasks, project: projects, data: taskData }

export const listJobs = async (who: Who, context: OrgContext, conditions: SQL[], order: SQL[], paging: Paging) => {
  const where = and(scope(who, 'job', 'view', jobColumns, context), ...conditions)
  const rows: JobRow[] = await joined(db.select(selected).from(jobs) as any)
    .where(where)
    .orderBy(...order, desc(jobs.id))
    .limit(paging.size)
    .offset(paging.offset)
  const counted = db.select({ n: count() }).from(jobs) as any
  // Joins make counting slow; an administrator without conditions or context needs none.
  const [total] = await (who.admin && !conditions.length && context.kind === 'any' ? counted : joined(counted)).where(where)
  return { rows, count: total!.n as number }
}

export const findJob = async (id: number, from: Pick<Tx, 'select'> = db): Promise<JobRow> => {
  const [row] = await joined(from.select(selected).from(jobs) as any).where(eq(jobs.id, id))
  return found(row as JobRow | undefined)
}

/** The job, when the person may do `action` with it: else 404 or 403. */
export const getJob = async (who: Who, id: number, action = 'view'): Promise<JobRow> => {
  const row = await findJob(id)
  authorize(who, 'job', action, jobFacts(row))
  return row
}

export const jobsOfTask = (taskId: number, from: Pick<Tx, 'select'> = db) =>
  from.select().from(jobs).where(eq(jobs.taskId, taskId)).orderBy(asc(jobs.id))

export type JobInput = { assignee?: number | null; stage?: Stage; state?: State }

/** A task's status follows its jobs: completed when all are, validation while one is, else annotation. */
export const settleTask = async (t: Tx, taskId: number, now: Date) => {
  const rows = await jobsOfTask(taskId, t)
  const done = rows.every((job) => job.stage === 'acceptance' && job.state === 'completed')
  const status = done
    ? 'completed'
    : rows.some((job) => job.stage === 'validation' || job.stage === 'acceptance')
      ? 'validation'
      : 'annotation'
  await t.update(tasks).set({ status, updatedDate: now }).where(eq(tasks.id, taskId))
}

/** Tells those who watch what a job has become. */
export const tellJob = ({ job, task }: JobRow, { user }: Actor) =>
  publish({
    type: 'job',
    topics: [`job:${job.id}`, `task:${task.id}`, ...(task.projectId ? [`project:${task.projectId}`] : []), 'jobs'],
    data: {
      job_id: job.id,
      task_id: task.id,
      project_id: task.projectId,
      stage: job.stage,
      state: job.state,
      assignee_id: job.assigneeId,
      user: { id: user.id, username: user.username },
    },
  })

export const updateJob = async (who: Who, id: number, input: JobInput): Promise<JobRow> => {
  const row = await getJob(who, id)
  const facts = jobFacts(row)
  if (input.assignee !== undefined) authorize(who, 'job', 'update:assignee', facts)
  if (input.stage !== undefined && input.stage !== row.job.stage) authorize(who, 'job', 'update:stage', facts)
  if (input.state !== undefined) authorize(who, 'job', 'update:state', facts)
  const now = new Date()
  // Another stage starts anew, unless a state is given with it.
  const state = input.state ?? (input.stage !== undefined && input.stage !== row.job.stage ? 'new' : undefined)
  const changed = await tx(async (t) => {
    await requirePerson(t, 'assignee', input.assignee)
    const before = await describe(who, row, t)
    await t
      .update(jobs)
      .set({
        ...(input.stage !== undefined && { stage: input.stage }),
        ...(state !== undefined && { state }),
        status: statusOf(input.stage ?? row.job.stage, state ?? row.job.state),
        ...(input.assignee !== undefined && {
          assigneeId: input.assignee,
          ...(input.assignee !== row.job.assigneeId && { assigneeUpdatedDate: now }),
        }),
        updatedDate: now,
      })
      .where(eq(jobs.id, id))
    await settleTask(t, row.job.taskId, now)
    const changed = await findJob(id, t)
    await recordChange(t, who, { action: 'update', ...changeOf(row), before, after: await describe(who, changed, t) })
    return changed
  })
  tellJob(changed, who)
  return changed
}

/** Notes that background work or a check has changed a job, in its transaction. `before` is the job as it was. */
export const recordJobUpdate = async (t: Tx, who: Actor, before: JobRow): Promise<JobRow> => {
  const changed = await findJob(before.job.id, t)
  const bodies = { before: await describe(who, before, t), after: await describe(who, changed, t) }
  await recordChange(t, who, { action: 'update', ...changeOf(before), ...bodies })
  return changed
}

export type Cut = { startFrame: number; stopFrame: number }

/** The frame ranges of a task's jobs. `segmentSize` 0 = one job. A last range that the overlap already covers is left out. */
export const cutJobs = (size: number, segmentSize: number, overlap: number): Cut[] => {
  const length = segmentSize > 0 && segmentSize < size ? segmentSize : size
  const step = Math.max(1, length - overlap)
  const cuts: Cut[] = []
  for (let start = 0; start < size && (start === 0 || start + overlap < size); start += step)
    cuts.push({ startFrame: start, stopFrame: Math.min(start + length, size) - 1 })
  return cuts
}

/** Refuses more jobs than the administrators of the server allow in one task; replicas and ground truth count, too. */
const refuseTooManyJobs = async (t: Tx, taskId: number, added: number) => {
  const limit = config().jobs_per_task
  if (!limit) return
  const [there] = await t.select({ n: count() }).from(jobs).where(eq(jobs.taskId, taskId))
  const total = there!.n + added
  if (total > limit)
    throw invalid({
      segment_size: `The task would have ${total} jobs; this server allows ${limit} (jobs_per_task). Choose more frames per job or fewer replicas.`,
    })
}

/** Throws 400 without frames, and when the task would get more jobs than the server allows. */
export const insertJobs = async (t: Tx, taskId: number, cuts: Cut[], now: Date) => {
  if (!cuts.length) throw invalid({ segment_size: 'The task has no frames.' })
  const rows = cuts.map((cut) => ({ taskId, ...cut, createdDate: now, updatedDate: now }))
  const [task] = await t.select({ replicas: tasks.consensusReplicas }).from(tasks).where(eq(tasks.id, taskId))
  await refuseTooManyJobs(t, taskId, rows.length * (1 + (task?.replicas ?? 0)))
  const replicas = Array.from({ length: task?.replicas ?? 0 }, () => ({ type: 'replica' as const }))
  if (!replicas.length) return void (await t.insert(jobs).values(rows))
  // Each job is followed by its replicas.
  for (const row of rows) {
    const [job] = await t.insert(jobs).values(row).returning({ id: jobs.id })
    await t.insert(jobs).values(replicas.map((replica) => ({ ...row, ...replica, parentJobId: job!.id })))
  }
}

/** Only the ground truth job of a task whose other jobs do not hold its frames can go. Errors: 400, 403, 404. */
export const removeJob = async (who: Who, id: number): Promise<void> => {
  const row = await getJob(who, id, 'delete')
  if (row.job.type !== 'ground_truth') throw refused('Only ground truth jobs can be removed.')
  await tx(async (t) => {
    const [layout] = await t.select().from(validationLayouts).where(eq(validationLayouts.taskId, row.job.taskId))
    if (layout?.mode === 'gt_pool') throw refused('The ground truth job of a task with honeypots cannot be removed.')
    await recordJob(t, who, 'delete', row)
    await t.delete(validationLayouts).where(and(eq(validationLayouts.taskId, row.job.taskId), eq(validationLayouts.mode, 'gt')))
    await t.delete(jobs).where(eq(jobs.id, id))
  })
}
