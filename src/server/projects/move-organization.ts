// Takes projects and tasks to another organization, or out of all of them.
import { and, count, eq, isNotNull, notInArray, type SQL } from 'drizzle-orm'
import { isAmong } from '../db/dialect'
import { db, type Tx } from '../db/open'
import { jobs } from '../jobs/schema'
import { memberships } from '../organizations/schema'
import { tasks } from '../tasks/schema'
import { users } from '../users/schema'
import { webhooks } from '../webhooks/schema'
import { projects } from './schema'

/** People who do not belong to the new place cannot be reached there; without organization everybody can. */
const dropStrangers = async (t: Tx, organizationId: number | null, projectIds: number[], taskIds: number[]) => {
  if (organizationId === null) return
  const members = t.select({ id: memberships.userId }).from(memberships).where(eq(memberships.organizationId, organizationId))
  const strange = (column: typeof tasks.assigneeId): SQL => and(isNotNull(column), notInArray(column, members))!
  const nobody = { assigneeId: null, assigneeUpdatedDate: new Date() }
  await t
    .update(projects)
    .set(nobody)
    .where(and(isAmong(projects.id as any, projectIds), strange(projects.assigneeId as any)))
  await t
    .update(tasks)
    .set(nobody)
    .where(and(isAmong(tasks.id as any, taskIds), strange(tasks.assigneeId)))
  await t
    .update(jobs)
    .set(nobody)
    .where(and(isAmong(jobs.taskId as any, taskIds), strange(jobs.assigneeId as any)))
}

/**
 * Moves projects with their tasks, and tasks of their own. Cloud storages stay where they are, so references to them are dropped;
 * so are assignees who are no members of the new organization.
 */
export const moveToOrganization = async (
  t: Tx,
  organizationId: number | null,
  { projectIds = [], taskIds = [] }: { projectIds?: number[]; taskIds?: number[] },
): Promise<void> => {
  const inside = await t
    .select({ id: tasks.id })
    .from(tasks)
    .where(isAmong(tasks.projectId as any, projectIds))
  const allTasks = [...taskIds, ...inside.map(({ id }) => id)]
  const place = { organizationId, sourceStorage: null, targetStorage: null }
  await t
    .update(projects)
    .set(place)
    .where(isAmong(projects.id as any, projectIds))
  await t
    .update(tasks)
    .set(place)
    .where(isAmong(tasks.id as any, allTasks))
  await t
    .update(webhooks)
    .set({ organizationId })
    .where(isAmong(webhooks.projectId as any, projectIds))
  await dropStrangers(t, organizationId, projectIds, allTasks)
}

type Moving = { projectId: number } | { taskId: number }
/** What a move takes along and what it loses. `people` are the names of those who lose their assignments. */
export type MoveEffects = { tasks: number; jobs: number; webhooks: number; storages: number; people: string[] }

/** Tells what moving a project or task to this organization (null: to no organization) does, without doing it. */
export const previewMove = async (what: Moving, organizationId: number | null): Promise<MoveEffects> => {
  const inside = 'taskId' in what ? eq(tasks.id, what.taskId) : eq(tasks.projectId as any, what.projectId)
  const places = { source: tasks.sourceStorage, target: tasks.targetStorage, assigneeId: tasks.assigneeId }
  const own: { source: unknown; target: unknown; assigneeId: number | null }[] = await db.select(places).from(tasks).where(inside)
  const taskCount = own.length
  let hooks = 0
  if ('projectId' in what) {
    const { sourceStorage: source, targetStorage: target, assigneeId } = projects
    own.push(...(await db.select({ source, target, assigneeId }).from(projects).where(eq(projects.id, what.projectId))))
    const [row] = await db.select({ n: count() }).from(webhooks).where(eq(webhooks.projectId, what.projectId))
    hooks = row!.n
  }
  const ofJobs = await db
    .select({ assigneeId: jobs.assigneeId, n: count() })
    .from(jobs)
    .innerJoin(tasks, eq(tasks.id, jobs.taskId))
    .where(inside)
    .groupBy(jobs.assigneeId)
  const isCloud = (place: unknown) => (place as { location?: string } | null)?.location === 'cloud_storage'
  return {
    tasks: taskCount,
    jobs: ofJobs.reduce((sum, { n }) => sum + n, 0),
    webhooks: hooks,
    storages: own.flatMap(({ source, target }) => [source, target]).filter(isCloud).length,
    people: await listStrangers(
      [...own, ...ofJobs].flatMap(({ assigneeId }) => assigneeId ?? []),
      organizationId,
    ),
  }
}

/** The names of those among these people who are no members. */
const listStrangers = async (ids: number[], organizationId: number | null): Promise<string[]> => {
  if (organizationId === null || !ids.length) return []
  const members = db.select({ id: memberships.userId }).from(memberships).where(eq(memberships.organizationId, organizationId))
  const rows = await db
    .select({ username: users.username })
    .from(users)
    .where(and(isAmong(users.id as any, [...new Set(ids)]), notInArray(users.id, members)))
  return rows.map(({ username }) => username).sort()
}
