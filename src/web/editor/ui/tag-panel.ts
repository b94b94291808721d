// The panel of the tag workspace: a label to add, the labels with their number keys, and the tags of the frame.
import type { Editor } from '../editor'
import { t } from '../i18n/message'
import { addTag, listTagLabels, listTags, toggleTag } from '../workspaces/tagging'
import { commandButton } from './button'
import { h } from './dom'

export const makeTagPanel = (editor: Editor): HTMLElement => {
  const labels = listTagLabels(editor)
  const select = h(
    'select',
    {
      class: 'ed-select',
      'data-testid': 'tag-label',
      'aria-label': t('Label'),
      on: {
        change: () => editor.store.set({ tagLabelId: labels.find((label) => label.name === select.value)?.id ?? 0 }),
      },
    },
    ...labels.map((label) => h('option', { value: label.name, text: label.name })),
  )
  const chosen = () => labels.find((label) => label.name === select.value)
  const add = h(
    'button',
    {
      type: 'button',
      class: 'ed-push ed-accent',
      'data-testid': 'tag-add',
      'data-keys': 'N',
      disabled: labels.length === 0,
      on: { click: () => addTag(editor, chosen()?.id ?? 0) },
    },
    t('Add tag'),
    h('kbd', { text: 'N' }),
  )
  const auto = h('input', {
    type: 'checkbox',
    'data-testid': 'tag-auto-next',
    on: { change: () => editor.store.set({ tagAutoNext: auto.checked }) },
  })
  const rows = labels.map((label, index) => {
    const element = h(
      'button',
      {
        type: 'button',
        class: 'ed-value',
        'data-testid': `tag-toggle-${label.id}`,
        on: { click: () => toggleTag(editor, label.id) },
      },
      index < 10 ? h('kbd', { text: String((index + 1) % 10) }) : h('span'),
      h('span', { class: 'ed-swatch' }),
      h('span', { class: 'ed-label-name', text: label.name, dir: 'auto' }),
    )
    element.style.setProperty('--color', label.color)
    return { label, element }
  })
  const next = commandButton(editor, 'frame-next', 'chevron-right', 'tag-next')
  next.element.append(t('Next frame'))

  const update = () => {
    if (editor.state.workspace !== 'tags') return
    const on = new Set(listTags(editor).map((tag) => tag.label?.id))
    for (const { label, element } of rows) element.setAttribute('aria-pressed', String(on.has(label.id)))
    auto.checked = editor.state.tagAutoNext
    next.update()
  }
  editor.store.subscribe(['workspace', 'edition', 'frame', 'wantedFrame', 'tagAutoNext'], update)
  update()
  return h(
    'div',
    { class: 'ed-panel ed-work-panel', role: 'region', 'aria-label': t('Tags') },
    h('label', { class: 'ed-field' }, h('span', { text: t('Label') }), select),
    add,
    h('label', { class: 'ed-check' }, auto, h('span', { text: t('Go to the next frame by itself') })),
    labels.length === 0 ? h('p', { class: 'ed-empty', text: t('No label of this job can be a tag.') }) : null,
    h('h3', { class: 'ed-panel-title', text: t('On this frame') }),
    h('div', { class: 'ed-values', role: 'group', 'aria-label': t('Tags of the frame') }, ...rows.map((row) => row.element)),
    next.element,
  )
}
