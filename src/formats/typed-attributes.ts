// Attribute values as typed values, as every format but CVAT's own writes them.

import { FormatError } from './format-error'
import type { AttributeValue, Label } from './model'

export type TypedValue =
  | { kind: 'float' | 'int'; value: number }
  | { kind: 'bool'; value: boolean }
  | { kind: 'text'; value: string }

/**
 * Names and typed values in the order of the label's attributes; missing ones take the default.
 * Throws FormatError for a number attribute that holds no number.
 */
export function typeAttributes(label: Label, attributes: readonly AttributeValue[]): Map<string, TypedValue> {
  const typed = new Map<string, TypedValue>()
  for (const { id, name, input_type, default_value } of label.attributes) {
    const text = attributes.find(({ spec_id }) => spec_id === id)?.value ?? default_value
    if (input_type === 'number') typed.set(name, { kind: 'float', value: parseNumber(name, text) })
    else if (input_type === 'checkbox') typed.set(name, { kind: 'bool', value: text.toLowerCase() === 'true' })
    else typed.set(name, { kind: 'text', value: text })
  }
  return typed
}

function parseNumber(name: string, text: string): number {
  const number = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text) ? Number(text) : Number.NaN
  if (!Number.isFinite(number)) throw new FormatError(`Failed to convert attribute '${name}'='${text}': not a finite number`)
  return number
}

/** The labels in the order that numbers them; the sub labels of a skeleton follow it. */
export function listLabels(labels: readonly Label[]): { label: Label; parent?: Label }[] {
  return labels.flatMap((label) => [{ label }, ...label.sublabels.map((sublabel) => ({ label: sublabel, parent: label }))])
}

/** Attributes in the order of their ids, as they were created. */
export function sortLabelAttributes(labels: readonly Label[]): Label[] {
  return labels.map((label) => ({
    ...label,
    attributes: label.attributes.toSorted((a, b) => a.id - b.id),
    sublabels: sortLabelAttributes(label.sublabels),
  }))
}
