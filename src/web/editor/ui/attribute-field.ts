// The control for one attribute value, by its kind of input.
import type { Attribute } from '../../../formats/model'
import { h } from './dom'

export type AttributeField = { element: HTMLElement; set: (value: string) => void }

export const makeAttributeField = (attribute: Attribute, disabled: boolean, change: (value: string) => void): AttributeField => {
  const common = { 'data-testid': `object-attribute-${attribute.name}`, 'aria-label': attribute.name, disabled }
  switch (attribute.input_type) {
    case 'checkbox': {
      const element = h('input', {
        ...common,
        type: 'checkbox',
        on: { change: () => change(element.checked ? 'true' : 'false') },
      })
      return { element, set: (value) => void (element.checked = value === 'true') }
    }
    case 'select':
    case 'radio': {
      const options = attribute.values.map((value) => h('option', { value, text: value }))
      const element = h('select', { ...common, class: 'ed-select', on: { change: () => change(element.value) } }, ...options)
      return { element, set: (value) => void (element.value = value) }
    }
    case 'number': {
      const [min, max, step] = attribute.values
      const commit = () => {
        const wanted = Number(element.value)
        if (element.value === '' || !Number.isFinite(wanted)) return
        change(String(Math.min(Math.max(wanted, Number(min ?? -Infinity)), Number(max ?? Infinity))))
      }
      const element = h('input', { ...common, class: 'ed-input', type: 'number', min, max, step, on: { change: commit } })
      return { element, set: (value) => void (document.activeElement !== element && (element.value = value)) }
    }
    case 'text': {
      const element = h('textarea', { ...common, class: 'ed-input', rows: 1, on: { change: () => change(element.value) } })
      return { element, set: (value) => void (document.activeElement !== element && (element.value = value)) }
    }
  }
}
