// How objects look: colour by what, opacities, outline.
import type { Editor } from '../editor'
import { t } from '../i18n/message'
import type { Appearance } from '../state'
import { describe } from './button'
import { h, setText } from './dom'
import { icon } from './icons'

export const makeAppearancePanel = (editor: Editor): HTMLElement => {
  const change = (part: Partial<Appearance>) => editor.store.set({ appearance: { ...editor.state.appearance, ...part } })
  const { appearance } = editor.state
  const isFlat = editor.traits.dimension === '2d'
  const hasCuboids = editor.labelsFor('cuboid').length > 0

  const colorBy = h(
    'select',
    {
      class: 'ed-select',
      'data-testid': 'appearance-color-by',
      'aria-label': t('Colour by'),
      on: { change: () => change({ colorBy: colorBy.value as Appearance['colorBy'] }) },
    },
    ...['label', 'instance', 'group'].map((value) => h('option', { value, text: t(value) })),
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
  const flag = (
    key: 'outline' | 'bitmap' | 'projections' | 'orientation' | 'groundTruth',
    testId: string,
    title: string,
    more?: HTMLElement,
  ) => {
    const input = h('input', {
      type: 'checkbox',
      'data-testid': testId,
      checked: appearance[key],
      on: { change: () => change({ [key]: input.checked }) },
    })
    editor.store.subscribe(['appearance'], (state) => {
      input.checked = state.appearance[key]
    })
    return h('label', { class: 'ed-field' }, h('span', { text: title }), h('span', { class: 'ed-flag' }, input, more))
  }
  const outlineColor = h('input', {
    type: 'color',
    class: 'ed-color',
    'data-testid': 'appearance-outline-color',
    'aria-label': t('Colour of the outline'),
    on: { input: () => change({ outlineColor: outlineColor.value }) },
  })
  outlineColor.value = appearance.outlineColor

  const body = h(
    'div',
    { class: 'ed-appearance-body' },
    h('label', { class: 'ed-field' }, h('span', { text: t('Colour by') }), colorBy),
    percent('opacity', 'appearance-opacity', t('Opacity')),
    percent('selectedOpacity', 'appearance-selected-opacity', t('Selected')),
    flag('outline', 'appearance-outline', t('Outline'), outlineColor),
    isFlat ? flag('bitmap', 'appearance-bitmap', t('White on black')) : null,
    flag('groundTruth', 'appearance-ground-truth', t('Ground truth in review')),
    isFlat && hasCuboids ? flag('projections', 'appearance-projections', t('Projections')) : null,
    isFlat ? null : flag('orientation', 'appearance-orientation', t('Orientation arrows')),
  )
  const block = h('section', { class: 'ed-appearance', 'aria-label': t('Appearance') })
  const setOpen = (open: boolean) => {
    body.hidden = !open
    title.setAttribute('aria-expanded', String(open))
    describe(fold, t(open ? 'Fold' : 'Unfold'))
    fold.setAttribute('aria-expanded', String(open))
  }
  // The title only opens, so that going there never hides what one looks for.
  const title = h(
    'button',
    { type: 'button', class: 'ed-fold-title', 'data-testid': 'side-appearance', on: { click: () => setOpen(true) } },
    t('Appearance'),
  )
  const fold = h(
    'button',
    {
      type: 'button',
      class: 'ed-switch ed-details',
      'data-testid': 'appearance-fold',
      on: { click: () => setOpen(body.hidden === true) },
    },
    icon('chevron-down'),
  )
  setOpen(window.innerHeight >= 800)
  block.append(h('div', { class: 'ed-fold' }, title, fold), body)
  return block
}
