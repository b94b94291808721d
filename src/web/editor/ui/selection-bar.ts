// What can be done to several selected objects at once.
import type { Editor } from '../editor'
import { t } from '../i18n/message'
import { makeSelectionAttributes } from '../tools/panels/selection-attributes'
import { commandButton } from './button'
import { h, setText } from './dom'

export const makeSelectionBar = (editor: Editor): HTMLElement => {
  const labels = [...editor.job.labels.values()]
  const count = h('span', { class: 'ed-count' })
  const label = h(
    'select',
    {
      class: 'ed-select ed-small',
      'data-testid': 'selection-label',
      'aria-label': t('Label of the selected objects'),
      on: {
        change: () => {
          const chosen = labels.find((one) => one.name === label.value)
          const free = editor.chosenIds.filter((id) => !editor.document.get(id)?.locked)
          if (chosen) editor.do({ type: 'label', clientIds: free, labelId: chosen.id })
          label.value = ''
          label.blur()
        },
      },
    },
    h('option', { value: '', text: t('Label…') }),
    ...labels.map((one) => h('option', { value: one.name, text: one.name })),
  )
  const buttons = [
    commandButton(editor, 'group', 'group', 'selection-group'),
    commandButton(editor, 'ungroup', 'ungroup', 'selection-ungroup'),
    commandButton(editor, 'copy', 'copy', 'selection-copy'),
    commandButton(editor, 'propagate', 'copy-plus', 'selection-propagate'),
    commandButton(editor, 'to-foreground', 'bring-to-front', 'selection-foreground'),
    commandButton(editor, 'to-background', 'send-to-back', 'selection-background'),
    commandButton(editor, 'unite', 'squares-unite', 'selection-unite'),
    commandButton(editor, 'subtract', 'squares-subtract', 'selection-subtract'),
    commandButton(editor, 'intersect', 'squares-intersect', 'selection-intersect'),
    commandButton(editor, 'pin', 'pin', 'selection-pin'),
    commandButton(editor, 'lock', 'lock', 'selection-lock'),
    commandButton(editor, 'hide', 'eye-off', 'selection-hide'),
    commandButton(editor, 'delete', 'trash', 'selection-delete'),
  ]
  const attributes = makeSelectionAttributes(editor)
  const tools = h('div', { class: 'ed-selection-tools' }, ...buttons.map((one) => one.element))
  const element = h('div', { class: 'ed-panel-bar ed-selection', hidden: '' }, count, label, tools, attributes.element)
  editor.store.subscribe(['selection', 'activeId', 'edition'], () => {
    const chosen = editor.chosenIds.length
    element.hidden = chosen < 2
    setText(count, t('{count} selected', { count: chosen }))
    for (const button of buttons) button.update()
    attributes.update()
  })
  return element
}
