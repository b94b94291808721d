// The jobs on the page of a task: replicas stand folded under their jobs unless a filter asks for something else.
import { asc, eq, ne, type SQL } from 'drizzle-orm'
import type { JobEntry } from '../../web/ui/job-table'
import { addressOf, type ListState } from '../../web/ui/list-address'
import type { Visit } from '../auth/service'
import { isAmong } from '../db/dialect'
import { readConditions, readOrder, readPaging } from '../http/page'
import { jobs } from '../jobs/schema'
import { describeJobs, listJobs, listOptions } from '../jobs/service'
import { can } from '../policy/can'
import type { TaskRow } from './service'

const maxReplicas = 500
const everything = { kind: 'any' } as const
const byNumber = [asc(jobs.id as any)]

const readUnfolded = (text = '') => text.split(',').flatMap((part) => (/^\d{1,9}$/.test(part) ? Number(part) : []))

/** Who sees only replicas of their own must find them; who sees all jobs finds them under their parents. */
const seesAll = ({ who }: Visit, { task, project }: TaskRow) =>
  can(who, 'job', 'view', { organizationId: task.organizationId, parents: project ? [task, project] : [task] })

/** One page of the jobs with those replicas that are unfolded, and the state of the list. */
export const loadTaskJobs = async (visit: Visit, row: TaskRow): Promise<{ entries: JobEntry[]; state: ListState }> => {
  const { who, origin, path, query } = visit
  const paging = readPaging(query)
  const isFolded = !query.filter && seesAll(visit, row)
  const conditions: SQL[] = [
    eq(jobs.taskId as any, row.task.id),
    ...readConditions(query, listOptions),
    ...(isFolded ? [ne(jobs.type as any, 'replica')] : []),
  ]
  const { rows, count } = await listJobs(who, everything, conditions, readOrder(query, listOptions, byNumber), paging)
  const state: ListState = { path, query, count, page: paging.page, size: paging.size }
  const entries = await describeJobs(who, origin, rows)
  if (!isFolded) return { entries, state }

  const unfolded = readUnfolded(query.unfold)
  const parents = entries.flatMap(({ job }) => (job.replicas_count && unfolded.includes(job.id) ? job.id : []))
  const inside = { page: 1, size: maxReplicas, offset: 0 }
  const replicas = parents.length
    ? await describeJobs(
        who,
        origin,
        (await listJobs(who, everything, [isAmong(jobs.parentJobId as any, parents)], byNumber, inside)).rows,
      )
    : []
  const toggle = (id: number) => {
    const rest = unfolded.includes(id) ? unfolded.filter((other) => other !== id) : [...unfolded, id]
    return addressOf(state, { unfold: rest.join(',') || undefined, page: query.page })
  }
  return {
    state,
    entries: entries.flatMap((entry) => {
      const { job } = entry
      if (!job.replicas_count) return [entry]
      const fold = { href: toggle(job.id), isOpen: parents.includes(job.id) }
      return [{ ...entry, fold }, ...replicas.filter((replica) => replica.job.parent_job_id === job.id)]
    }),
  }
}
