// Labels as text, for forms without scripts: JSON as the API takes it, or just names, one a line.
import { getSchemaValidator, t } from 'elysia'
import { invalid } from '../http/errors'
import type { LabelInput } from './apply-labels'
import { labelBody } from './body'
import type { LabelTree } from './tree'

const list = getSchemaValidator(t.Array(labelBody), {})

const bodyOf = ({ id, name, type, color, attributes, sublabels, svg }: LabelTree): LabelInput => ({
  id: id!,
  name,
  type,
  color,
  ...(attributes.length && { attributes: attributes as LabelInput['attributes'] }),
  ...(sublabels.length && { sublabels: sublabels.map(bodyOf) }),
  ...(svg && { svg }),
})

/** Labels as JSON, one a line, with their ids, so that a changed name is the same label. */
export const writeRawLabels = (labels: LabelTree[]): string =>
  labels.length ? `[\n${labels.map((label) => `  ${JSON.stringify(bodyOf(label))}`).join(',\n')}\n]` : ''

const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw invalid({ labels: `This is not valid JSON: ${(error as Error).message}` })
  }
}

/** Throws 400 for `labels` in words. Nothing is written for nothing. */
export const readRawLabels = (text: string): LabelInput[] => {
  if (!/^\s*\[/.test(text)) return text.split('\n').flatMap((line) => (line.trim() ? { name: line.trim() } : []))
  const value = readJson(text)
  const [problem] = list.Check(value) ? [] : [...list.Errors(value)]
  if (problem)
    throw invalid({ labels: `${problem.path.replace(/^\//, '').replaceAll('/', ', ') || 'Labels'}: ${problem.message}.` })
  const labels = value as LabelInput[]
  const nameless = labels.findIndex(({ name }) => !name?.trim())
  if (nameless >= 0) throw invalid({ labels: `Label ${nameless + 1} has no name.` })
  return labels
}

/**
 * What changes when the labels of a task or project become those of the text; labels that it leaves out are deleted with their
 * annotations, which must be allowed: else 400 naming them.
 */
export const readLabelChanges = (text: string, current: LabelTree[], mayDelete: boolean): LabelInput[] => {
  const byName = new Map(current.map((label) => [label.name, label.id]))
  const wanted = readRawLabels(text).map((label) => {
    const id = label.id ?? byName.get(label.name!)
    return id === undefined ? label : { ...label, id }
  })
  const kept = new Set(wanted.map(({ id }) => id))
  const lost = current.filter(({ id }) => !kept.has(id))
  if (lost.length && !mayDelete)
    throw invalid({ labels: `Missing here, and deleted with all their annotations: ${lost.map(({ name }) => name).join(', ')}.` })
  return [...wanted, ...lost.map(({ id }) => ({ id: id!, deleted: true }))]
}
