// Joins results of frames into those of jobs, of jobs into those of tasks, and of tasks into those of projects.
import type { Conflict, ConflictType, FrameResult, LabelCounts, LabelSpace, ShapeCounts } from './compare-frame'
import { addMatrices, countMatrix, describeLabels, type Matrix, type MatrixCounts } from './confusion'
import type { Parameters } from './parameters'
import { findMean } from './sums'

/** As stored in reports; metrics that older reports lack are null. */
export type StoredMatrix = {
  labels: string[] | null
  rows: number[][] | null
  axes: { cols: 'gt'; rows: 'ds' }
  precision: number[] | null
  recall: number[] | null
  accuracy: number[] | null
  jaccard_index: number[] | null
}
export type Annotations = MatrixCounts & {
  confusion_matrix: StoredMatrix | null
  accuracy: number
  precision: number
  recall: number
}
export type Components = { shape: ShapeCounts & { accuracy: number }; label: LabelCounts & { accuracy: number } }
export type ConflictCounts = {
  conflict_count: number
  warning_count: number
  error_count: number
  conflicts_by_type: Partial<Record<ConflictType, number>>
}
export type FrameSummary = ConflictCounts & { conflicts: Conflict[]; annotations: Annotations; annotation_components: Components }

const share = (part: number, whole: number) => part / (whole || 1)

export const countConflicts = (conflicts: readonly Conflict[]): ConflictCounts => {
  const conflicts_by_type: Partial<Record<ConflictType, number>> = {}
  for (const { type } of conflicts) conflicts_by_type[type] = (conflicts_by_type[type] ?? 0) + 1
  const warning_count = conflicts.filter(({ severity }) => severity === 'warning').length
  return {
    conflict_count: conflicts.length,
    warning_count,
    error_count: conflicts.length - warning_count,
    conflicts_by_type,
  }
}

export const storeMatrix = (labels: readonly string[], rows: Matrix): StoredMatrix => {
  const { dice: _, ...metrics } = describeLabels(rows)
  return { labels: [...labels], rows: rows.map((row) => [...row]), axes: { cols: 'gt', rows: 'ds' }, ...metrics }
}

const withRatios = (counts: MatrixCounts, confusion_matrix: StoredMatrix | null): Annotations => ({
  valid_count: counts.valid_count,
  missing_count: counts.missing_count,
  extra_count: counts.extra_count,
  total_count: counts.total_count,
  ds_count: counts.ds_count,
  gt_count: counts.gt_count,
  confusion_matrix,
  accuracy: share(counts.valid_count, counts.total_count),
  precision: share(counts.valid_count, counts.ds_count),
  recall: share(counts.valid_count, counts.gt_count),
})
const withAccuracy = (shape: ShapeCounts, label: LabelCounts): Components => ({
  shape: { ...shape, accuracy: share(shape.valid_count, shape.total_count) },
  label: { ...label, accuracy: share(label.valid_count, label.total_count) },
})

export const namesOf = (labels: LabelSpace) => [...labels.names, 'unmatched']

/** What a report says of one frame. */
export const summarizeFrame = (result: FrameResult, labels: LabelSpace, parameters: Parameters): FrameSummary => {
  const counts = countMatrix(result.matrix)
  if (parameters.empty_is_annotated) {
    if (!counts.total_count) Object.assign(counts, { valid_count: 1, total_count: 1 })
    if (!counts.ds_count) counts.ds_count = 1
    if (!counts.gt_count) counts.gt_count = 1
  }
  return {
    conflicts: result.conflicts,
    annotations: withRatios(counts, storeMatrix(namesOf(labels), result.matrix)),
    annotation_components: withAccuracy(result.shape, result.label),
    ...countConflicts(result.conflicts),
  }
}

const matrixCounts = ['valid_count', 'missing_count', 'extra_count', 'total_count', 'ds_count', 'gt_count'] as const
const labelCounts = ['valid_count', 'invalid_count', 'total_count'] as const

const addCounts = <K extends string>(keys: readonly K[], a: Record<K, number>, b: Record<K, number>, weight = 1) =>
  Object.fromEntries(keys.map((key) => [key, a[key] + Math.ceil(b[key] * weight)])) as Record<K, number>

export const noAnnotations = (): Annotations =>
  withRatios({ valid_count: 0, missing_count: 0, extra_count: 0, total_count: 0, ds_count: 0, gt_count: 0 }, null)
export const noComponents = (): Components =>
  withAccuracy(
    { valid_count: 0, missing_count: 0, extra_count: 0, total_count: 0, ds_count: 0, gt_count: 0, mean_iou: 0 },
    { valid_count: 0, invalid_count: 0, total_count: 0 },
  )

const addStored = (a: StoredMatrix | null, b: StoredMatrix | null, weight: number): StoredMatrix | null => {
  if (!b?.labels || !b.rows) return a
  const zero = b.rows.map((row) => row.map(() => 0))
  return storeMatrix(b.labels, addMatrices(a?.rows ?? zero, b.rows, weight))
}

/** Adds counts, those of `b` scaled and rounded up; ratios follow from the sums. */
export const addAnnotations = (a: Annotations, b: Annotations, weight = 1): Annotations =>
  withRatios(addCounts(matrixCounts, a, b, weight), addStored(a.confusion_matrix, b.confusion_matrix, weight))

/** Adds counts; the mean stays that of `a`. */
export const addComponents = (a: Components, b: Components, weight = 1): Components =>
  withAccuracy(
    { ...addCounts(matrixCounts, a.shape, b.shape, weight), mean_iou: a.shape.mean_iou },
    addCounts(labelCounts, a.label, b.label, weight),
  )

export type FrameTotals = { annotations: Annotations; components: Components }

/** Whether nothing is on or above, or on or below, the diagonal. */
const isBlank = (rows: Matrix, above: boolean) =>
  rows.every((row, i) => row.every((value, k) => (above ? k < i : k > i) || value === 0))

/** The frames of a job together. */
export const addFrames = (results: readonly FrameResult[], labels: LabelSpace, parameters: Parameters): FrameTotals => {
  const size = labels.ids.length + 1
  let matrix: number[][] = Array.from({ length: size }, () => new Array<number>(size).fill(0))
  let components = noComponents()
  for (const { matrix: own, shape, label } of results) {
    matrix = addMatrices(matrix, own)
    components = addComponents(components, withAccuracy(shape, label))
  }
  const counts = countMatrix(matrix)
  if (parameters.empty_is_annotated)
    for (const { matrix: own } of results) {
      const [given, truth] = [isBlank(own, true), isBlank(own, false)]
      if (given && truth) counts.valid_count++
      if (given || truth) counts.total_count++
      if (given) counts.ds_count++
      if (truth) counts.gt_count++
    }
  components.shape.mean_iou = findMean(results.map(({ shape }) => shape.mean_iou))
  return { annotations: withRatios(counts, storeMatrix(namesOf(labels), matrix)), components }
}

/** The same frame in several jobs. @param seen how many jobs are in `a` already */
export const addFrameSummaries = (a: FrameSummary, b: FrameSummary, seen: number): FrameSummary => {
  const conflicts = [...a.conflicts, ...b.conflicts]
  const components = addComponents(a.annotation_components, b.annotation_components)
  components.shape.mean_iou = (components.shape.mean_iou * seen + b.annotation_components.shape.mean_iou) / (seen + 1)
  return {
    conflicts,
    annotations: addAnnotations(a.annotations, b.annotations),
    annotation_components: components,
    ...countConflicts(conflicts),
  }
}
