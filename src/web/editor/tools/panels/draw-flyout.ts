// The fly-out of a drawing tool: label, way to draw, number of points, shape or track.

import type { Editor } from '../../editor'
import { t } from '../../i18n/message'
import { h } from '../../ui/dom'
import { type IconName, icon } from '../../ui/icons'
import { drawMethods } from '../rail'
import type { Tool } from '../tool'

const makeLabelSelect = (editor: Editor, kind: NonNullable<Tool['draws']>): HTMLElement => {
  const labels = editor.labelsFor(kind)
  const select = h(
    'select',
    {
      class: 'ed-select',
      'data-testid': 'draw-label',
      'aria-label': t('Label'),
      on: {
        change: () => {
          const label = labels.find((one) => one.name === select.value)
          if (label) editor.store.set({ drawLabelId: label.id })
        },
      },
    },
    ...labels.map((label) => h('option', { value: label.name, text: label.name })),
  )
  select.value = editor.job.labels.get(editor.stage.labelFor(kind))?.name ?? ''
  return h('label', { class: 'ed-field' }, h('span', { text: t('Label') }), select)
}

const makeCount = (editor: Editor): HTMLElement => {
  const count = h('input', {
    class: 'ed-input',
    type: 'number',
    min: 0,
    placeholder: t('any'),
    'data-testid': 'draw-count',
    'aria-label': t('Number of points'),
    value: editor.state.drawCount > 0 ? String(editor.state.drawCount) : '',
    on: { input: () => editor.store.set({ drawCount: Math.max(Math.floor(Number(count.value)) || 0, 0) }) },
  })
  return h('label', { class: 'ed-field' }, h('span', { text: t('Points') }), count)
}

/** The select, and which tool it stands at. */
const makeMethod = (editor: Editor, tool: Tool): { element: HTMLElement | null; toolId: () => string } => {
  const methods = editor.traits.dimension === '2d' ? drawMethods[tool.id] : undefined
  if (!methods) return { element: null, toolId: () => tool.id }
  const options = methods.map(({ value, title }) => h('option', { value, text: t(title) }))
  const toolId = () => methods.find((one) => one.value === select.value)?.toolId ?? tool.id
  const select = h(
    'select',
    {
      class: 'ed-select',
      'data-testid': 'draw-method',
      'aria-label': t('Way to draw'),
      // The canvas is ready for the chosen way at once.
      on: { change: () => editor.stage.setTool(toolId()) },
    },
    ...options,
  )
  select.value = methods.find((one) => one.toolId === editor.state.toolId)?.value ?? methods[0]!.value
  return { element: h('label', { class: 'ed-field' }, h('span', { text: t('Method') }), select), toolId }
}

export const makeDrawFlyout = (editor: Editor, tool: Tool): HTMLElement => {
  const kind = tool.draws!
  const method = makeMethod(editor, tool)
  const start = (drawAs: 'shape' | 'track') => () => {
    const { drawLabelId } = editor.state
    editor.store.set({ drawAs, flyout: null })
    editor.stage.setTool(method.toolId())
    // Taking up the tool may have put the kind back.
    editor.store.set({ drawAs })
    if (editor.labelsFor(kind).some((label) => label.id === drawLabelId)) editor.store.set({ drawLabelId })
    if (kind === 'tag') editor.stage.send({ type: 'finish' })
  }
  const push = (testId: string, title: string, as: 'shape' | 'track', accent: boolean) =>
    h(
      'button',
      { type: 'button', class: accent ? 'ed-push ed-accent' : 'ed-push', 'data-testid': testId, on: { click: start(as) } },
      title,
    )
  const hasPoints = kind === 'polygon' || kind === 'polyline' || kind === 'points'
  // Tags belong to a frame.
  const mayTrack = kind !== 'tag'
  return h(
    'div',
    { class: 'ed-flyout', role: 'dialog', 'aria-label': t('Draw: {title}', { title: t(tool.title) }) },
    h('div', { class: 'ed-flyout-title' }, icon(tool.icon as IconName), t(tool.title)),
    makeLabelSelect(editor, kind),
    method.element,
    hasPoints ? makeCount(editor) : null,
    h(
      'div',
      { class: 'ed-row' },
      push('draw-shape', kind === 'tag' ? t('Add tag') : t('Shape'), 'shape', true),
      mayTrack ? push('draw-track', t('Track'), 'track', false) : null,
    ),
    h(
      'p',
      { class: 'ed-note' },
      t('Draw at once, or choose first.'),
      ' ',
      h('kbd', { text: 'N' }),
      ' ',
      t('draws the same again.'),
    ),
  )
}
