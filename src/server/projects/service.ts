// Projects: who sees which, and what they hold.
import { and, count, desc, eq, or, type SQL } from 'drizzle-orm'
import { aliased, isAmong } from '../db/dialect'
import { type Db, db, type Tx, tx } from '../db/open'
import { recordChange, recordChanges } from '../events/service'
import { guides } from '../guides/schema'
import { listGuideAssets, removeAssetFiles } from '../guides/service'
import { forClient } from '../http/compat'
import { found, invalid } from '../http/errors'
import { isoTime, isoTimeOrNull } from '../http/json'
import type { ListOptions, Paging } from '../http/page'
import { jobs } from '../jobs/schema'
import { applyLabels, type LabelInput } from '../labels/service'
import { organizations } from '../organizations/schema'
import { authorize, type FactColumns, type Facts, scope } from '../policy/can'
import type { OrgContext, Who } from '../policy/who'
import { tasks } from '../tasks/schema'
import { users } from '../users/schema'
import { loadPeople, showPerson } from '../users/service'
import { moveToOrganization } from './move-organization'
import { projects } from './schema'
import { requireStorages, type StorageInputs, storageRef } from './storage-ref'

export { type MoveEffects, moveToOrganization, previewMove } from './move-organization'
export { forgetCloudStorage, readStorage, requireStorages, type StorageInputs, storageRef } from './storage-ref'

export type Project = typeof projects.$inferSelect
const owner = aliased(users, 'owner')
const assignee = aliased(users, 'assignee')

export const listOptions: ListOptions = {
  fields: {
    id: { column: projects.id as any, kind: 'number' },
    name: { column: projects.name as any, kind: 'text' },
    owner: { column: owner.username as any, kind: 'text' },
    assignee: { column: assignee.username as any, kind: 'text' },
    status: { column: projects.status as any, kind: 'text' },
    updated_date: { column: projects.updatedDate as any, kind: 'time' },
  },
  search: ['assignee', 'name', 'owner'],
  simple: ['assignee', 'name', 'owner', 'status'],
}

export const projectFacts = (project: Project): Facts => project
/** The columns of projects as the rules see them. */
export const projectColumns: FactColumns = {
  organizationId: projects.organizationId as any,
  ownerId: projects.ownerId as any,
  assigneeId: projects.assigneeId as any,
}

/** The guide that a task shows: of its project, if it has one, else its own. One query for all. */
export const findGuides = async (rows: { id: number; projectId: number | null }[], from: Db = db) => {
  const projectIds = rows.flatMap((row) => row.projectId ?? [])
  const taskIds = rows.flatMap((row) => (row.projectId === null ? row.id : []))
  const there = rows.length
    ? await from
        .select({ id: guides.id, taskId: guides.taskId, projectId: guides.projectId })
        .from(guides)
        .where(or(isAmong(guides.projectId as any, projectIds), isAmong(guides.taskId as any, taskIds)))
    : []
  const ofTask = new Map(there.map((guide) => [guide.taskId, guide.id]))
  const ofProject = new Map(there.map((guide) => [guide.projectId, guide.id]))
  return (row: { id: number; projectId: number | null }): number | null =>
    (row.projectId === null ? ofTask.get(row.id) : ofProject.get(row.projectId)) ?? null
}

/** Projects as the API shows them; a handful of queries however many there are. */
export const showProjects = async (origin: string, rows: Project[], from: Db = db) => {
  const ids = rows.map((row) => row.id)
  const people = await loadPeople(
    rows.flatMap((row) => [row.ownerId, row.assigneeId]),
    from,
  )
  const inside = ids.length
    ? await from
        .select({ id: tasks.id, projectId: tasks.projectId, subset: tasks.subset, dimension: tasks.dimension })
        .from(tasks)
        .where(amongProjects(ids))
    : []
  const guideOf = await findGuides(
    rows.map((row) => ({ id: 0, projectId: row.id })),
    from,
  )
  const person = (id: number | null) => (id === null || !people.has(id) ? null : showPerson(origin, people.get(id)!))
  return rows.map((row) => {
    const own = inside.filter((task) => task.projectId === row.id)
    return forClient('project', {
      url: `${origin}/api/projects/${row.id}`,
      id: row.id,
      name: row.name,
      owner: person(row.ownerId),
      assignee: person(row.assigneeId),
      guide_id: guideOf({ id: 0, projectId: row.id }),
      bug_tracker: row.bugTracker,
      task_subsets: [...new Set(own.map((task) => task.subset).filter(Boolean))].sort(),
      created_date: isoTime(row.createdDate),
      updated_date: isoTime(row.updatedDate),
      status: row.status,
      dimension: own[0]?.dimension ?? null,
      organization: row.organizationId,
      organization_id: row.organizationId,
      target_storage: row.targetStorage,
      source_storage: row.sourceStorage,
      assignee_updated_date: isoTimeOrNull(row.assigneeUpdatedDate),
      tasks: { count: own.length, url: `${origin}/api/tasks?project_id=${row.id}` },
      labels: { url: `${origin}/api/labels?project_id=${row.id}` },
    })
  })
}
export type ShownProject = Awaited<ReturnType<typeof showProjects>>[number]

const describe = async (who: Who, project: Project, t: Tx) => (await showProjects(who.origin ?? '', [project], t))[0]!
const changeOf = ({ id, organizationId }: Project) => ({ resource: 'project' as const, id, organizationId })

const amongProjects = (ids: number[]) => isAmong(tasks.projectId as any, ids)

export const listProjects = async (who: Who, context: OrgContext, conditions: SQL[], order: SQL[], paging: Paging) => {
  const where = and(scope(who, 'project', 'view', projectColumns, context), ...conditions)
  const joined = <T extends { leftJoin: any }>(query: T): T =>
    query.leftJoin(owner, eq(owner.id, projects.ownerId)).leftJoin(assignee, eq(assignee.id, projects.assigneeId))
  const rows = await joined(db.select({ project: projects }).from(projects))
    .where(where)
    .orderBy(...order, desc(projects.id))
    .limit(paging.size)
    .offset(paging.offset)
  const counted = db.select({ n: count() }).from(projects) as any
  // Joins make counting slow; without conditions none is needed.
  const [total] = await (conditions.length ? joined(counted) : counted).where(where)
  return { rows: rows.map((row) => row.project), count: total!.n }
}

export const findProject = async (id: number): Promise<Project> =>
  found((await db.select().from(projects).where(eq(projects.id, id)))[0])

/** The project, when the person may do `action` with it: else 404 or 403. */
export const getProject = async (who: Who, id: number, action = 'view'): Promise<Project> => {
  const project = await findProject(id)
  authorize(who, 'project', action, projectFacts(project))
  return project
}

export type ProjectInput = StorageInputs & {
  name?: string
  labels?: LabelInput[]
  owner_id?: number | null
  assignee_id?: number | null
  bug_tracker?: string
  organization_id?: number | null
}

/** Makes sure that a named person exists. */
export const requirePerson = async (t: Tx, field: string, id: number | null | undefined) => {
  if (id === null || id === undefined) return
  const [user] = await t.select({ id: users.id }).from(users).where(eq(users.id, id))
  if (!user) throw invalid({ [field]: `Invalid pk "${id}" - object does not exist.` })
}

export const createProject = async (who: Who, context: OrgContext, input: ProjectInput & { name: string }): Promise<Project> => {
  const organizationId = context.kind === 'organization' ? context.id : null
  authorize(who, 'project', 'create', { organizationId })
  const now = new Date()
  return tx(async (t) => {
    await requirePerson(t, 'assignee_id', input.assignee_id)
    await requireStorages(t, who, input)
    const [project] = await t
      .insert(projects)
      .values({
        name: input.name,
        ownerId: who.user.id,
        assigneeId: input.assignee_id ?? null,
        assigneeUpdatedDate: input.assignee_id ? now : null,
        organizationId,
        bugTracker: input.bug_tracker ?? '',
        sourceStorage: storageRef(input.source_storage),
        targetStorage: storageRef(input.target_storage),
        createdDate: now,
        updatedDate: now,
      })
      .returning()
    await applyLabels(t, { projectId: project!.id }, input.labels ?? [], { who, now, organizationId })
    await recordChange(t, who, { action: 'create', ...changeOf(project!), after: await describe(who, project!, t) })
    return project!
  })
}

/** The permission that each field needs; fields that are not here need `update`. */
const permissionOf: Partial<Record<keyof ProjectInput, string>> = {
  owner_id: 'update:owner',
  assignee_id: 'update:assignee',
  organization_id: 'update:organization',
  source_storage: 'update:storage',
  target_storage: 'update:storage',
}

/** Makes sure that an organization exists and that the person may put things of this kind there; null = their own space. */
export const requireOrganization = async (who: Who, kind: 'project' | 'task', organizationId: number | null) => {
  if (organizationId !== null) {
    const [there] = await db.select({ id: organizations.id }).from(organizations).where(eq(organizations.id, organizationId))
    if (!there) throw invalid({ organization_id: `Invalid pk "${organizationId}" - object does not exist.` })
  }
  authorize(who, kind, 'create', { organizationId })
}

export const updateProject = async (who: Who, id: number, input: ProjectInput): Promise<Project> => {
  const project = await getProject(who, id)
  for (const key of Object.keys(input) as (keyof ProjectInput)[])
    authorize(who, 'project', permissionOf[key] ?? 'update', project)
  const moves = input.organization_id !== undefined && input.organization_id !== project.organizationId
  if (moves) await requireOrganization(who, 'project', input.organization_id!)
  const now = new Date()
  return tx(async (t) => {
    await requirePerson(t, 'assignee_id', input.assignee_id)
    await requirePerson(t, 'owner_id', input.owner_id)
    await requireStorages(t, who, input)
    const before = await describe(who, project, t)
    if (input.labels) await applyLabels(t, { projectId: id }, input.labels, { who, now, organizationId: project.organizationId })
    await t
      .update(projects)
      .set({
        ...(input.name !== undefined && { name: input.name }),
        ...(input.bug_tracker !== undefined && { bugTracker: input.bug_tracker }),
        ...(input.owner_id !== undefined && { ownerId: input.owner_id }),
        ...(input.assignee_id !== undefined && {
          assigneeId: input.assignee_id,
          ...(input.assignee_id !== project.assigneeId && { assigneeUpdatedDate: now }),
        }),
        ...(input.source_storage !== undefined && { sourceStorage: storageRef(input.source_storage) }),
        ...(input.target_storage !== undefined && { targetStorage: storageRef(input.target_storage) }),
        updatedDate: now,
      })
      .where(eq(projects.id, id))
    if (moves) await moveToOrganization(t, input.organization_id!, { projectIds: [id] })
    const [updated] = await t.select().from(projects).where(eq(projects.id, id))
    await recordChange(t, who, { action: 'update', ...changeOf(project), before, after: await describe(who, updated!, t) })
    return updated!
  })
}

/** Notes the tasks and jobs that go with a project; webhooks are told of the project alone. */
const recordRemovedTasks = async (t: Tx, who: Who, project: Project, inside: { id: number; name: string }[]) => {
  const ids = inside.map((task) => task.id)
  const own = await t
    .select({ id: jobs.id, taskId: jobs.taskId })
    .from(jobs)
    .where(isAmong(jobs.taskId as any, ids))
  const place = { action: 'delete', organizationId: project.organizationId, projectId: project.id } as const
  const removed = [
    ...inside.map((task) => ({ ...place, resource: 'task' as const, id: task.id, before: task })),
    ...own.map(({ id, taskId }) => ({ ...place, resource: 'job' as const, id, taskId, before: { id } })),
  ]
  await recordChanges(t, who, removed, { quiet: true })
}

/** Removes a project with its tasks; answers the ids of those, whose files are to be removed. */
export const removeProject = async (who: Who, id: number): Promise<number[]> => {
  const project = await getProject(who, id, 'delete')
  const { inside, assets } = await tx(async (t) => {
    const assets = await listGuideAssets(t, { projectId: id })
    const inside = await t.select({ id: tasks.id, name: tasks.name }).from(tasks).where(eq(tasks.projectId, id))
    await recordChange(t, who, { action: 'delete', ...changeOf(project), before: await describe(who, project, t) })
    await recordRemovedTasks(t, who, project, inside)
    await t.delete(projects).where(eq(projects.id, id))
    return { inside, assets }
  })
  await removeAssetFiles(assets)
  return inside.map((task) => task.id)
}
