// Takes projects and tasks to another organization, or out of all of them.
import { and, eq, isNotNull, notInArray, type SQL } from 'drizzle-orm'
import { isAmong } from '../db/dialect'
import type { Tx } from '../db/open'
import { jobs } from '../jobs/schema'
import { memberships } from '../organizations/schema'
import { tasks } from '../tasks/schema'
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
