// What a label must be like to hold what was seen of it in a dataset.

import type { DeclaredLabel } from '../format'
import type { Attribute } from '../model'
import type { SeenAttribute, SeenLabel } from './observe'

/** The most different values for which a list to choose from is made. */
const maxChoices = 20

/** The label with its attributes and points; colour and drawing only where the files declare them. */
export function guessLabel({ label, unknown, sublabels }: SeenLabel): DeclaredLabel {
  const { name, color, type, attributes, svg } = label
  return {
    name,
    type,
    ...(color && { color }),
    ...(svg && { svg }),
    attributes: [...attributes.map(({ id: _, ...attribute }) => attribute), ...[...unknown.values()].map(guessAttribute)],
    ...(sublabels.size > 0 && { sublabels: [...sublabels.values()].map(guessLabel) }),
  }
}

/** A checkbox for true and false, a choice for few values that come again, else free text. */
export function guessAttribute({ name, values, count }: SeenAttribute): Omit<Attribute, 'id'> {
  const texts = [...values]
  const isFlag = texts.every((value) => /^(true|false)$/i.test(value))
  if (isFlag) return { name, mutable: true, input_type: 'checkbox', default_value: 'false', values: ['false'] }
  const isChoice = texts.length <= maxChoices && count > texts.length && texts.every((value) => value.trim() !== '')
  if (isChoice && !texts.every((value) => Number.isFinite(Number(value)))) {
    return { name, mutable: true, input_type: 'select', default_value: texts[0]!, values: texts }
  }
  return { name, mutable: true, input_type: 'text', default_value: '', values: [''] }
}
