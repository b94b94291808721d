// The list of objects of the frame, with switches for all of them.
import type { Editor } from '../editor'
import { t, tn } from '../i18n/message'
import { commandButton } from './button'
import { h, setText } from './dom'
import { makeObjectCard, measureCard } from './object-card'
import { makeSelectionBar } from './selection-bar'
import { VirtualList } from './virtual-list'

type Order = 'id' | 'id-desc' | 'layer'

export const makeObjectsPanel = (editor: Editor): HTMLElement => {
  const opened = new Set<number>()
  const isOpen = (clientId: number): boolean => opened.has(clientId) !== editor.state.settings.alwaysDetails
  const list = new VirtualList(t('Objects'), (clientId) => {
    const toggle = () => {
      if (!opened.delete(clientId)) opened.add(clientId)
      refresh()
    }
    return makeObjectCard(editor, clientId, () => isOpen(clientId), toggle)
  })
  const count = h('span', { class: 'ed-count', 'data-testid': 'objects-count' })
  const order = h(
    'select',
    { class: 'ed-select ed-small', 'data-testid': 'objects-sort', 'aria-label': t('Order'), on: { change: () => refresh() } },
    h('option', { value: 'id', text: t('First drawn first') }),
    h('option', { value: 'id-desc', text: t('Last drawn first') }),
    h('option', { value: 'layer', text: t('Topmost first') }),
  )
  const empty = h(
    'p',
    { class: 'ed-empty' },
    t('Nothing on this frame yet. Pick a tool at the left, or press'),
    ' ',
    h('kbd', { text: 'N' }),
    '.',
  )
  const lockAll = commandButton(editor, 'lock-all', 'lock', 'objects-lock-all')
  const hideAll = commandButton(editor, 'hide-all', 'eye-off', 'objects-hide-all')

  let rows: { key: number; height: number }[] = []
  const measure = (labelId: number, clientId: number): number =>
    measureCard(isOpen(clientId) ? (editor.job.labels.get(labelId)?.attributes.length ?? 0) : 0)
  const refresh = () => {
    const items = [...editor.scene.items.values()]
    const sorted = order.value as Order
    if (sorted === 'id-desc') items.reverse()
    if (sorted === 'layer') items.sort((a, b) => (b.body?.z_order ?? 0) - (a.body?.z_order ?? 0) || b.clientId - a.clientId)
    rows = items.map(({ clientId, object }) => ({ key: clientId, height: measure(object.data.label_id, clientId) }))
    list.setRows(rows)
    setText(count, tn(items.length, 'One object', '{count} objects'))
    empty.hidden = items.length > 0
    lockAll.update()
    hideAll.update()
  }
  editor.store.subscribe(['edition', 'frame', 'appearance', 'settings'], refresh)
  editor.store.subscribe(['activeId', 'selection'], (state, changed) => {
    list.refresh()
    if (state.activeId !== null && changed.has('activeId')) list.scrollTo(state.activeId)
  })
  refresh()
  const bar = h('div', { class: 'ed-panel-bar' }, count, order, lockAll.element, hideAll.element)
  return h(
    'div',
    { class: 'ed-panel', id: 'ed-panel-objects', role: 'tabpanel', 'aria-label': t('Objects') },
    bar,
    makeSelectionBar(editor),
    empty,
    list.element,
  )
}
