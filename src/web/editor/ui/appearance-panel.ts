// How objects look: colour by what, opacities, outline.
import type { Editor } from '../editor'
import type { Appearance } from '../state'
import { h, setText } from './dom'

export const makeAppearancePanel = (editor: Editor): HTMLElement => {
  const change = (part: Partial<Appearance>) => editor.store.set({ appearance: { ...editor.state.appearance, ...part } })
  const { appearance } = editor.state

  const colorBy = h(
    'select',
    {
      class: 'ed-select',
      'data-testid': 'appearance-color-by',
      'aria-label': 'Colour by',
      on: { change: () => change({ colorBy: colorBy.value as Appearance['colorBy'] }) },
    },
    ...['label', 'instance', 'group'].map((value) => h('option', { value, text: value })),
  )
  colorBy.value = appearance.colorBy

  const percent = (name: 'opacity' | 'selectedOpacity', testId: string, title: string) => {
    const shown = h('span', { class: 'ed-mono ed-percent', text: `${appearance[name]} %` })
    const input = h('input', {
      type: 'range',
      class: 'ed-slider',
      'data-testid': testId,
      'aria-label': title,
      min: 0,
      max: 100,
      value: String(appearance[name]),
      on: {
        input: () => {
          change({ [name]: Number(input.value) })
          input.style.setProperty('--share', String(Number(input.value) / 100))
          setText(shown, `${input.value} %`)
        },
      },
    })
    input.style.setProperty('--share', String(appearance[name] / 100))
    return h('label', { class: 'ed-field' }, h('span', { text: title }), input, shown)
  }
  const outline = h('input', {
    type: 'checkbox',
    'data-testid': 'appearance-outline',
    checked: appearance.outline,
    on: { change: () => change({ outline: outline.checked }) },
  })

  const body = h(
    'div',
    { class: 'ed-appearance-body' },
    h('label', { class: 'ed-field' }, h('span', { text: 'Colour by' }), colorBy),
    percent('opacity', 'appearance-opacity', 'Opacity'),
    percent('selectedOpacity', 'appearance-selected-opacity', 'Selected'),
    h('label', { class: 'ed-field' }, h('span', { text: 'Dark outline' }), outline),
  )
  const summary = h('summary', { 'data-testid': 'side-appearance' }, 'Appearance')
  return h('details', { class: 'ed-appearance', open: '' }, summary, body)
}
