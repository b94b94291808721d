// Confusion matrices of a report for requirements: as JSON, as CSV, and all of them in one CSV.
import { notFound } from '../http/errors'
import type { Annotations } from './compare/combine'
import { describeLabels } from './compare/confusion'
import { measureMetric, readMetric } from './judge-requirements'
import type { ReportBody } from './report'

const quote = (text: string | number) => {
  const defused = /^[=+\-@\t\r]/.test(String(text)) && typeof text === 'string' ? `'${text}` : String(text)
  return /[",\r\n]/.test(defused) ? `"${defused.replaceAll('"', '""')}"` : defused
}
/** One line of CSV; texts that a spreadsheet would run are defused. */
export const toLine = (cells: readonly (string | number)[]) => `${cells.map(quote).join(',')}\r\n`

/** What a requirement's matrix was made of; reports of older versions have that of the base requirement alone. */
const listMatrices = (body: ReportBody): { id: number | null; name: string; metric: string; annotations: Annotations }[] => {
  const own = body.requirements.flatMap(({ requirement_id: id, name, metric, annotations }) =>
    annotations ? [{ id, name, metric, annotations }] : [],
  )
  return own.length ? own : [{ id: null, name: 'Base', metric: 'accuracy', annotations: body.comparison_summary.annotations }]
}

/** Rows are what was given, columns the ground truth. Throws 404 for a requirement that the report does not have. */
export const showMatrix = (body: ReportBody, requirementId: number) => {
  const item = listMatrices(body).find(({ id }) => id === requirementId)
  if (!item) throw notFound('The report has no such requirement.')
  const { labels, rows } = item.annotations.confusion_matrix ?? {}
  const { name, aggregation } = readMetric(item.metric)
  return {
    labels: labels ?? [],
    rows: rows ?? [],
    axes: { cols: 'gt', rows: 'ds' },
    ...(rows?.length ? describeLabels(rows) : { precision: null, recall: null, accuracy: null, jaccard_index: null, dice: null }),
    target_metric_summary: { metric: name, aggregation, ...measureMetric(item.annotations, name) },
  }
}

const writeMatrix = ({ confusion_matrix: matrix }: Annotations): string => {
  const labels = matrix?.labels ?? []
  const rows = matrix?.rows ?? []
  return [toLine(['ds \\ gt', ...labels]), ...rows.map((row, at) => toLine([labels[at]!, ...row]))].join('')
}

export const writeMatrixCsv = (body: ReportBody, requirementId: number): string => {
  const item = listMatrices(body).find(({ id }) => id === requirementId)
  if (!item) throw notFound('The report has no such requirement.')
  return writeMatrix(item.annotations)
}

/** Every matrix under the name of its requirement. */
export const writeAllCsv = (body: ReportBody): string =>
  listMatrices(body)
    .map(({ name, annotations }) => `${toLine([name])}${writeMatrix(annotations)}`)
    .join('\r\n')
