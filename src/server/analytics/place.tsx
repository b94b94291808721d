// What a dashboard is about, who may see it, and which figures of it.
import { and, eq, inArray, type SQL, sql } from 'drizzle-orm'
import { t } from '../../web/ui/i18n/message'
import type { Visit } from '../auth/service'
import { db } from '../db/open'
import type { activityDays } from '../events/service'
import { forbidden, found } from '../http/errors'
import { jobs } from '../jobs/schema'
import { getJob, jobColumns } from '../jobs/service'
import { memberships } from '../organizations/schema'
import { getOrganization } from '../organizations/service'
import { can, type Facts, scope } from '../policy/can'
import type { Who } from '../policy/who'
import { projects } from '../projects/schema'
import { getProject } from '../projects/service'
import { tasks } from '../tasks/schema'
import { getTask } from '../tasks/service'
import { users } from '../users/schema'

type ActivityTable = typeof activityDays

export type PlaceKind = 'instance' | 'organization' | 'project' | 'task' | 'job' | 'person'
export type Place = {
  kind: PlaceKind
  /** 0 for the whole instance. */
  id: number
  name: string
  path: string
  crumbs: { href: string; label: string }[]
  /** Whether it shows the work of everybody, not only one's own. */
  isOfAll: boolean
  /** Rows of the event store that it is made of. */
  activityWhere: (table: ActivityTable) => SQL | undefined
  /** Jobs that it is made of; wants the joins with tasks and projects. */
  jobWhere: SQL | undefined
}

const yes = sql`1 = 1`
const activityColumns = (table: ActivityTable) => ({ organizationId: table.orgId as any, ownerId: table.userId as any })
const jobsOf = (who: Who) => scope(who, 'job', 'view', jobColumns)

const showInstance = ({ who }: Visit): Place => {
  if (!who.admin && !who.user.hasAnalyticsAccess) throw forbidden()
  return {
    kind: 'instance',
    id: 0,
    name: t('Analytics'),
    path: '/analytics',
    crumbs: [],
    isOfAll: true,
    activityWhere: () => yes,
    jobWhere: yes,
  }
}

const showOrganization = async ({ who }: Visit, id: number): Promise<Place> => {
  const { organization } = await getOrganization(who, id)
  return {
    kind: 'organization',
    id,
    name: organization.name || organization.slug,
    path: `/analytics/organizations/${id}`,
    crumbs: [],
    isOfAll: can(who, 'analytics', 'view:all', { organizationId: id }),
    activityWhere: (table) => and(eq(table.orgId, id), scope(who, 'analytics', 'view', activityColumns(table))),
    jobWhere: and(eq(tasks.organizationId, id), jobsOf(who)),
  }
}

/** Other people may be looked at by those who see all work of an organization that they belong to, as far as it was done there. */
const mayLookAt = async (who: Who, id: number): Promise<boolean> => {
  if (who.admin || who.user.id === id) return true
  const seen = [...who.roles.keys()].filter((org) => can(who, 'analytics', 'view:all', { organizationId: org }))
  if (!seen.length) return false
  const shared = and(eq(memberships.userId, id), inArray(memberships.organizationId, seen), eq(memberships.isActive, true))
  return (await db.select({ id: memberships.id }).from(memberships).where(shared).limit(1)).length > 0
}

const showPerson = async ({ who }: Visit, id: number): Promise<Place> => {
  if (!(await mayLookAt(who, id))) throw forbidden()
  const person = found((await db.select().from(users).where(eq(users.id, id)))[0])
  return {
    kind: 'person',
    id,
    name: person.username,
    path: `/analytics/people/${id}`,
    crumbs: [],
    isOfAll: true,
    activityWhere: (table) => and(eq(table.userId, id), scope(who, 'analytics', 'view', activityColumns(table))),
    jobWhere: and(eq(jobs.assigneeId, id), jobsOf(who)),
  }
}

type Thing = Pick<Place, 'kind' | 'id' | 'name' | 'path' | 'crumbs' | 'jobWhere'> & {
  facts: Facts
  column: 'projectId' | 'taskId' | 'jobId'
}

/** Of a thing that one may see, one's own figures; all of them for those who are responsible. */
const showThing = ({ who }: Visit, { facts, column, jobWhere, ...thing }: Thing): Place => {
  const isOfAll = can(who, 'analytics', 'view:all', facts)
  return {
    ...thing,
    isOfAll,
    activityWhere: (table) => and(eq(table[column], thing.id), isOfAll ? yes : eq(table.userId, who.user.id)),
    jobWhere: and(jobWhere, jobsOf(who)),
  }
}

const showProject = async (visit: Visit, id: number): Promise<Place> => {
  const project = await getProject(visit.who, id)
  return showThing(visit, {
    kind: 'project',
    id,
    name: project.name,
    path: `/projects/${id}/analytics`,
    crumbs: [
      { href: '/projects', label: t('Projects') },
      { href: `/projects/${id}`, label: project.name },
    ],
    facts: { organizationId: project.organizationId, parents: [project] },
    column: 'projectId',
    jobWhere: eq(projects.id, id),
  })
}

const showTask = async (visit: Visit, id: number): Promise<Place> => {
  const { task, project } = await getTask(visit.who, id)
  return showThing(visit, {
    kind: 'task',
    id,
    name: task.name,
    path: `/tasks/${id}/analytics`,
    crumbs: [
      { href: '/tasks', label: t('Tasks') },
      { href: `/tasks/${id}`, label: task.name },
    ],
    facts: { organizationId: task.organizationId, parents: project ? [task, project] : [task] },
    column: 'taskId',
    jobWhere: eq(tasks.id, id),
  })
}

const showJob = async (visit: Visit, id: number): Promise<Place> => {
  const { task, project } = await getJob(visit.who, id)
  const facts = { organizationId: task.organizationId, parents: project ? [task, project] : [task] }
  return showThing(visit, {
    kind: 'job',
    id,
    name: t('Job #{id}', { id }),
    path: `/jobs/${id}/analytics`,
    crumbs: [
      // Who works on a job need not see its task.
      ...(can(visit.who, 'task', 'view', { ...task, parents: project ? [project] : [] })
        ? [{ href: `/tasks/${task.id}`, label: task.name }]
        : []),
      { href: `/tasks/${task.id}/jobs/${id}`, label: t('Job #{id}', { id }) },
    ],
    facts,
    column: 'jobId',
    jobWhere: eq(jobs.id, id),
  })
}

const openers: Record<PlaceKind, (visit: Visit, id: number) => Place | Promise<Place>> = {
  instance: showInstance,
  organization: showOrganization,
  person: showPerson,
  project: showProject,
  task: showTask,
  job: showJob,
}

/** Throws 404 or 403 unless the person may see figures of it. */
export const openPlace = async (visit: Visit, kind: PlaceKind, id: number): Promise<Place> => openers[kind](visit, id)
