// Jobs as the API shows them and as the rules see them.
import { count } from 'drizzle-orm'
import type { taskData } from '../data/schema'
import { isAmong } from '../db/dialect'
import { type Db, db } from '../db/open'
import { forClient } from '../http/compat'
import { isoTime, isoTimeOrNull } from '../http/json'
import { issues } from '../issues/schema'
import type { Facts } from '../policy/can'
import type { projects } from '../projects/schema'
import { findGuides } from '../projects/service'
import type { tasks } from '../tasks/schema'
import { loadPeople, showPerson } from '../users/service'
import { jobs } from './schema'

export type Job = typeof jobs.$inferSelect
type Task = typeof tasks.$inferSelect
type Project = typeof projects.$inferSelect
export type JobRow = { job: Job; task: Task; project: Project | null; data: typeof taskData.$inferSelect | null }

export const jobFacts = ({ job, task, project }: JobRow): Facts => ({
  organizationId: task.organizationId,
  assigneeId: job.assigneeId,
  parents: project ? [task, project] : [task],
})
export type IssueCounts = { open: number; resolved: number }

/** Issues of jobs, in one query; jobs without any are left out. */
export const countIssues = async (ids: number[], from: Db = db): Promise<Map<number, IssueCounts>> => {
  const rows = ids.length
    ? await from
        .select({ jobId: issues.jobId, resolved: issues.resolved, n: count() })
        .from(issues)
        .where(isAmong(issues.jobId as any, ids))
        .groupBy(issues.jobId, issues.resolved)
    : []
  const counts = new Map<number, IssueCounts>()
  for (const { jobId, resolved, n } of rows)
    counts.set(jobId, { open: 0, resolved: 0, ...counts.get(jobId), [resolved ? 'resolved' : 'open']: n })
  return counts
}
const sumOf = (counts: IssueCounts | undefined) => (counts ? counts.open + counts.resolved : 0)

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
      issues: { url: `${origin}/api/issues?job_id=${job.id}`, count: sumOf(issueCounts.get(job.id)) },
      labels: { url: `${origin}/api/labels?job_id=${job.id}` },
    }),
  )
}
export type ShownJob = Awaited<ReturnType<typeof showJobs>>[number]
