// Where the events of a client belong: a job that the sender may see tells its task, project and organization.
import { and, eq } from 'drizzle-orm'
import { isAmong } from '../db/dialect'
import { db } from '../db/open'
import { jobs } from '../jobs/schema'
import { jobColumns } from '../jobs/service'
import { organizations } from '../organizations/schema'
import { scope } from '../policy/can'
import type { Who } from '../policy/who'
import { projects } from '../projects/schema'
import { tasks } from '../tasks/schema'

type Claim = { job_id?: number | null; task_id?: number | null; project_id?: number | null }
export type Place = {
  orgId: number | null
  orgSlug: string | null
  projectId: number | null
  taskId: number | null
  jobId: number | null
  isCounted: boolean
}

/** Places of the jobs that are named, as far as this person may see them. */
export const loadPlaces = async (who: Who, claims: Claim[]): Promise<Map<number, Place>> => {
  const ids = [...new Set(claims.flatMap(({ job_id }) => job_id ?? []))]
  if (!ids.length) return new Map()
  const rows = await db
    .select({
      jobId: jobs.id,
      taskId: tasks.id,
      projectId: tasks.projectId,
      orgId: tasks.organizationId,
      orgSlug: organizations.slug,
    })
    .from(jobs)
    .innerJoin(tasks, eq(tasks.id, jobs.taskId))
    .leftJoin(projects, eq(projects.id, tasks.projectId))
    .leftJoin(organizations, eq(organizations.id, tasks.organizationId))
    .where(and(isAmong(jobs.id as any, ids), scope(who, 'job', 'view', jobColumns)))
  return new Map(rows.map((row) => [row.jobId, { ...row, isCounted: true }]))
}

/** Without a job nobody can tell whose work it was, so that it counts for the person alone, and only when no other place is named. */
export const placeOf = (claim: Claim, known: Map<number, Place>, org: { id: number; slug: string } | null): Place => {
  const found = known.get(claim.job_id ?? -1)
  if (found) return found
  const { job_id: jobId = null, task_id: taskId = null, project_id: projectId = null } = claim
  const isFree = jobId === null && taskId === null && projectId === null
  return { orgId: org?.id ?? null, orgSlug: org?.slug ?? null, projectId, taskId, jobId, isCounted: isFree }
}
