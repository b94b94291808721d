// Reports and conflicts: who sees which, how they are asked for, and what clients get to read.
import { and, desc, eq, inArray, min, or, type SQL, sql } from 'drizzle-orm'
import { type Db, db } from '../db/open'
import { isSince } from '../http/compat'
import { found, invalid, refused } from '../http/errors'
import { float, isoTime, isoTimeOrNull } from '../http/json'
import type { ListOptions, Paging } from '../http/page'
import { jobs } from '../jobs/schema'
import { getJob, jobsOfTask } from '../jobs/service'
import { authorize, type FactColumns, type Facts, scope } from '../policy/can'
import type { OrgContext, Who } from '../policy/who'
import { projects } from '../projects/schema'
import { getProject } from '../projects/service'
import { type NewRequest, requestId } from '../requests/service'
import { tasks } from '../tasks/schema'
import { getTask } from '../tasks/service'
import { loadPeople, showPerson } from '../users/service'
import type { Conflict } from './compare/compare-frame'
import { findGroundTruth, type Report } from './compute-task'
import { type RequirementResult, readReport, type Summary } from './report'
import { qualityConflicts, qualityReportParents, qualityReports } from './schema'

type Task = typeof tasks.$inferSelect
type Project = typeof projects.$inferSelect
/** A report without its body, and what it is about. */
export type ReportRow = { report: Omit<Report, 'data'>; task: Task | null; project: Project | null }

const coalesce = (...columns: unknown[]) => sql`coalesce(${sql.join(columns as SQL[], sql`, `)})`
const factColumns: FactColumns = {
  organizationId: coalesce(tasks.organizationId, projects.organizationId) as any,
  ownerId: tasks.ownerId as any,
  assigneeId: tasks.assigneeId as any,
  parents: [{ ownerId: projects.ownerId as any, assigneeId: projects.assigneeId as any }],
}
const factsOf = ({ task, project }: Pick<ReportRow, 'task' | 'project'>): Facts => ({
  organizationId: task?.organizationId ?? project?.organizationId ?? null,
  ownerId: task?.ownerId ?? null,
  assigneeId: task?.assigneeId ?? null,
  parents: project ? [project] : [],
})

export const reportOptions: ListOptions = {
  fields: {
    id: { column: qualityReports.id as any, kind: 'number' },
    job_id: { column: qualityReports.jobId as any, kind: 'number' },
    task_id: { column: qualityReports.taskId as any, kind: 'number' },
    project_id: { column: qualityReports.projectId as any, kind: 'number' },
    created_date: { column: qualityReports.createdDate as any, kind: 'time' },
    gt_last_updated: { column: qualityReports.gtLastUpdated as any, kind: 'time' },
    target_last_updated: { column: qualityReports.targetLastUpdated as any, kind: 'time' },
  },
  search: [],
  simple: ['job_id'],
}

const light = {
  id: qualityReports.id,
  jobId: qualityReports.jobId,
  taskId: qualityReports.taskId,
  projectId: qualityReports.projectId,
  createdDate: qualityReports.createdDate,
  targetLastUpdated: qualityReports.targetLastUpdated,
  gtLastUpdated: qualityReports.gtLastUpdated,
  assigneeId: qualityReports.assigneeId,
  assigneeLastUpdated: qualityReports.assigneeLastUpdated,
  summary: qualityReports.summary,
}
const selected = { report: light, task: tasks, project: projects }
const joined = <T extends { leftJoin: any }>(query: T): T =>
  query
    .leftJoin(jobs, eq(jobs.id, qualityReports.jobId))
    .leftJoin(tasks, eq(tasks.id, coalesce(qualityReports.taskId, jobs.taskId) as any))
    .leftJoin(projects, eq(projects.id, coalesce(qualityReports.projectId, tasks.projectId) as any))

export type ReportQuery = { jobId?: number; taskId?: number; projectId?: number; parentId?: number; target?: string }
const targets = { job: qualityReports.jobId, task: qualityReports.taskId, project: qualityReports.projectId }

/** Reports below another one, its own children's included. */
const childrenOf = (parentId: number): SQL => {
  const direct = sql`select ${qualityReportParents.childId} from ${qualityReportParents} where ${qualityReportParents.parentId}`
  return sql`${qualityReports.id} in (${direct} = ${parentId} union ${direct} in (${direct} = ${parentId}))`
}

/** Throws 404 or 403 for a place that the person may not see, and 400 for an unknown target. */
const readQuery = async (who: Who, { jobId, taskId, projectId, parentId, target }: ReportQuery): Promise<SQL[]> => {
  const conditions: SQL[] = []
  if (parentId !== undefined) {
    found((await db.select({ id: qualityReports.id }).from(qualityReports).where(eq(qualityReports.id, parentId)))[0])
    conditions.push(childrenOf(parentId))
  }
  if (jobId !== undefined) await getJob(who, jobId)
  if (taskId !== undefined) {
    await getTask(who, taskId)
    conditions.push(eq(tasks.id, taskId))
  }
  if (projectId !== undefined) {
    await getProject(who, projectId)
    conditions.push(eq(projects.id, projectId))
  }
  if (target) {
    const column = targets[target as keyof typeof targets]
    if (!column) throw invalid({ target: `Unexpected 'target' filter value '${target}'. Valid values are: job, task, project` })
    conditions.push(sql`${column} is not null`)
  }
  return conditions
}

export const listReports = async (
  who: Who,
  context: OrgContext,
  query: ReportQuery,
  conditions: SQL[],
  order: SQL[],
  paging: Paging,
) => {
  const where = and(...(await readQuery(who, query)), scope(who, 'quality-report', 'view', factColumns, context), ...conditions)
  const rows: ReportRow[] = await joined(db.select(selected).from(qualityReports) as any)
    .where(where)
    .orderBy(...order, desc(qualityReports.id))
    .limit(paging.size)
    .offset(paging.offset)
  const [total] = await joined(db.select({ n: sql<number>`count(*)`.mapWith(Number) }).from(qualityReports) as any).where(where)
  return { rows, count: total!.n as number }
}

/** The report, when the person may see it: else 404 or 403. */
export const getReport = async (who: Who, id: number): Promise<ReportRow> => {
  const [row] = (await joined(db.select(selected).from(qualityReports) as any).where(eq(qualityReports.id, id))) as ReportRow[]
  authorize(who, 'quality-report', 'view', factsOf(found(row)))
  return row!
}

const loadParents = async (ids: number[], from: Db = db): Promise<Map<number, number>> => {
  const rows = ids.length
    ? await from
        .select({ childId: qualityReportParents.childId, parentId: min(qualityReportParents.parentId) })
        .from(qualityReportParents)
        .where(inArray(qualityReportParents.childId, ids))
        .groupBy(qualityReportParents.childId)
    : []
  return new Map(rows.map(({ childId, parentId }) => [childId, parentId!]))
}

const targetOf = ({ jobId, taskId }: Omit<Report, 'data'>) => (jobId !== null ? 'job' : taskId !== null ? 'task' : 'project')

const showScore = ({ score, threshold, ...result }: RequirementResult) => ({
  ...result,
  score: float(score),
  threshold: float(threshold),
})

/** Types and severities that newer clients know: without warnings. */
const knownConflicts = (summary: Summary) => {
  const { conflict_count, warning_count, error_count, conflicts_by_type } = summary
  if (!isSince('2.80')) return { conflict_count, warning_count, error_count, conflicts_by_type }
  const { low_overlap = 0, ...rest } = conflicts_by_type
  const count = conflict_count - low_overlap
  return { conflict_count: count, warning_count: 0, error_count: count, conflicts_by_type: rest }
}

/** Counts and scores as both generations of clients name them. */
export const showSummary = (summary: Summary) => {
  const { tasks, jobs, requirements } = summary
  const frameShare = float(summary.frame_count / (summary.total_frames || 1))
  const share = (whole: number) => float(summary.valid_count / (whole || 1))
  const isNew = isSince('2.80')
  return {
    total_frames: summary.total_frames,
    frame_count: summary.frame_count,
    validation_frames: summary.frame_count,
    frame_share: frameShare,
    validation_frame_share: frameShare,
    ...knownConflicts(summary),
    valid_count: summary.valid_count,
    ds_count: summary.ds_count,
    gt_count: summary.gt_count,
    total_count: summary.total_count,
    accuracy: share(summary.total_count),
    precision: share(summary.ds_count),
    recall: share(summary.gt_count),
    ...(tasks && {
      tasks: {
        ...tasks,
        included: tasks.total - tasks.custom - tasks.not_configured - tasks.excluded,
        ...(isNew && { completed: tasks.total - tasks.not_configured }),
      },
    }),
    ...(jobs && {
      jobs: {
        ...jobs,
        included: jobs.total - jobs.excluded,
        ...(isNew && { completed: jobs.total - jobs.excluded - jobs.not_checkable }),
      },
    }),
    ...(isNew && {
      requirements: {
        total: requirements.length,
        enabled: requirements.length,
        completed: requirements.filter(({ score, threshold }) => score !== null && score >= threshold).length,
        not_computed: requirements.filter(({ calculation }) => calculation.status === 'not_computed').length,
        items: requirements.map(showScore),
      },
    }),
  }
}

export const showReports = async (origin: string, rows: ReportRow[]) => {
  const parents = await loadParents(rows.map(({ report }) => report.id))
  const people = await loadPeople(rows.map(({ report }) => report.assigneeId))
  return rows.map(({ report, task, project }) => ({
    id: report.id,
    job_id: report.jobId,
    task_id: task?.id ?? null,
    project_id: project?.id ?? null,
    parent_id: parents.get(report.id) ?? null,
    target: targetOf(report),
    summary: showSummary(report.summary),
    created_date: isoTime(report.createdDate),
    target_last_updated: isoTime(report.targetLastUpdated),
    gt_last_updated: isoTimeOrNull(report.gtLastUpdated),
    assignee:
      report.assigneeId !== null && people.has(report.assigneeId) ? showPerson(origin, people.get(report.assigneeId)!) : null,
  }))
}

/** The body of a report the person may see. */
export const readBody = async (who: Who, id: number) => {
  const row = await getReport(who, id)
  const [{ data }] = (await db.select({ data: qualityReports.data }).from(qualityReports).where(eq(qualityReports.id, id))) as [
    { data: string },
  ]
  return { row, body: readReport(data) }
}

/** Everything that a report says, with addresses that open each annotation, as a file. */
export const showData = async (who: Who, origin: string, id: number) => {
  const { row, body } = await readBody(who, id)
  const { report, task, project } = row
  const parents = await loadParents([id])
  const people = await loadPeople([report.assigneeId])
  const assignee = report.assigneeId === null ? undefined : people.get(report.assigneeId)
  const { frames, ...summary } = body.comparison_summary
  const isNew = isSince('2.80')
  const showConflict = ({ attribute_names: names, ...conflict }: Conflict) => ({
    ...conflict,
    ...(isNew && { attribute_names: names ?? [] }),
  })
  const withUrl = (conflict: Conflict) => ({
    ...showConflict(conflict),
    annotation_ids: conflict.annotation_ids.map((ref) => ({
      ...ref,
      url: `${origin}/tasks/${task?.id}/jobs/${ref.job_id}?frame=${conflict.frame_id}&type=${ref.type}&serverID=${ref.obj_id}`,
    })),
  })
  const frameShare = summary.frame_count / (summary.total_frames || 1)
  const sorted = (ids: number[]) => [...ids].sort((a, b) => a - b)
  const { tasks: taskStats, jobs: jobStats } = summary
  return {
    id,
    ...(report.jobId !== null && { job_id: report.jobId }),
    ...(task && { task_id: task.id }),
    ...(project && { project_id: project.id }),
    ...(parents.has(id) && { parent_id: parents.get(id) }),
    created_date: isoTime(report.createdDate),
    target_last_updated: isoTime(report.targetLastUpdated),
    ...(report.gtLastUpdated && { gt_last_updated: isoTime(report.gtLastUpdated) }),
    assignee: assignee
      ? { id: assignee.id, username: assignee.username, first_name: assignee.firstName, last_name: assignee.lastName }
      : null,
    parameters: body.parameters,
    comparison_summary: {
      ...(frames && { frames }),
      ...summary,
      frame_share: frameShare,
      mean_conflict_count: summary.conflict_count / (summary.frame_count || 1),
      tasks: taskStats && {
        all: sorted(taskStats.all),
        custom: sorted(taskStats.custom),
        not_configured: sorted(taskStats.not_configured),
        excluded: sorted(taskStats.excluded),
        total_count: taskStats.all.length,
        custom_count: taskStats.custom.length,
        not_configured_count: taskStats.not_configured.length,
        excluded_count: taskStats.excluded.length,
        included_count:
          taskStats.all.length - taskStats.custom.length - taskStats.not_configured.length - taskStats.excluded.length,
      },
      jobs: jobStats && {
        all: sorted(jobStats.all),
        excluded: sorted(jobStats.excluded),
        not_checkable: sorted(jobStats.not_checkable),
        total_count: jobStats.all.length,
        excluded_count: jobStats.excluded.length,
        not_checkable_count: jobStats.not_checkable.length,
        included_count: jobStats.all.length - jobStats.excluded.length,
      },
      frame_share_percent: frameShare * 100,
    },
    ...(body.frame_results && {
      frame_results: Object.fromEntries(
        Object.entries(body.frame_results).map(([frame, result]) => [
          frame,
          { ...result, conflicts: result.conflicts.map(withUrl) },
        ]),
      ),
    }),
    conflicts: Object.values(body.frame_results ?? {}).flatMap(({ conflicts }) => conflicts.map(showConflict)),
    ...(isNew && { requirements: body.requirements.map(({ annotations: _, ...result }) => result) }),
  }
}

const requestOf = (
  target: 'task' | 'project',
  id: number,
  place: { projectId: number | null; orgId: number | null },
): NewRequest => ({
  id: requestId({ action: 'calculate', target, target_id: id, subresource: 'quality' }),
  action: 'calculate',
  target,
  subresource: 'quality',
  taskId: target === 'task' ? id : null,
  ...place,
  chore: 'compute-quality',
})

/** Checks that a report can be made and the person may ask for it; answers the request to start. */
export const planReport = async (who: Who, input: { task_id?: number; project_id?: number }): Promise<NewRequest> => {
  const given = [input.task_id, input.project_id].filter((value) => value !== undefined && value !== null)
  if (given.length > 1) throw refused('Only 1 of the fields task_id, project_id can be used')
  if (!given.length) throw refused('One of the fields task_id, project_id required')
  if (input.project_id !== undefined) {
    const project = await getProject(who, input.project_id)
    authorize(who, 'quality-report', 'create', factsOf({ task: null, project }))
    return requestOf('project', project.id, { projectId: project.id, orgId: project.organizationId })
  }
  const { task, project } = await getTask(who, input.task_id!)
  authorize(who, 'quality-report', 'create', factsOf({ task, project }))
  if (!findGroundTruth(await jobsOfTask(task.id)))
    throw refused('Quality reports require a Ground Truth job in the task at the acceptance stage and in the completed state')
  return requestOf('task', task.id, { projectId: task.projectId, orgId: task.organizationId })
}

export const conflictOptions: ListOptions = {
  fields: {
    id: { column: qualityConflicts.id as any, kind: 'number' },
    frame: { column: qualityConflicts.frame as any, kind: 'number' },
    type: { column: qualityConflicts.type as any, kind: 'text' },
    severity: { column: qualityConflicts.severity as any, kind: 'text' },
    job_id: { column: qualityReports.jobId as any, kind: 'number' },
    task_id: { column: tasks.id as any, kind: 'number' },
    project_id: { column: projects.id as any, kind: 'number' },
  },
  search: [],
  simple: ['frame', 'type', 'severity', 'job_id', 'task_id', 'project_id'],
}

/** Newer clients know no warnings: what was one is an error, and shapes that fit badly are no conflict. */
const hideWarnings = (): SQL | undefined => (isSince('2.80') ? sql`${qualityConflicts.type} <> 'low_overlap'` : undefined)

/** @param withWarnings everything that was found, whatever the version of the client */
export const listConflicts = async (
  who: Who,
  context: OrgContext,
  reportId: number | undefined,
  conditions: SQL[],
  order: SQL[],
  paging: Paging,
  withWarnings = false,
) => {
  if (reportId !== undefined) await getReport(who, reportId)
  const below = reportId === undefined ? undefined : or(eq(qualityReports.id, reportId), childrenOf(reportId))
  const where = and(
    below ?? scope(who, 'quality-report', 'view', factColumns, context),
    withWarnings ? undefined : hideWarnings(),
    ...conditions,
  )
  const from = (query: any) => joined(query.innerJoin(qualityReports, eq(qualityReports.id, qualityConflicts.reportId)))
  const rows: { conflict: typeof qualityConflicts.$inferSelect }[] = await from(
    db.select({ conflict: qualityConflicts }).from(qualityConflicts),
  )
    .where(where)
    .orderBy(...order, desc(qualityConflicts.id))
    .limit(paging.size)
    .offset(paging.offset)
  const [total] = await from(db.select({ n: sql<number>`count(*)`.mapWith(Number) }).from(qualityConflicts)).where(where)
  return { rows: rows.map(({ conflict }) => conflict), count: total.n as number }
}

/** @param withWarnings says how severe it is, whatever the version of the client */
export const showConflict = (row: typeof qualityConflicts.$inferSelect, withWarnings = false) => ({
  id: row.id,
  frame: row.frame,
  type: row.type,
  annotation_ids: row.annotations,
  report_id: row.reportId,
  severity: isSince('2.80') && !withWarnings ? 'error' : row.severity,
  ...((isSince('2.80') || withWarnings) && { attribute_names: row.attributeNames }),
})
