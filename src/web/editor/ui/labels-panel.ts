// The labels of the job: counts on the frame, lock and hide all of one, choose for the next drawing.
import { chooseLabel } from '../commands/general-commands'
import { toggleFlag } from '../commands/object-commands'
import type { Editor } from '../editor'
import { t } from '../i18n/message'
import { describe } from './button'
import { chooseLabelColor } from './choose-color'
import { makeColorSwatch } from './color-swatch'
import { h, setAttribute, setText } from './dom'
import { icon } from './icons'

export const makeLabelsPanel = (editor: Editor): HTMLElement => {
  const labels = [...editor.job.labels.values()]
  const objectsOf = (labelId: number) =>
    [...editor.scene.items.values()].map((item) => item.object).filter((object) => object.data.label_id === labelId)

  const rows = labels.map((label, index) => {
    const count = h('span', { class: 'ed-count' })
    const swatch = makeColorSwatch('label-color', (color) => void chooseLabelColor(editor, label.id, color))
    const digit = index < 10 ? `${(index + 1) % 10}` : ''
    const choose = h(
      'button',
      { type: 'button', class: 'ed-label-choose', on: { click: () => chooseLabel(editor, index) } },
      h('span', { class: 'ed-label-name', text: label.name, dir: 'auto' }),
    )
    describe(choose, t('Use {name}', { name: label.name }), digit ? [`Ctrl+${digit}`] : [])
    const lock = h('button', {
      type: 'button',
      class: 'ed-switch',
      'data-testid': 'object-lock',
      on: { click: () => toggleFlag(editor, 'locked', objectsOf(label.id)) },
    })
    const hide = h('button', {
      type: 'button',
      class: 'ed-switch',
      'data-testid': 'object-hide',
      on: { click: () => toggleFlag(editor, 'hidden', objectsOf(label.id)) },
    })
    const element = h(
      'div',
      { class: 'ed-label-row', role: 'listitem', 'data-testid': `label-row-${label.id}` },
      swatch.element,
      choose,
      digit ? h('kbd', { text: digit }) : null,
      count,
      lock,
      hide,
    )
    return { label, element, swatch, count, lock, hide }
  })

  const update = () => {
    if (editor.state.sideTab !== 'labels') return
    const counts = new Map<number, { all: number; locked: number; hidden: number }>()
    for (const { object } of editor.scene.items.values()) {
      const entry = counts.get(object.data.label_id) ?? { all: 0, locked: 0, hidden: 0 }
      counts.set(object.data.label_id, entry)
      entry.all += 1
      if (object.locked) entry.locked += 1
      if (object.hidden) entry.hidden += 1
    }
    for (const { label, element, swatch, count, lock, hide } of rows) {
      const color = editor.job.labels.get(label.id)?.color ?? label.color
      element.style.setProperty('--color', color)
      swatch.set(color, t('Colour of {name}', { name: label.name }))
      const found = counts.get(label.id) ?? { all: 0, locked: 0, hidden: 0 }
      const locked = found.all > 0 && found.locked === found.all
      const hidden = found.all > 0 && found.hidden === found.all
      setText(count, String(found.all))
      setAttribute(element, 'data-active', String(editor.state.drawLabelId === label.id))
      lock.replaceChildren(icon(locked ? 'lock' : 'lock-open'))
      hide.replaceChildren(icon(hidden ? 'eye-off' : 'eye'))
      setAttribute(lock, 'aria-pressed', String(locked))
      setAttribute(hide, 'aria-pressed', String(hidden))
      describe(lock, t(locked ? 'Unlock all {name}' : 'Lock all {name}', { name: label.name }))
      describe(hide, t(hidden ? 'Show all {name}' : 'Hide all {name}', { name: label.name }))
    }
  }
  editor.store.subscribe(['edition', 'frame', 'sideTab', 'drawLabelId'], update)
  update()
  const list = h('div', { class: 'ed-list ed-plain', role: 'list' }, ...rows.map((row) => row.element))
  return h('div', { class: 'ed-panel', id: 'ed-panel-labels', role: 'tabpanel', 'aria-label': t('Labels') }, list)
}
