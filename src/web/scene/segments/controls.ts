// Small fields of the panels: a check, a number, a choice, a push button.
import { h } from '../../editor/ui/dom'

export const makeCheck = (testId: string, words: string, change: (on: boolean) => void) => {
  const input = h('input', { type: 'checkbox', 'data-testid': testId, on: { change: () => change(input.checked) } })
  return { element: h('label', { class: 'ed-check' }, input, h('span', { text: words })), input }
}

type Range = { min: number; max: number; step: number }

export const makeNumber = (testId: string, words: string, { min, max, step }: Range, change: (value: number) => void) => {
  const input = h('input', {
    class: 'ed-input ed-small',
    type: 'number',
    min,
    max,
    step,
    'data-testid': testId,
    on: {
      change: () => {
        const value = Math.min(Math.max(Number(input.value) || 0, min), max)
        change(value)
      },
    },
  })
  return { element: h('label', { class: 'sg-field' }, h('span', { text: words }), input), input }
}

export const makeSlider = (testId: string, words: string, { min, max, step }: Range, change: (value: number) => void) => {
  const input = h('input', {
    type: 'range',
    min,
    max,
    step,
    'data-testid': testId,
    on: { input: () => change(Number(input.value)) },
  })
  const said = h('output', { class: 'sg-value' })
  return { element: h('label', { class: 'sg-field sg-wide' }, h('span', { text: words }), input, said), input, said }
}

export const makeSelect = (
  testId: string,
  words: string,
  options: readonly { value: string; text: string }[],
  change: (value: string) => void,
) => {
  const select = h(
    'select',
    { class: 'ed-select', 'data-testid': testId, on: { change: () => change(select.value) } },
    ...options.map(({ value, text }) => h('option', { value, text })),
  )
  return { element: h('label', { class: 'sg-field' }, h('span', { text: words }), select), select }
}

export const makePush = (testId: string, words: string, run: () => void): HTMLButtonElement =>
  h('button', { type: 'button', class: 'ed-push ed-tiny', 'data-testid': testId, on: { click: run } }, words)
