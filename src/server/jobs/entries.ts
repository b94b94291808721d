// Jobs as the rows of lists show them: what the person may do with each, its issues, its replicas.
import { and, eq } from 'drizzle-orm'
import type { JobEntry } from '../../web/ui/job-table'
import { jobActions } from '../../web/ui/rights'
import { isAmong } from '../db/dialect'
import { db } from '../db/open'
import { readRights } from '../http/rights'
import type { Who } from '../policy/who'
import { validationLayouts } from '../tasks/schema'
import { countIssues, type JobRow, jobFacts, showJobs } from './show-jobs'

/** The tasks whose ground truth job has to stay, as its frames are hidden in the other jobs. */
const listPools = async (rows: JobRow[]): Promise<Set<number>> => {
  const ids = rows.flatMap(({ job }) => (job.type === 'ground_truth' ? job.taskId : []))
  if (!ids.length) return new Set()
  const inPool = and(isAmong(validationLayouts.taskId as any, ids), eq(validationLayouts.mode, 'gt_pool'))
  const found = await db.select({ taskId: validationLayouts.taskId }).from(validationLayouts).where(inPool)
  return new Set(found.map(({ taskId }) => taskId))
}

/** The rows for the table of jobs; only ground truth jobs can be removed by themselves. */
export const describeJobs = async (who: Who, origin: string, rows: JobRow[]): Promise<JobEntry[]> => {
  const shown = await showJobs(origin, rows)
  const issues = await countIssues(rows.map(({ job }) => job.id))
  const pools = await listPools(rows)
  return rows.map((row, i) => {
    const rights = readRights(who, 'job', jobActions, jobFacts(row))
    const isRemovable = row.job.type === 'ground_truth' && !pools.has(row.job.taskId)
    return {
      job: shown[i]!,
      rights: { ...rights, remove: rights.remove && isRemovable },
      issues: issues.get(row.job.id) ?? { open: 0, resolved: 0 },
    }
  })
}
