// Labels as people write them: checks of the form and of raw JSON, with messages that name label and attribute.

import { attributeInputs, labelTypes } from '../../formats/model'
import { t } from './i18n/message'

export type Attribute = {
  id?: number
  name: string
  input_type: string
  mutable: boolean
  default_value: string
  values: string[]
}
export type Label = {
  id?: number
  name: string
  type?: string
  color?: string
  attributes?: Attribute[]
  sublabels?: Label[]
  svg?: string
}

const checkAttribute = (attribute: Attribute, label: string): string | null => {
  const where = t('Label “{label}”, attribute “{name}”', { label, name: attribute.name })
  if (!attribute.name?.trim()) return t('Label “{label}”: an attribute needs a name.', { label })
  if (!attributeInputs.includes(attribute.input_type as never))
    return t('{where}: “{input_type}” is no kind of attribute.', { where, input_type: attribute.input_type })
  const { values } = attribute
  if (attribute.input_type === 'number') {
    const numbers = values.map(Number)
    if (values.length !== 3 || values.some((value) => value === '') || numbers.some(Number.isNaN))
      return t('{where}: write numbers as min;max;step.', { where })
    if (numbers[0]! >= numbers[1]! || numbers[2]! <= 0)
      return t('{where}: the lowest number must be below the highest, and the step above zero.', { where })
  } else if (attribute.input_type !== 'text' && !values.length) return t('{where} needs at least one value.', { where })
  return null
}

const doubleOf = (names: string[]) => names.find((name, i) => names.indexOf(name) !== i)

/** What is wrong with a label, in words; null when it is fine. `taken` are the names of the others. */
export const checkLabel = (label: Label, taken: string[]): string | null => {
  if (!label.name?.trim()) return t('A label needs a name.')
  if (taken.includes(label.name)) return t('There is a label “{name}” already.', { name: label.name })
  const attributes = label.attributes ?? []
  const double = doubleOf(attributes.map((attribute) => attribute.name))
  if (double) return t('Label “{name}” has two attributes “{double}”.', { name: label.name, double })
  for (const attribute of attributes) {
    const problem = checkAttribute(attribute, label.name)
    if (problem) return problem
  }
  return null
}

const labelKeys = ['id', 'name', 'type', 'color', 'attributes', 'sublabels', 'svg']
const ignoredKeys = ['has_parent', 'parent_id', 'task_id', 'project_id']
const attributeKeys = ['id', 'name', 'input_type', 'mutable', 'default_value', 'values']
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const readAttribute = (value: unknown, label: string): Attribute => {
  if (!isObject(value)) throw new Error(t('Label “{label}”: an attribute must be an object.', { label }))
  const unknown = Object.keys(value).find((key) => !attributeKeys.includes(key))
  if (unknown)
    throw new Error(
      t('Label “{label}”, attribute “{name}”: unknown field “{unknown}”.', { label, name: String(value.name), unknown }),
    )
  if (typeof value.name !== 'string') throw new Error(t('Label “{label}”: an attribute needs a name.', { label }))
  if (value.values !== undefined && !Array.isArray(value.values))
    throw new Error(t('Label “{label}”, attribute “{name}”: values must be a list.', { label, name: String(value.name) }))
  const values = ((value.values as unknown[]) ?? []).map(String)
  return {
    ...(typeof value.id === 'number' && { id: value.id }),
    name: value.name,
    input_type: String(value.input_type ?? ''),
    mutable: value.mutable === true,
    default_value: String(value.default_value ?? values[0] ?? ''),
    values,
  }
}

const readLabel = (value: unknown): Label => {
  if (!isObject(value)) throw new Error(t('A label must be an object.'))
  if (typeof value.name !== 'string') throw new Error(t('A label needs a name.'))
  const unknown = Object.keys(value).find((key) => !labelKeys.includes(key) && !ignoredKeys.includes(key))
  if (unknown) throw new Error(t('Label “{name}”: unknown field “{unknown}”.', { name: value.name, unknown }))
  const type = value.type === undefined ? 'any' : String(value.type)
  if (!labelTypes.includes(type as never))
    throw new Error(t('Label “{name}”: “{type}” is no type of label.', { name: value.name, type }))
  if (value.color && !/^#[0-9a-f]{6}$/i.test(String(value.color)))
    throw new Error(t('Label “{name}”: write the colour like #1a2b3c.', { name: value.name }))
  if (value.attributes !== undefined && !Array.isArray(value.attributes))
    throw new Error(t('Label “{name}”: attributes must be a list.', { name: value.name }))
  return {
    ...(typeof value.id === 'number' && { id: value.id }),
    name: value.name,
    type,
    ...(value.color ? { color: String(value.color) } : {}),
    attributes: ((value.attributes as unknown[]) ?? []).map((attribute) => readAttribute(attribute, value.name as string)),
    ...(Array.isArray(value.sublabels) && value.sublabels.length > 0 && { sublabels: value.sublabels.map(readLabel) }),
    ...(typeof value.svg === 'string' && value.svg !== '' && { svg: value.svg }),
  }
}

/** Reads raw JSON; throws with a message that names what is wrong. */
export const parseRaw = (text: string): Label[] => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new Error(t('This is not valid JSON: {message}', { message: (error as Error).message }))
  }
  if (!Array.isArray(value)) throw new Error(t('Labels are written as a list: [{"name": "cat"}].'))
  const labels = value.map(readLabel)
  for (const [i, label] of labels.entries()) {
    const problem = checkLabel(
      label,
      labels.slice(0, i).map((other) => other.name),
    )
    if (problem) throw new Error(problem)
  }
  return labels
}

/** What the API takes of a label. */
export const toBody = (label: Label): Label => {
  const { id, name, type, color, attributes, sublabels, svg } = label
  return {
    ...(id !== undefined && { id }),
    name,
    ...(type && { type }),
    ...(color && { color }),
    attributes: attributes ?? [],
    ...(sublabels?.length && { sublabels: sublabels.map(toBody) }),
    ...(svg && { svg }),
  }
}

/** Saved attributes that are no longer in the label; its elements are not looked at. */
const listRemoved = (saved: Label | undefined, label: Label): Attribute[] => {
  const kept = new Set((label.attributes ?? []).map(({ id }) => id))
  return (saved?.attributes ?? []).filter(({ id }) => id !== undefined && !kept.has(id))
}

/** Elements of skeletons keep their numbers; raw text may leave those out. */
const findElement = (saved: Label | undefined, { id, name }: Label) =>
  saved?.sublabels?.find((element) => (id === undefined ? element.name === name : element.id === id))

/** What annotations lose when the saved label becomes this one: a line for each attribute. */
export const listLosses = (saved: Label | undefined, label: Label): string[] => [
  ...listRemoved(saved, label).map((attribute) => describeLostAttribute(label.name, attribute)),
  ...(label.sublabels ?? []).flatMap((element) => listLosses(findElement(saved, element), element)),
]

/** The label for the API, with those attributes that are to be deleted. */
export const withRemovals = (saved: Label | undefined, label: Label): Label => {
  const body = toBody(label)
  const removed = listRemoved(saved, label).map(({ id }) => ({ id, deleted: true }) as unknown as Attribute)
  return {
    ...body,
    attributes: [...(body.attributes ?? []), ...removed],
    ...(label.sublabels?.length && {
      sublabels: label.sublabels.map((element) => withRemovals(findElement(saved, element), element)),
    }),
  }
}

/** What annotations lose with an attribute, in words. */
export const describeLostAttribute = (label: string, { name, values, input_type }: Attribute): string => {
  const named = input_type === 'select' || input_type === 'radio' ? ` (${values.join(', ')})` : ''
  return t('All annotations with the label “{label}” lose the values of “{name}”{values}.', { label, name, values: named })
}

export const toRawText = (labels: Label[]) => JSON.stringify(labels.map(toBody), null, 2)
