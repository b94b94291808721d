// The list of objects of the frame, with switches for all of them.
import type { Editor } from '../editor'
import { commandButton } from './button'
import { h, setText } from './dom'
import { makeObjectCard, measureCard } from './object-card'
import { VirtualList } from './virtual-list'

type Order = 'id' | 'id-desc' | 'layer'

export const makeObjectsPanel = (editor: Editor): HTMLElement => {
  const opened = new Set<number>()
  const closed = new Set<number>()
  const isOpen = (clientId: number): boolean =>
    opened.has(clientId) || (editor.state.activeId === clientId && !closed.has(clientId))
  const list = new VirtualList('Objects', (clientId) =>
    makeObjectCard(
      editor,
      clientId,
      () => isOpen(clientId),
      () => {
        const open = isOpen(clientId)
        opened.delete(clientId)
        closed.delete(clientId)
        ;(open ? closed : opened).add(clientId)
        refresh()
      },
    ),
  )
  const count = h('span', { class: 'ed-count', 'data-testid': 'objects-count' })
  const order = h(
    'select',
    { class: 'ed-select ed-small', 'data-testid': 'objects-sort', 'aria-label': 'Order', on: { change: () => refresh() } },
    h('option', { value: 'id', text: 'First drawn first' }),
    h('option', { value: 'id-desc', text: 'Last drawn first' }),
    h('option', { value: 'layer', text: 'Topmost first' }),
  )
  const empty = h(
    'p',
    { class: 'ed-empty' },
    'Nothing on this frame yet. Pick a tool at the left, or press ',
    h('kbd', { text: 'N' }),
    '.',
  )
  const lockAll = commandButton(editor, 'lock-all', 'lock', 'objects-lock-all')
  const hideAll = commandButton(editor, 'hide-all', 'eye-off', 'objects-hide-all')

  const refresh = () => {
    const items = [...editor.scene.items.values()]
    const sorted = order.value as Order
    if (sorted === 'id-desc') items.reverse()
    if (sorted === 'layer') items.sort((a, b) => (b.body?.z_order ?? 0) - (a.body?.z_order ?? 0) || b.clientId - a.clientId)
    const attributes = (item: (typeof items)[number]) => editor.job.labels.get(item.object.data.label_id)?.attributes.length ?? 0
    list.setRows(items.map((item) => ({ key: item.clientId, height: measureCard(isOpen(item.clientId) ? attributes(item) : 0) })))
    setText(count, `${items.length} ${items.length === 1 ? 'object' : 'objects'}`)
    empty.hidden = items.length > 0
    lockAll.update()
    hideAll.update()
  }
  editor.store.subscribe(['edition', 'frame', 'activeId', 'selection', 'appearance'], (state, changed) => {
    if (changed.has('activeId')) closed.clear()
    refresh()
    if (changed.has('activeId') && state.activeId !== null) list.scrollTo(state.activeId)
  })
  refresh()
  const bar = h('div', { class: 'ed-panel-bar' }, count, order, lockAll.element, hideAll.element)
  return h(
    'div',
    { class: 'ed-panel', id: 'ed-panel-objects', role: 'tabpanel', 'aria-label': 'Objects' },
    bar,
    empty,
    list.element,
  )
}
