// How well a job meets each requirement: the comparison narrowed to the annotations that the requirement is about.

import type { Annotations } from './compare/combine'
import { addFrames } from './compare/combine'
import { compareFrame, type FrameResult, type LabelSpace } from './compare/compare-frame'
import { describeCounts, describeLabels, type MetricName, metricNames } from './compare/confusion'
import type { FrameMarks, Mark } from './compare/marks'
import type { Parameters } from './compare/parameters'
import { readMarkFilter } from './mark-filter'
import type { RequirementResult } from './report'
import type { Requirement, Settings } from './settings'
import { toParameters } from './settings'
import { resolveRequirement } from './show-requirements'

const nameOfKind: Record<Mark['kind'], string> = {
  label: 'tag',
  bbox: 'rectangle',
  points: 'points',
  mask: 'mask',
  polygon: 'polygon',
  polyline: 'polyline',
  skeleton: 'skeleton',
  ellipse: 'ellipse',
}

type Aggregation = 'micro' | 'mean' | 'label'
/** `mean_recall` = recall, averaged over labels; `label_…` = of the worst label. */
export const readMetric = (metric: string): { name: MetricName; aggregation: Aggregation } => {
  const aggregation = metric.startsWith('mean_') ? 'mean' : metric.startsWith('label_') ? 'label' : 'micro'
  const name = metric.replace(/^(mean|label)_/, '')
  return { name: metricNames.find((one) => one === name) ?? 'accuracy', aggregation }
}

/** A metric over all annotations, its mean over labels, and that of the worst label; labels that never occur do not count. */
export const measureMetric = ({ confusion_matrix: matrix, ...counts }: Annotations, name: MetricName) => {
  const micro = counts.total_count ? describeCounts(counts)[name] : null
  const rows = matrix?.rows ?? []
  const values = rows.length ? describeLabels(rows)[name] : []
  const seen = (matrix?.labels ?? [])
    .slice(0, -1)
    .map((label, at) => ({
      label,
      value: values[at] ?? 0,
      count: rows[at]!.reduce((a, b) => a + b, 0) + rows.reduce((a, row) => a + row[at]!, 0),
    }))
    .filter(({ count }) => count > 0)
  const worst = seen.length ? Math.min(...seen.map(({ value }) => value)) : null
  return {
    values: {
      micro,
      mean: seen.length ? seen.reduce((sum, { value }) => sum + value, 0) / seen.length : null,
      label: worst,
    },
    worst_labels: seen.filter(({ value }) => value === worst).map(({ label }) => label),
  }
}

type Judged = { row: Requirement; annotations: Annotations; isFiltered: boolean }
export const toResult = ({ row, annotations, isFiltered }: Judged): RequirementResult => {
  const metric = row.metric ?? 'accuracy'
  const { name, aggregation } = readMetric(metric)
  const score = measureMetric(annotations, name).values[aggregation]
  const { valid_count, missing_count, extra_count } = annotations
  return {
    requirement_id: row.id,
    name: row.name,
    metric,
    score,
    score_components: { valid_count, missing_count, extra_count },
    calculation:
      score === null
        ? { status: 'not_computed', reason: isFiltered ? 'filter_no_matches' : 'no_annotations' }
        : { status: 'computed', reason: null },
    threshold: row.requiredScore ?? 0.7,
    annotations,
  }
}

export type FramePair = { truth: FrameMarks; given: FrameMarks }

/** Every enabled requirement of a job. The base one follows from what was compared already. */
export const judgeRequirements = (
  requirements: readonly Requirement[],
  settings: Settings,
  pairs: readonly FramePair[],
  labels: LabelSpace,
  parameters: Parameters,
  base: Annotations,
): RequirementResult[] =>
  requirements
    .filter(({ enabled }) => enabled)
    .map((own) => {
      const row = resolveRequirement(own, requirements)
      if (row.isBase) return toResult({ row, annotations: base, isFiltered: false })
      const test = readMarkFilter(row.filter)
      const nameOf = new Map(labels.ids.map((id, at) => [id, labels.names[at]!]))
      const isMeant = (mark: Mark) =>
        (!row.annotationType || nameOfKind[mark.kind] === row.annotationType.replace('skeleton_keypoint', 'skeleton')) &&
        (!test || test(mark, nameOf.get(mark.labelId) ?? ''))
      const narrow = (frame: FrameMarks): FrameMarks => ({ ...frame, marks: frame.marks.filter(isMeant) })
      const told = { ...parameters, ...toParameters(settings, row) }
      const results: FrameResult[] = pairs.map(({ truth, given }) => compareFrame(narrow(truth), narrow(given), told, labels))
      const { annotations } = addFrames(results, labels, told)
      return toResult({ row, annotations, isFiltered: Boolean(row.filter || row.annotationType) })
    })
