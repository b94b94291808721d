// Where is searched: the jobs that a person may see, in everything, a project or a task; and what holds for whole jobs and frames.
import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import { shapes, tags, tracks } from '../annotations/schema'
import { frames } from '../data/schema'
import { jobs } from '../jobs/schema'
import { jobColumns } from '../jobs/service'
import { scope } from '../policy/can'
import type { OrgContext, Who } from '../policy/who'
import { projects } from '../projects/schema'
import { tasks } from '../tasks/schema'
import { users } from '../users/schema'

export type Place = { projectId?: number; taskId?: number; jobId?: number }

/** Conditions on jobs and tasks. */
export const isInPlace = ({ projectId, taskId, jobId }: Place): SQL =>
  and(
    projectId === undefined ? undefined : eq(tasks.projectId, projectId),
    taskId === undefined ? undefined : eq(jobs.taskId, taskId),
    jobId === undefined ? undefined : eq(jobs.id, jobId),
  ) ?? sql`1 = 1`

const jobTables = sql`${jobs} inner join ${tasks} on ${tasks.id} = ${jobs.taskId} left join ${projects} on ${projects.id} = ${tasks.projectId} left join ${users} on ${users.id} = ${jobs.assigneeId}`

/** A subquery: ids of the jobs that fit. */
const jobIds = (where: SQL) => sql`(select ${jobs.id} from ${jobTables} where ${where})`

/** A subquery: ids of the jobs of a place that the person may see. */
export const visibleJobs = (who: Who, context: OrgContext, place: Place): SQL =>
  jobIds(and(scope(who, 'job', 'view', jobColumns, context), isInPlace(place))!)

/** Whether the job of an object fits. The sign leaves the choice of an index to the place. */
export const jobFits = (jobId: AnyPgColumn, where: SQL): SQL => sql`+${jobId} in ${jobIds(where)}`

type At = { jobId: AnyPgColumn; frame: AnyPgColumn }

/** Whether the picture of an object's frame fits; a video has no pictures of its own. */
export const pictureFits = ({ jobId, frame }: At, place: Place, where: SQL): SQL =>
  sql`(${jobId}, ${frame}) in (select ${jobs.id}, ${frames.number} from ${jobs} inner join ${tasks} on ${tasks.id} = ${jobs.taskId} inner join ${frames} on ${frames.taskId} = ${jobs.taskId} and ${frames.number} between ${jobs.startFrame} and ${jobs.stopFrame} where ${isInPlace(place)} and ${where})`

/** Whether as many objects begin on the frame; `compare` makes the condition of their number. */
export const countFits = ({ jobId, frame }: At, visible: SQL, compare: (count: SQL) => SQL): SQL => {
  const part = (table: typeof tags | typeof shapes | typeof tracks) =>
    sql`select ${table.jobId} as job_id, ${table.frame} as frame from ${table} where ${table.jobId} in ${visible}${'parentId' in table ? sql` and +${table.parentId} is null` : sql``}`
  const begun = sql.join([part(shapes), part(tracks), part(tags)], sql` union all `)
  return sql`(${jobId}, ${frame}) in (select begun.job_id, begun.frame from (${begun}) begun group by begun.job_id, begun.frame having ${compare(sql`count(*)`)})`
}
