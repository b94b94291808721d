// How well a job meets each requirement: the comparison narrowed to the annotations that the requirement is about.

import { doAttributesDecide, isAnyCompared, isAnyMissing, type KnownAttributes, toAttributeRules } from './attribute-rules'
import { type Annotations, addFrames, noAnnotations } from './compare/combine'
import { compareFrame, type FrameResult, type LabelSpace } from './compare/compare-frame'
import { compareKeypoints } from './compare/compare-keypoints'
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
  cuboid_3d: 'cuboid',
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

/** `isMissing`: an attribute that it is about is not there, so nothing was computed. */
type Judged = { row: Requirement; annotations: Annotations; isFiltered: boolean; isMissing?: boolean }
const explain = ({ isMissing, isFiltered }: Judged) =>
  isMissing ? missingAttributes : isFiltered ? 'filter_no_matches' : 'no_annotations'

export const missingAttributes = 'required_attributes_missing'

export const toResult = (judged: Judged): RequirementResult => {
  const { row, annotations, isMissing } = judged
  const metric = row.metric ?? 'accuracy'
  const { name, aggregation } = readMetric(metric)
  const score = isMissing ? null : measureMetric(annotations, name).values[aggregation]
  const { valid_count, missing_count, extra_count } = annotations
  return {
    requirement_id: row.id,
    name: row.name,
    metric,
    score,
    score_components: { valid_count, missing_count, extra_count },
    calculation: score === null ? { status: 'not_computed', reason: explain(judged) } : { status: 'computed', reason: null },
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
  attributes: KnownAttributes,
): RequirementResult[] =>
  requirements
    .filter(({ enabled }) => enabled)
    .map((own) => {
      const row = resolveRequirement(own, requirements)
      const isFiltered = Boolean(row.filter || row.annotationType)
      const told = { ...parameters, ...toParameters(settings, row) }
      const comparison = row.attributeComparison ?? {}
      if (isAnyMissing(comparison, attributes))
        return toResult({ row, annotations: noAnnotations(), isFiltered, isMissing: true })
      if (row.isBase) return toResult({ row, annotations: base, isFiltered: false })
      const test = readMarkFilter(row.filter)
      const nameOf = new Map(labels.ids.map((id, at) => [id, labels.names[at]!]))
      const isOfPoints = row.annotationType === 'skeleton_keypoint'
      const type = isOfPoints ? 'skeleton' : row.annotationType
      const isMeant = (mark: Mark) =>
        (!type || nameOfKind[mark.kind] === type) && (!test || test(mark, nameOf.get(mark.labelId) ?? ''))
      const narrow = (frame: FrameMarks): FrameMarks => ({ ...frame, marks: frame.marks.filter(isMeant) })
      const options = {
        rules: toAttributeRules(comparison, attributes, told.compare_attributes),
        decide: doAttributesDecide(own, requirements),
      }
      const compared = { ...told, compare_attributes: isAnyCompared(comparison, told.compare_attributes) }
      const results: FrameResult[] = pairs.map(({ truth, given }) =>
        isOfPoints
          ? compareKeypoints(narrow(truth), narrow(given), compared, labels)
          : compareFrame(narrow(truth), narrow(given), compared, labels, options),
      )
      const { annotations } = addFrames(results, labels, compared)
      return toResult({ row, annotations, isFiltered })
    })
