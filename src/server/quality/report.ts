// The body of a report: made from results, read from what is stored (older ones lack fields), and its short form for lists.

import {
  type Annotations,
  type Components,
  type ConflictCounts,
  countConflicts,
  type FrameSummary,
  noAnnotations,
  noComponents,
  type StoredMatrix,
} from './compare/combine'
import { type Conflict, type ConflictType, severityOf } from './compare/compare-frame'
import type { MatrixCounts } from './compare/confusion'
import { markKinds } from './compare/marks'
import { defaultParameters, type Parameters } from './compare/parameters'

export type JobStats = { all: number[]; excluded: number[]; not_checkable: number[] }
export type TaskStats = { all: number[]; custom: number[]; not_configured: number[]; excluded: number[] }
export type ReportParameters = Parameters & {
  included_annotation_types: string[]
  inherited: boolean
  job_filter: string
}

/** How one requirement came out. */
export type RequirementResult = {
  requirement_id: number | null
  name: string
  metric: string
  score: number | null
  score_components: { valid_count: number; missing_count: number; extra_count: number }
  calculation: { status: 'computed' | 'not_computed'; reason: string | null }
  threshold: number
  /** Counts and matrix, from which the requirement of a task follows. */
  annotations?: Annotations
}

export type ReportBody = {
  parameters: ReportParameters
  comparison_summary: ConflictCounts & {
    frames: number[] | null
    total_frames: number
    frame_count: number
    annotations: Annotations
    annotation_components: Components
    tasks: TaskStats | null
    jobs: JobStats | null
  }
  frame_results: Record<string, FrameSummary> | null
  requirements: RequirementResult[]
}

/** What lists show of a report. */
export type Summary = ConflictCounts &
  Pick<MatrixCounts, 'valid_count' | 'ds_count' | 'gt_count' | 'total_count'> & {
    frame_count: number
    total_frames: number
    tasks: { total: number; custom: number; not_configured: number; excluded: number } | null
    jobs: { total: number; excluded: number; not_checkable: number } | null
    requirements: RequirementResult[]
  }

export const summarize = ({ comparison_summary: summary, requirements }: ReportBody): Summary => ({
  frame_count: summary.frame_count,
  total_frames: summary.total_frames,
  conflict_count: summary.conflict_count,
  warning_count: summary.warning_count,
  error_count: summary.error_count,
  conflicts_by_type: summary.conflicts_by_type,
  valid_count: summary.annotations.valid_count,
  ds_count: summary.annotations.ds_count,
  gt_count: summary.annotations.gt_count,
  total_count: summary.annotations.total_count,
  tasks: summary.tasks && {
    total: summary.tasks.all.length,
    custom: summary.tasks.custom.length,
    not_configured: summary.tasks.not_configured.length,
    excluded: summary.tasks.excluded.length,
  },
  jobs: summary.jobs && {
    total: summary.jobs.all.length,
    excluded: summary.jobs.excluded.length,
    not_checkable: summary.jobs.not_checkable.length,
  },
  requirements: requirements.map(({ annotations: _, ...result }) => result),
})

type Stored = Record<string, any>

const readMatrix = (stored: Stored | null | undefined): StoredMatrix | null =>
  stored
    ? {
        labels: stored.labels ?? null,
        rows: stored.rows ?? null,
        axes: { cols: 'gt', rows: 'ds' },
        precision: stored.precision ?? null,
        recall: stored.recall ?? null,
        accuracy: stored.accuracy ?? null,
        jaccard_index: stored.jaccard_index ?? null,
      }
    : null

const share = (part: number, whole: number) => part / (whole || 1)
const readAnnotations = (stored: Stored): Annotations => {
  const own = { ...noAnnotations(), ...stored, confusion_matrix: readMatrix(stored.confusion_matrix) }
  return {
    ...own,
    accuracy: share(own.valid_count, own.total_count),
    precision: share(own.valid_count, own.ds_count),
    recall: share(own.valid_count, own.gt_count),
  }
}
const readComponents = (stored: Stored): Components => {
  const none = noComponents()
  const [shape, label] = [
    { ...none.shape, ...stored.shape },
    { ...none.label, ...stored.label },
  ]
  shape.accuracy = share(shape.valid_count, shape.total_count)
  label.accuracy = share(label.valid_count, label.total_count)
  return { shape, label }
}

const readConflict = (stored: Stored): Conflict => ({
  frame_id: stored.frame_id,
  type: stored.type as ConflictType,
  annotation_ids: stored.annotation_ids.map(({ obj_id, job_id, type, shape_type }: Stored) => ({
    obj_id,
    job_id,
    type,
    shape_type: shape_type ?? null,
  })),
  severity: severityOf(stored.type),
  ...(stored.attribute_names && { attribute_names: stored.attribute_names }),
})

const readFrame = (stored: Stored): FrameSummary => {
  const conflicts = (stored.conflicts as Stored[]).map(readConflict)
  return {
    conflicts,
    annotations: readAnnotations(stored.annotations),
    annotation_components: readComponents(stored.annotation_components),
    ...countConflicts(conflicts),
  }
}

/** Reads a stored report; fields that older versions did not write are null or follow from others. */
export const readReport = (text: string): ReportBody => {
  const stored = JSON.parse(text) as Stored
  const summary = stored.comparison_summary as Stored
  const frameCount: number = summary.frame_count ?? summary.frames?.length ?? 0
  return {
    parameters: {
      ...defaultParameters,
      included_annotation_types: [...markKinds],
      inherited: false,
      job_filter: '',
      ...stored.parameters,
    },
    comparison_summary: {
      frames: summary.frames ?? null,
      total_frames: summary.total_frames ?? Math.ceil(frameCount / (summary.frame_share || 1)),
      frame_count: frameCount,
      conflict_count: summary.conflict_count,
      warning_count: summary.warning_count ?? 0,
      error_count: summary.error_count ?? 0,
      conflicts_by_type: summary.conflicts_by_type ?? {},
      annotations: readAnnotations(summary.annotations),
      annotation_components: readComponents(summary.annotation_components),
      tasks: summary.tasks
        ? {
            all: summary.tasks.all ?? [],
            custom: summary.tasks.custom ?? [],
            not_configured: summary.tasks.not_configured ?? [],
            excluded: summary.tasks.excluded ?? [],
          }
        : null,
      jobs: summary.jobs
        ? {
            all: summary.jobs.all ?? [],
            excluded: summary.jobs.excluded ?? [],
            not_checkable: summary.jobs.not_checkable ?? [],
          }
        : null,
    },
    frame_results: stored.frame_results
      ? Object.fromEntries(
          Object.entries(stored.frame_results as Record<string, Stored>).map(([key, frame]) => [key, readFrame(frame)]),
        )
      : null,
    requirements: stored.requirements ?? [],
  }
}

/** The short form of a stored report. */
export const summarizeStored = (text: string): Summary => summarize(readReport(text))
