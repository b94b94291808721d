// What can be done to several selected objects at once.
import { hasCommand } from '../commands/registry'
import type { Editor } from '../editor'
import { t } from '../i18n/message'
import { makeSelectionAttributes } from '../tools/panels/selection-attributes'
import { commandButton } from './button'
import { h, setText } from './dom'
import type { IconName } from './icons'

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
  const offered: [id: string, icon: IconName, testId: string][] = [
    ['group', 'group', 'selection-group'],
    ['ungroup', 'ungroup', 'selection-ungroup'],
    ['copy', 'copy', 'selection-copy'],
    ['propagate', 'copy-plus', 'selection-propagate'],
    ['to-foreground', 'bring-to-front', 'selection-foreground'],
    ['to-background', 'send-to-back', 'selection-background'],
    ['unite', 'squares-unite', 'selection-unite'],
    ['subtract', 'squares-subtract', 'selection-subtract'],
    ['intersect', 'squares-intersect', 'selection-intersect'],
    ['pin', 'pin', 'selection-pin'],
    ['lock', 'lock', 'selection-lock'],
    ['hide', 'eye-off', 'selection-hide'],
    ['delete', 'trash', 'selection-delete'],
  ]
  const buttons = offered.filter(([id]) => hasCommand(id)).map(([id, name, testId]) => commandButton(editor, id, name, testId))
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
