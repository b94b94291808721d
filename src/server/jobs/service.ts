// Jobs: who sees which, and their stage, state and assignee.
import { and, asc, count, desc, eq, gte, type SQL } from 'drizzle-orm'
import { taskData } from '../data/schema'
import { aliased, isAmong } from '../db/dialect'
import { type Db, db, type Tx, tx } from '../db/open'
import { type Actor, recordChange, recordChanges } from '../events/service'
import { forClient, fromClient } from '../http/compat'
import { found, invalid } from '../http/errors'
import { isoTime, isoTimeOrNull } from '../http/json'
import type { ListOptions, Paging } from '../http/page'
import { issues } from '../issues/schema'
import { authorize, type FactColumns, type Facts, scope } from '../policy/can'
import type { OrgContext, Who } from '../policy/who'
import { projects } from '../projects/schema'
import { findGuides, requirePerson } from '../projects/service'
import { publish } from '../stream/service'
import { tasks } from '../tasks/schema'
import { users } from '../users/schema'
import { loadPeople, showPerson } from '../users/service'
import { jobs, type Stage, type State } from './schema'

export {
  type Cutting,
  chooseValidationFrames,
  type FrameSelection,
  readCount,
  type SelectionMethod,
  selectionMethods,
} from './choose-frames'
export { createGenerator, type Generator, randomSeed } from './numpy-random'
export { stages, states } from './schema'
export type { Stage, State }
export type Job = typeof jobs.$inferSelect
type Task = typeof tasks.$inferSelect
type Project = typeof projects.$inferSelect
export type JobRow = { job: Job; task: Task; project: Project | null; data: typeof taskData.$inferSelect | null }

const assignee = aliased(users, 'assignee')

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

export const jobFacts = ({ job, task, project }: JobRow): Facts => ({
  organizationId: task.organizationId,
  assigneeId: job.assigneeId,
  parents: project ? [task, project] : [task],
})
/** The same as columns, for scope(); wants the joins with tasks and projects. */
export const jobColumns: FactColumns = {
  organizationId: tasks.organizationId as any,
  assigneeId: jobs.assigneeId as any,
  parents: [
    { ownerId: tasks.ownerId as any, assigneeId: tasks.assigneeId as any },
    { ownerId: projects.ownerId as any, assigneeId: projects.assigneeId as any },
  ],
}

const countIssues = async (ids: number[], from: Db): Promise<Map<number, number>> => {
  const rows = ids.length
    ? await from
        .select({ jobId: issues.jobId, n: count() })
        .from(issues)
        .where(isAmong(issues.jobId as any, ids))
        .groupBy(issues.jobId)
    : []
  return new Map(rows.map(({ jobId, n }) => [jobId, n]))
}

const countReplicas = async (ids: number[], from: Db): Promise<Map<number | null, number>> => {
  const rows = ids.length
    ? await from
        .select({ jobId: jobs.parentJobId, n: count() })
        .from(jobs)
        .where(isAmong(jobs.parentJobId as any, ids))
        .groupBy(jobs.parentJobId)
    : []
  return new Map(rows.map(({ jobId, n }) => [jobId, n]))
}

/** What clients that know neither stage nor state are told. */
const statusOf = (stage: Stage, state: State) =>
  stage === 'annotation' ? 'annotation' : stage === 'acceptance' && state === 'completed' ? 'completed' : 'validation'

/** Jobs as the API shows them; a handful of queries however many there are. */
export const showJobs = async (origin: string, rows: JobRow[], from: Db = db) => {
  const ids = rows.map(({ job }) => job.id)
  const issueCounts = await countIssues(ids, from)
  const replicaCounts = await countReplicas(ids, from)
  const guideOf = await findGuides(
    rows.map(({ task }) => task),
    from,
  )
  const people = await loadPeople(
    rows.map(({ job }) => job.assigneeId),
    from,
  )
  return rows.map(({ job, task, project, data }) =>
    forClient('job', {
      url: `${origin}/api/jobs/${job.id}`,
      id: job.id,
      task_id: job.taskId,
      task_name: task.name,
      project_id: task.projectId,
      project_name: project?.name ?? null,
      assignee: job.assigneeId !== null && people.has(job.assigneeId) ? showPerson(origin, people.get(job.assigneeId)!) : null,
      guide_id: guideOf(task),
      dimension: task.dimension,
      media_type: task.mediaType,
      bug_tracker: task.bugTracker || (project?.bugTracker ?? null),
      status: job.status,
      stage: job.stage,
      state: job.state,
      mode: task.mode,
      frame_count: job.frames?.length ?? job.stopFrame - job.startFrame + 1,
      start_frame: job.startFrame,
      stop_frame: job.stopFrame,
      data_chunk_size: data?.chunkSize ?? null,
      data_compressed_chunk_type: data?.compressedChunkType ?? 'imageset',
      data_original_chunk_type: data?.originalChunkType ?? 'imageset',
      created_date: isoTime(job.createdDate),
      updated_date: isoTime(job.updatedDate),
      type: job.type,
      organization: task.organizationId,
      organization_id: task.organizationId,
      target_storage: task.targetStorage,
      source_storage: task.sourceStorage,
      assignee_updated_date: isoTimeOrNull(job.assigneeUpdatedDate),
      parent_job_id: job.parentJobId,
      replicas_count: replicaCounts.get(job.id) ?? 0,
      consensus_replicas: replicaCounts.get(job.id) ?? 0,
      issues: { url: `${origin}/api/issues?job_id=${job.id}`, count: issueCounts.get(job.id) ?? 0 },
      labels: { url: `${origin}/api/labels?job_id=${job.id}` },
    }),
  )
}
export type ShownJob = Awaited<ReturnType<typeof showJobs>>[number]

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
const tellJob = ({ job, task }: JobRow, { user }: Who) =>
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

export const insertJobs = async (t: Tx, taskId: number, cuts: Cut[], now: Date) => {
  if (!cuts.length) throw invalid({ segment_size: 'The task has no frames.' })
  const rows = cuts.map((cut) => ({ taskId, ...cut, createdDate: now, updatedDate: now }))
  const [task] = await t.select({ replicas: tasks.consensusReplicas }).from(tasks).where(eq(tasks.id, taskId))
  const replicas = Array.from({ length: task?.replicas ?? 0 }, () => ({ type: 'replica' as const }))
  if (!replicas.length) return void (await t.insert(jobs).values(rows))
  // Each job is followed by its replicas.
  for (const row of rows) {
    const [job] = await t.insert(jobs).values(row).returning({ id: jobs.id })
    await t.insert(jobs).values(replicas.map((replica) => ({ ...row, ...replica, parentJobId: job!.id })))
  }
}
