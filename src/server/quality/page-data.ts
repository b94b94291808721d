// What the overview of quality control is made from: reports of a place, the chosen one, its parts and the request that makes a new one.
import type { Visit } from '../auth/service'
import { ApiError } from '../http/errors'
import { getRequest, type RequestRow, requestId } from '../requests/service'
import { loadPeople } from '../users/service'
import { describeCounts, type MetricName } from './compare/confusion'
import { readMetric } from './judge-requirements'
import type { Place } from './page-place'
import type { ReportBody, Summary } from './report'
import { listReports, type ReportRow, readBody } from './reports'
import { ensureSettings, findEffective, listRequirements, type Requirement, type Settings } from './settings'

const everything = { page: 1, size: Number.MAX_SAFE_INTEGER, offset: 0 }
/** Reports that can be chosen, and points of the trend. */
const maxReports = 100

export type Target = {
  settings: Settings
  requirements: Requirement[]
  isInherited: boolean
  metric: string
  threshold: number
  baseId: number | null
}

/** What counts for the place: its own settings or those of its project. */
export const loadTarget = async (place: Place): Promise<Target> => {
  const effective = place.task
    ? await findEffective(place.task.task)
    : await (async () => {
        const settings = await ensureSettings(place.parent)
        return { settings, inherited: false, requirements: await listRequirements([settings.id]) }
      })()
  const { settings, requirements, inherited } = effective
  const base = requirements.find(({ isBase }) => isBase)
  return {
    settings,
    requirements,
    isInherited: inherited,
    metric: base?.metric ?? 'accuracy',
    threshold: base?.requiredScore ?? 0.7,
    baseId: base?.id ?? null,
  }
}

/** Scores over all labels; null when nothing was compared. */
export const scoresOf = (summary: Summary): Record<MetricName, number | null> => {
  const counts = { ...summary, missing_count: 0, extra_count: 0 }
  const scores = describeCounts(counts)
  return summary.total_count ? scores : { accuracy: null, precision: null, recall: null, jaccard_index: null, dice: null }
}

/** The score by the metric that is asked for; reports of older versions know that of all labels together only. */
export const scoreOf = (summary: Summary, { metric, baseId }: Pick<Target, 'metric' | 'baseId'>): number | null => {
  const own = summary.requirements?.find(({ requirement_id }) => requirement_id === baseId)
  return own && own.metric === metric ? own.score : scoresOf(summary)[readMetric(metric).name]
}

export type Part = {
  /** The report of the job or task. */
  reportId: number
  /** Of the job or task. */
  id: number
  name: string
  score: number | null
  precision: number | null
  recall: number | null
  frames: number
  totalFrames: number
  errors: number
  warnings: number
  /** Who worked on it when the report was made. */
  assignee: string
  href: string
}

/** Jobs of a task's report, or tasks of a project's. */
export const listParts = async ({ who }: Visit, place: Place, reportId: number, target: Target): Promise<Part[]> => {
  const kind = place.kind === 'task' ? 'job' : 'task'
  const { rows } = await listReports(who, { kind: 'any' }, { parentId: reportId, target: kind }, [], [], everything)
  const people = await loadPeople(rows.map(({ report }) => report.assigneeId))
  return rows.map(({ report, task }): Part => {
    const { summary, jobId } = report
    const scores = scoresOf(summary)
    return {
      reportId: report.id,
      id: jobId ?? task!.id,
      name: jobId ? '' : task!.name,
      score: scoreOf(summary, { ...target, baseId: kind === 'job' ? target.baseId : null }),
      precision: scores.precision,
      recall: scores.recall,
      frames: summary.frame_count,
      totalFrames: summary.total_frames,
      errors: summary.error_count,
      warnings: summary.warning_count,
      assignee: people.get(report.assigneeId ?? -1)?.username ?? '',
      href: jobId ? `/tasks/${place.id}/jobs/${jobId}?defaultWorkspace=review&report=${report.id}` : `/tasks/${task!.id}/quality`,
    }
  })
}

/** The request that computes a report of the place, as long as it runs or after it failed. */
export const findComputing = async ({ who }: Visit, { kind, id }: Place): Promise<RequestRow | null> => {
  const name = requestId({ action: 'calculate', target: kind, target_id: id, subresource: 'quality' })
  const row = await getRequest(who, name).catch((error) => {
    if (error instanceof ApiError && (error.status === 404 || error.status === 403)) return null
    throw error
  })
  return row && row.status !== 'finished' ? row : null
}

export type Chosen = { row: ReportRow; body: ReportBody }

/** Reports of the place, newest first. */
export const listOwnReports = async ({ who }: Visit, place: Place): Promise<ReportRow[]> => {
  const query = place.kind === 'task' ? { taskId: place.id, target: 'task' } : { projectId: place.id, target: 'project' }
  return (await listReports(who, { kind: 'any' }, query, [], [], { page: 1, size: maxReports, offset: 0 })).rows
}

/** The report that the address names, else the newest; null while there is none. Throws 404 for a report of another place. */
export const chooseReport = async ({ who }: Visit, reports: ReportRow[], wanted: string | undefined): Promise<Chosen | null> => {
  const row = wanted ? reports.find(({ report }) => String(report.id) === wanted) : reports[0]
  if (!row) {
    if (wanted) throw new ApiError(404, { detail: 'Not found.' })
    return null
  }
  const { body } = await readBody(who, row.report.id)
  return { row, body }
}
