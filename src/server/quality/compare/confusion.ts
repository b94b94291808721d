// Confusion matrices and what follows from them.

export type Matrix = readonly (readonly number[])[]

const sumRow = (row: readonly number[]) => row.reduce((sum, value) => sum + value, 0)
const sumColumn = (matrix: Matrix, column: number) => matrix.reduce((sum, row) => sum + row[column]!, 0)
const divide = (part: number, whole: number) => part / (whole || 1)

/** Per label, the last for "unmatched": counts of what is right, given and true. */
const countLabels = (rows: Matrix) => rows.map((row, at) => ({ right: row[at]!, given: sumRow(row), truth: sumColumn(rows, at) }))

/** Metrics of each label; the last one stands for "unmatched". */
export const describeLabels = (rows: Matrix) => {
  const counts = countLabels(rows)
  const total = rows.reduce((sum, row) => sum + sumRow(row), 0)
  return {
    precision: counts.map(({ right, given }) => divide(right, given)),
    recall: counts.map(({ right, truth }) => divide(right, truth)),
    accuracy: counts.map(({ right, given, truth }) => divide(total - (given - right) - (truth - right), total)),
    jaccard_index: counts.map(({ right, given, truth }) => divide(right, given + truth - right)),
    dice: counts.map(({ right, given, truth }) => divide(2 * right, given + truth)),
  }
}

export type MatrixCounts = {
  valid_count: number
  missing_count: number
  extra_count: number
  total_count: number
  ds_count: number
  gt_count: number
}

/** Counts over all labels. */
export const countMatrix = (rows: Matrix): MatrixCounts => {
  const last = rows.length - 1
  const counts = countLabels(rows)
  return {
    valid_count: counts.reduce((sum, { right }) => sum + right, 0),
    missing_count: sumRow(rows[last]!),
    extra_count: sumColumn(rows, last),
    total_count: rows.reduce((sum, row) => sum + sumRow(row), 0),
    ds_count: counts.slice(0, last).reduce((sum, { given }) => sum + given, 0),
    gt_count: counts.slice(0, last).reduce((sum, { truth }) => sum + truth, 0),
  }
}

export const addMatrices = (a: Matrix, b: Matrix, weight = 1): number[][] =>
  a.map((row, i) => row.map((value, k) => value + Math.ceil(b[i]![k]! * weight)))

export const metricNames = ['accuracy', 'precision', 'recall', 'jaccard_index', 'dice'] as const
export type MetricName = (typeof metricNames)[number]

/** Over all labels: accuracy counts right ones among everything that was seen on either side. */
export const describeCounts = ({ valid_count, total_count, ds_count, gt_count }: MatrixCounts): Record<MetricName, number> => ({
  accuracy: divide(valid_count, total_count),
  precision: divide(valid_count, ds_count),
  recall: divide(valid_count, gt_count),
  jaccard_index: divide(valid_count, ds_count + gt_count - valid_count),
  dice: divide(2 * valid_count, ds_count + gt_count),
})
