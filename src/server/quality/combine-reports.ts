// Reports of tasks out of those of their jobs, and of projects out of those of their tasks.
import {
  addAnnotations,
  addComponents,
  addFrameSummaries,
  countConflicts,
  type FrameSummary,
  noAnnotations,
  noComponents,
} from './compare/combine'
import type { ConflictType } from './compare/compare-frame'
import { missingAttributes, toResult } from './judge-requirements'
import type { JobStats, ReportBody, ReportParameters, RequirementResult, TaskStats } from './report'
import type { Requirement } from './settings'
import { resolveRequirement } from './show-requirements'

/** Adds up what the parts say of each requirement that is still there. */
const joinRequirements = (
  parts: readonly { body: ReportBody; weight: number }[],
  rows: readonly Requirement[],
): RequirementResult[] =>
  rows
    .filter(({ enabled }) => enabled)
    .map((own) => {
      const row = resolveRequirement(own, rows)
      let annotations = noAnnotations()
      let isMissing = false
      for (const { body, weight } of parts) {
        const part = body.requirements.find(({ requirement_id }) => requirement_id === row.id)
        if (part?.calculation.reason === missingAttributes) isMissing = true
        if (part?.annotations) annotations = addAnnotations(annotations, part.annotations, weight)
      }
      return toResult({ row, annotations, isFiltered: Boolean(row.filter || row.annotationType), isMissing })
    })

/** @param allJobs every job of the task but the ground truth; those without a report were left out by the filter */
export const joinJobs = (
  reports: ReadonlyMap<number, ReportBody>,
  allJobs: readonly number[],
  parameters: ReportParameters,
  requirements: readonly Requirement[],
): ReportBody => {
  let annotations = noAnnotations()
  let components = noComponents()
  let [frameCount, totalFrames] = [0, 0]
  const frames = new Set<number>()
  const results = new Map<string, FrameSummary>()
  const seen = new Map<string, number>()
  for (const { comparison_summary: summary, frame_results } of reports.values()) {
    for (const frame of summary.frames ?? []) frames.add(frame)
    frameCount += summary.frame_count
    totalFrames += summary.total_frames
    annotations = addAnnotations(annotations, summary.annotations)
    components = addComponents(components, summary.annotation_components)
    for (const [frame, result] of Object.entries(frame_results ?? {})) {
      const [before, count] = [results.get(frame), seen.get(frame) ?? 0]
      results.set(frame, before ? addFrameSummaries(before, result, count) : result)
      seen.set(frame, count + 1)
    }
  }
  const conflicts = [...reports.values()].flatMap(({ frame_results }) =>
    Object.values(frame_results ?? {}).flatMap((frame) => frame.conflicts),
  )
  return {
    parameters,
    comparison_summary: {
      frames: [...frames].sort((a, b) => a - b),
      total_frames: totalFrames,
      frame_count: frameCount,
      ...countConflicts(conflicts),
      annotations,
      annotation_components: components,
      tasks: null,
      jobs: {
        all: [...allJobs],
        excluded: allJobs.filter((id) => !reports.has(id)),
        not_checkable: [...reports].filter(([, { comparison_summary }]) => !comparison_summary.frame_count).map(([id]) => id),
      },
    },
    frame_results: Object.fromEntries(results),
    requirements: joinRequirements(
      [...reports.values()].map((body) => ({ body, weight: 1 })),
      requirements,
    ),
  }
}

/**
 * Counts of each task are scaled from its validation frames to all of its frames and rounded up, so that every frame of the project
 * weighs the same. Tasks with settings of their own and those whose jobs were all left out do not count.
 */
export const joinTasks = (
  reports: ReadonlyMap<number, ReportBody>,
  allTasks: readonly number[],
  parameters: ReportParameters,
  requirements: readonly Requirement[],
): ReportBody => {
  const custom = [...reports].filter(([, { parameters: own }]) => !own.inherited).map(([id]) => id)
  const includedJobs = ({ comparison_summary: { jobs } }: ReportBody) => (jobs ? jobs.all.length - jobs.excluded.length : 0)
  const excluded = [...reports].filter(([id, body]) => !custom.includes(id) && !includedJobs(body)).map(([id]) => id)
  const tasks: TaskStats = {
    all: [...allTasks],
    custom,
    not_configured: allTasks.filter((id) => !reports.has(id)),
    excluded,
  }
  const jobs: JobStats = { all: [], excluded: [], not_checkable: [] }
  let annotations = noAnnotations()
  let components = noComponents()
  let [frameCount, totalFrames] = [0, 0]
  const counts = { conflict_count: 0, warning_count: 0, error_count: 0 }
  const conflicts_by_type: Partial<Record<ConflictType, number>> = {}
  const parts: { body: ReportBody; weight: number }[] = []
  for (const [id, body] of reports) {
    if (custom.includes(id) || excluded.includes(id)) continue
    const summary = body.comparison_summary
    for (const list of ['all', 'excluded', 'not_checkable'] as const) jobs[list].push(...(summary.jobs?.[list] ?? []))
    totalFrames += summary.total_frames
    frameCount += summary.frame_count
    const weight = 1 / (summary.frame_count / (summary.total_frames || 1) || 1)
    annotations = addAnnotations(annotations, summary.annotations, weight)
    components = addComponents(components, summary.annotation_components, weight)
    for (const key of ['conflict_count', 'warning_count', 'error_count'] as const) counts[key] += summary[key]
    for (const [type, count] of Object.entries(summary.conflicts_by_type) as [ConflictType, number][])
      conflicts_by_type[type] = (conflicts_by_type[type] ?? 0) + count
    parts.push({ body, weight })
  }
  return {
    parameters,
    comparison_summary: {
      frames: null,
      total_frames: totalFrames,
      frame_count: frameCount,
      ...counts,
      conflicts_by_type,
      annotations,
      annotation_components: components,
      tasks,
      jobs,
    },
    frame_results: null,
    requirements: joinRequirements(parts, requirements),
  }
}
