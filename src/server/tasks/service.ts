// Tasks: who sees which, what they hold, how they change.
import { and, count, desc, eq, type SQL, sql } from 'drizzle-orm'
import { taskData } from '../data/schema'
import { aliased, isAmong } from '../db/dialect'
import { type Db, db, type Tx, tx } from '../db/open'
import { recordChange, recordChanges } from '../events/service'
import { listGuideAssets, removeAssetFiles } from '../guides/service'
import { forClient } from '../http/compat'
import { found, invalid } from '../http/errors'
import { isoTime, isoTimeOrNull } from '../http/json'
import type { ListOptions, Paging } from '../http/page'
import { jobs } from '../jobs/schema'
import { applyLabels, type LabelInput } from '../labels/service'
import { authorize, type FactColumns, type Facts, scope } from '../policy/can'
import type { OrgContext, Who } from '../policy/who'
import { projects } from '../projects/schema'
import {
  findGuides,
  moveToOrganization,
  requirePerson,
  requireStorages,
  type StorageInputs,
  storageRef,
} from '../projects/service'
import { users } from '../users/schema'
import { loadPeople, showPerson } from '../users/service'
import type { LabelChoice } from './move-labels'
import { checkMove, findProject, moveToProject } from './move-task'
import { tasks, validationLayouts } from './schema'

export type Task = typeof tasks.$inferSelect
export type TaskData = typeof taskData.$inferSelect
type Project = typeof projects.$inferSelect
type Layout = typeof validationLayouts.$inferSelect
/** A task with what its rules and its answer need. */
export type TaskRow = { task: Task; project: Project | null; data: TaskData | null; layout?: Layout | null }

const owner = aliased(users, 'owner')
const assignee = aliased(users, 'assignee')

export const listOptions: ListOptions = {
  fields: {
    id: { column: tasks.id as any, kind: 'number' },
    name: { column: tasks.name as any, kind: 'text' },
    owner: { column: owner.username as any, kind: 'text' },
    assignee: { column: assignee.username as any, kind: 'text' },
    status: { column: tasks.status as any, kind: 'text' },
    mode: { column: tasks.mode as any, kind: 'text' },
    dimension: { column: tasks.dimension as any, kind: 'text' },
    media_type: { column: tasks.mediaType as any, kind: 'text' },
    subset: { column: tasks.subset as any, kind: 'text' },
    tracker_link: { column: tasks.bugTracker as any, kind: 'text' },
    project_id: { column: tasks.projectId as any, kind: 'number' },
    project_name: { column: projects.name as any, kind: 'text' },
    validation_mode: { column: validationLayouts.mode as any, kind: 'text' },
    created_date: { column: tasks.createdDate as any, kind: 'time' },
    updated_date: { column: tasks.updatedDate as any, kind: 'time' },
  },
  search: ['assignee', 'name', 'owner', 'project_name', 'subset', 'tracker_link'],
  simple: [
    'assignee',
    'dimension',
    'media_type',
    'mode',
    'name',
    'owner',
    'project_id',
    'project_name',
    'status',
    'subset',
    'tracker_link',
    'validation_mode',
  ],
}

export const taskFacts = ({ task, project }: { task: Task; project: Project | null }): Facts => ({
  ...task,
  parents: project ? [project] : [],
})
/** The columns of tasks, joined with projects, as the rules see them. */
export const taskColumns: FactColumns = {
  organizationId: tasks.organizationId as any,
  ownerId: tasks.ownerId as any,
  assigneeId: tasks.assigneeId as any,
  parents: [{ ownerId: projects.ownerId as any, assigneeId: projects.assigneeId as any }],
}

type Counts = { taskId: number; count: number; completed: number; validation: number }
const countJobs = async (ids: number[], from: Db): Promise<Map<number, Counts>> => {
  const rows = ids.length
    ? await from
        .select({
          taskId: jobs.taskId,
          count: count(),
          completed:
            sql<number>`sum(case when ${jobs.stage} = 'acceptance' and ${jobs.state} = 'completed' then 1 else 0 end)`.mapWith(
              Number,
            ),
          validation: sql<number>`sum(case when ${jobs.stage} = 'validation' then 1 else 0 end)`.mapWith(Number),
        })
        .from(jobs)
        .where(isAmong(jobs.taskId as any, ids))
        .groupBy(jobs.taskId)
    : []
  return new Map(rows.map((row) => [row.taskId, row]))
}

/** Fields about the data; a task without any has their defaults. */
const showData = (data: TaskData | null) => ({
  data: data?.id ?? null,
  size: data?.size ?? 0,
  image_quality: data?.imageQuality ?? 70,
  data_chunk_size: data?.chunkSize ?? null,
  data_compressed_chunk_type: data?.compressedChunkType ?? 'imageset',
  data_original_chunk_type: data?.originalChunkType ?? 'imageset',
  data_cloud_storage_id: data?.cloudStorageId ?? null,
})

/** Tasks as the API shows them; three queries however many there are. */
export const showTasks = async (origin: string, rows: TaskRow[], from: Db = db) => {
  const people = await loadPeople(
    rows.flatMap(({ task }) => [task.ownerId, task.assigneeId]),
    from,
  )
  const counts = await countJobs(
    rows.map(({ task }) => task.id),
    from,
  )
  const person = (id: number | null) => (id === null || !people.has(id) ? null : showPerson(origin, people.get(id)!))
  const guideOf = await findGuides(
    rows.map(({ task }) => task).filter((task) => task.projectId === null),
    from,
  )
  return rows.map(({ task, project, data, layout }) =>
    forClient('task', {
      url: `${origin}/api/tasks/${task.id}`,
      id: task.id,
      name: task.name,
      project_id: task.projectId,
      project_name: project?.name ?? null,
      mode: task.mode,
      owner: person(task.ownerId),
      assignee: person(task.assigneeId),
      bug_tracker: task.bugTracker,
      created_date: isoTime(task.createdDate),
      updated_date: isoTime(task.updatedDate),
      overlap: task.overlap,
      segment_size: task.segmentSize,
      status: task.status,
      ...showData(data),
      guide_id: task.projectId === null ? guideOf(task) : null,
      dimension: task.dimension,
      media_type: task.mediaType,
      subset: task.subset,
      organization: task.organizationId,
      organization_id: task.organizationId,
      target_storage: task.targetStorage,
      source_storage: task.sourceStorage,
      assignee_updated_date: isoTimeOrNull(task.assigneeUpdatedDate),
      validation_mode: layout?.mode ?? null,
      consensus_enabled: task.consensusReplicas > 0,
      initial_replicas: task.consensusReplicas,
      jobs: {
        count: counts.get(task.id)?.count ?? 0,
        completed: counts.get(task.id)?.completed ?? 0,
        validation: counts.get(task.id)?.validation ?? 0,
        url: `${origin}/api/jobs?task_id=${task.id}`,
      },
      labels: { url: `${origin}/api/labels?task_id=${task.id}` },
    }),
  )
}
export type ShownTask = Awaited<ReturnType<typeof showTasks>>[number]

const describe = async (who: Who, row: TaskRow, t: Tx) => (await showTasks(who.origin ?? '', [row], t))[0]!
const changeOf = ({ task: { id, organizationId, projectId } }: TaskRow) =>
  ({ resource: 'task', id, organizationId, projectId }) as const

const joined = <T extends { leftJoin: any }>(query: T): T =>
  query
    .leftJoin(projects, eq(projects.id, tasks.projectId))
    .leftJoin(taskData, eq(taskData.taskId, tasks.id))
    .leftJoin(validationLayouts, eq(validationLayouts.taskId, tasks.id))
const withPeople = <T extends { leftJoin: any }>(query: T): T =>
  query.leftJoin(owner, eq(owner.id, tasks.ownerId)).leftJoin(assignee, eq(assignee.id, tasks.assigneeId))
const selected = { task: tasks, project: projects, data: taskData, layout: validationLayouts }

export const listTasks = async (who: Who, context: OrgContext, conditions: SQL[], order: SQL[], paging: Paging) => {
  const where = and(scope(who, 'task', 'view', taskColumns, context), ...conditions)
  const rows: TaskRow[] = await withPeople(joined(db.select(selected).from(tasks) as any))
    .where(where)
    .orderBy(...order, desc(tasks.id))
    .limit(paging.size)
    .offset(paging.offset)
  const counted = db.select({ n: count() }).from(tasks) as any
  // Joins make counting slow; without conditions only the rules need one.
  const [total] = await (conditions.length ? withPeople(joined(counted)) : who.admin ? counted : joined(counted)).where(where)
  return { rows, count: total!.n as number }
}

/** How many tasks each subset has, as far as the person sees them. */
export const countBySubset = async (who: Who, conditions: SQL[]): Promise<Map<string, number>> => {
  const rows = await withPeople(joined(db.select({ subset: tasks.subset, n: count() }).from(tasks) as any))
    .where(and(scope(who, 'task', 'view', taskColumns, { kind: 'any' }), ...conditions))
    .groupBy(tasks.subset)
  return new Map(rows.map(({ subset, n }: { subset: string; n: number }) => [subset, n]))
}

export const findTask = async (id: number, from: Db = db): Promise<TaskRow> => {
  const [row] = await joined(from.select(selected).from(tasks) as any).where(eq(tasks.id, id))
  return found(row as TaskRow | undefined)
}

/** The task, when the person may do `action` with it: else 404 or 403. */
export const getTask = async (who: Who, id: number, action = 'view'): Promise<TaskRow> => {
  const row = await findTask(id)
  authorize(who, 'task', action, taskFacts(row))
  return row
}

/** Labels of a task are those of its project, if it has one. */
export const labelParent = (task: Task) => (task.projectId === null ? { taskId: task.id } : { projectId: task.projectId })

/** Moves `updated_date`: clients keep cached media and annotations until it grows. */
export const touchTask = async (t: Tx, id: number, now = new Date()) =>
  void (await t.update(tasks).set({ updatedDate: now }).where(eq(tasks.id, id)))

export type TaskInput = StorageInputs & {
  name?: string
  project_id?: number | null
  owner_id?: number | null
  assignee_id?: number | null
  bug_tracker?: string
  overlap?: number | null
  segment_size?: number
  labels?: LabelInput[]
  subset?: string
  organization_id?: number | null
  /** Two names of one thing, of CVAT 2.80 and before. */
  initial_replicas?: number
  consensus_replicas?: number
}

const maxReplicas = 20
/** Copies of each job; one alone makes no consensus. */
const readReplicas = ({ initial_replicas, consensus_replicas }: TaskInput): number => {
  const count = initial_replicas ?? consensus_replicas ?? 0
  if (count < 0 || count === 1 || count > maxReplicas)
    throw invalid({ consensus_replicas: `Consensus replicas must be 0 or from 2 to ${maxReplicas}.` })
  return count
}

export const createTask = async (who: Who, context: OrgContext, input: TaskInput & { name: string }): Promise<TaskRow> => {
  const project = input.project_id ? await findProject(input.project_id) : null
  if (project && input.labels?.length)
    throw invalid({ non_field_errors: 'Project must have only one of Label set or project_id' })
  if (!project && !input.labels?.length) throw invalid({ non_field_errors: 'Label set or project_id must be present' })
  const organizationId = project ? project.organizationId : context.kind === 'organization' ? context.id : null
  if (project) authorize(who, 'project', 'view', project)
  authorize(who, 'task', 'create', { organizationId, parents: project ? [project] : [] })
  const now = new Date()
  return tx(async (t) => {
    await requirePerson(t, 'assignee_id', input.assignee_id)
    await requireStorages(t, who, input)
    const [task] = await t
      .insert(tasks)
      .values({
        name: input.name,
        projectId: project?.id ?? null,
        ownerId: who.user.id,
        assigneeId: input.assignee_id ?? null,
        assigneeUpdatedDate: input.assignee_id ? now : null,
        organizationId,
        bugTracker: input.bug_tracker ?? '',
        overlap: input.overlap ?? null,
        segmentSize: input.segment_size ?? 0,
        subset: input.subset ?? '',
        consensusReplicas: readReplicas(input),
        sourceStorage: storageRef(input.source_storage),
        targetStorage: storageRef(input.target_storage),
        createdDate: now,
        updatedDate: now,
      })
      .returning()
    if (!project) await applyLabels(t, { taskId: task!.id }, input.labels!, { who, now, organizationId })
    if (project) await t.update(projects).set({ updatedDate: now }).where(eq(projects.id, project.id))
    const row = await findTask(task!.id, t)
    await recordChange(t, who, { action: 'create', ...changeOf(row), after: await describe(who, row, t) })
    return row
  })
}

/** The permission that each field needs; fields that are not here need `update`. */
const permissionOf: Partial<Record<keyof TaskInput, string>> = {
  owner_id: 'update:owner',
  assignee_id: 'update:assignee',
  project_id: 'update:project',
  organization_id: 'update:organization',
  source_storage: 'update:storage',
  target_storage: 'update:storage',
}

/** `labelChoice` says which labels become which when the task goes into a project. */
export const updateTask = async (who: Who, id: number, input: TaskInput, labelChoice?: LabelChoice): Promise<TaskRow> => {
  const row = await getTask(who, id)
  const facts = taskFacts(row)
  for (const key of Object.keys(input) as (keyof TaskInput)[]) authorize(who, 'task', permissionOf[key] ?? 'update', facts)
  const { toProject, toOrganization } = await checkMove(who, row, input)
  if (input.labels && row.task.projectId !== null) throw invalid({ labels: 'The labels of this task belong to its project.' })
  const now = new Date()
  return tx(async (t) => {
    await requirePerson(t, 'assignee_id', input.assignee_id)
    await requirePerson(t, 'owner_id', input.owner_id)
    await requireStorages(t, who, input)
    const before = await describe(who, row, t)
    if (input.labels) await applyLabels(t, { taskId: id }, input.labels, { who, now, organizationId: row.task.organizationId })
    await t
      .update(tasks)
      .set({
        ...(input.name !== undefined && { name: input.name }),
        ...(input.bug_tracker !== undefined && { bugTracker: input.bug_tracker }),
        ...(input.subset !== undefined && { subset: input.subset }),
        ...(input.owner_id !== undefined && { ownerId: input.owner_id }),
        ...(input.assignee_id !== undefined && {
          assigneeId: input.assignee_id,
          ...(input.assignee_id !== row.task.assigneeId && { assigneeUpdatedDate: now }),
        }),
        ...(input.source_storage !== undefined && { sourceStorage: storageRef(input.source_storage) }),
        ...(input.target_storage !== undefined && { targetStorage: storageRef(input.target_storage) }),
        updatedDate: now,
      })
      .where(eq(tasks.id, id))
    if (toProject) await moveToProject(t, row.task, labelParent(row.task), toProject, labelChoice)
    if (toOrganization !== undefined) await moveToOrganization(t, toOrganization, { taskIds: [id] })
    const changed = await findTask(id, t)
    await recordChange(t, who, { action: 'update', ...changeOf(changed), before, after: await describe(who, changed, t) })
    return changed
  })
}

export const removeTask = async (who: Who, id: number) => {
  const row = await getTask(who, id, 'delete')
  const { organizationId, projectId } = row.task
  const assets = await tx(async (t) => {
    const inside = await listGuideAssets(t, { taskId: id })
    await recordChange(t, who, { action: 'delete', ...changeOf(row), before: await describe(who, row, t) })
    const own = await t.select({ id: jobs.id }).from(jobs).where(eq(jobs.taskId, id))
    const place = { action: 'delete', resource: 'job', organizationId, projectId, taskId: id } as const
    await recordChanges(
      t,
      who,
      own.map((job) => ({ ...place, id: job.id, before: job })),
      { quiet: true },
    )
    await t.delete(tasks).where(eq(tasks.id, id))
    return inside
  })
  await removeAssetFiles(assets)
}
