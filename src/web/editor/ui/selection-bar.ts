// What can be done to several selected objects at once.
import type { Editor } from '../editor'
import { t } from '../i18n/message'
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
    commandButton(editor, 'lock', 'lock', 'selection-lock'),
    commandButton(editor, 'hide', 'eye-off', 'selection-hide'),
    commandButton(editor, 'delete', 'trash', 'selection-delete'),
  ]
  const element = h('div', { class: 'ed-panel-bar ed-selection', hidden: '' }, count, label, ...buttons.map((one) => one.element))
  editor.store.subscribe(['selection', 'activeId', 'edition'], () => {
    const chosen = editor.chosenIds.length
    element.hidden = chosen < 2
    setText(count, t('{count} selected', { count: chosen }))
    for (const button of buttons) button.update()
  })
  return element
}
