// Quality over time, from the reports that were made: the mean accuracy of the reports of a step.
import { and, eq, gte, isNotNull, lt } from 'drizzle-orm'
import { db } from '../db/open'
import { jobs } from '../jobs/schema'
import { projects } from '../projects/schema'
import { qualityReports } from '../quality/schema'
import { tasks } from '../tasks/schema'
import { type Filters, filteredJobs, stepMs } from './filters'
import type { Place } from './place'

export type QualityPoint = { start: number; accuracy: number; reports: number }

/** Reports of jobs, each for as many annotations as it compared. */
export const loadQualityTrend = async (place: Place, filters: Filters): Promise<QualityPoint[]> => {
  const { from, to, step, person } = filters
  const who = place.kind === 'person' ? place.id : person
  const rows = await db
    .select({ created: qualityReports.createdDate, summary: qualityReports.summary })
    .from(qualityReports)
    .innerJoin(jobs, eq(jobs.id, qualityReports.jobId))
    .innerJoin(tasks, eq(tasks.id, jobs.taskId))
    .leftJoin(projects, eq(projects.id, tasks.projectId))
    .where(
      and(
        isNotNull(qualityReports.jobId),
        gte(qualityReports.createdDate, new Date(from)),
        lt(qualityReports.createdDate, new Date(to)),
        filteredJobs(place, filters),
        who === null ? undefined : eq(qualityReports.assigneeId, who),
      ),
    )
  const length = stepMs[step]
  const groups = Map.groupBy(rows, ({ created }) => from + Math.floor((created.getTime() - from) / length) * length)
  return [...groups]
    .map(([start, reports]) => {
      const valid = reports.reduce((sum, { summary }) => sum + summary.valid_count, 0)
      const total = reports.reduce((sum, { summary }) => sum + summary.total_count, 0)
      return { start, accuracy: total ? valid / total : Number.NaN, reports: reports.length }
    })
    .filter(({ accuracy }) => !Number.isNaN(accuracy))
    .sort((a, b) => a.start - b.start)
}
