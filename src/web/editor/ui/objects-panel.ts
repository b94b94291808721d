// The list of objects of the frame, with switches for all of them.
import type { Editor } from '../editor'
import { findDuplicates } from '../filters/find-duplicates'
import { t, tn } from '../i18n/message'
import { commandButton, iconButton } from './button'
import { h, setText } from './dom'
import { makeObjectCard, measureCard } from './object-card'
import { openObjectMenu } from './object-menu'
import { makeSelectionBar } from './selection-bar'
import { VirtualList } from './virtual-list'

type Order = 'id' | 'id-desc' | 'updated' | 'label' | 'layer'

export const makeObjectsPanel = (editor: Editor): HTMLElement => {
  const { traits } = editor
  const opened = new Set<number>()
  const isOpen = (clientId: number): boolean => opened.has(clientId) !== editor.state.settings.alwaysDetails
  const list = new VirtualList(t('Objects'), (clientId) => {
    const toggle = () => {
      if (!opened.delete(clientId)) opened.add(clientId)
      refresh()
    }
    return makeObjectCard(editor, clientId, {
      isOpen: () => isOpen(clientId),
      toggleOpen: toggle,
      openMenu: (anchor) => openObjectMenu(editor, clientId, anchor),
    })
  })
  const count = h('span', { class: 'ed-count', 'data-testid': 'objects-count' })
  const order = h(
    'select',
    { class: 'ed-select ed-small', 'data-testid': 'objects-sort', 'aria-label': t('Order'), on: { change: () => refresh() } },
    h('option', { value: 'id', text: t('First drawn first') }),
    h('option', { value: 'id-desc', text: t('Last drawn first') }),
    h('option', { value: 'updated', text: t('Last changed first') }),
    h('option', { value: 'label', text: t('By label') }),
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
  const duplicates = h('button', {
    type: 'button',
    class: 'ed-duplicates',
    'data-testid': 'objects-duplicates',
    'data-tip': t('Select them'),
    on: { click: () => editor.select((duplicates.dataset.ids ?? '').split(',').map(Number)) },
  })
  const lockAll = commandButton(editor, 'lock-all', 'lock', 'objects-lock-all')
  const hideAll = commandButton(editor, 'hide-all', 'eye-off', 'objects-hide-all')

  const fold = iconButton('chevron-down', t('Open or fold all attributes'), 'objects-fold-all', () => {
    opened.clear()
    const { settings } = editor.state
    editor.store.set({ settings: { ...settings, alwaysDetails: !settings.alwaysDetails } })
  })

  /** Long lists take a moment: they are looked through when nothing else is to be done. */
  let isLooking = false
  const lookForDuplicates = () => {
    if (isLooking) return
    isLooking = true
    requestIdleCallback(() => {
      isLooking = false
      const piled = findDuplicates(editor.scene.items.values())
      duplicates.hidden = piled.length === 0
      duplicates.dataset.ids = piled.join(',')
      setText(duplicates, tn(piled.length, 'One object lies exactly on another', '{count} objects lie exactly on others'))
    })
  }

  let rows: { key: number; height: number }[] = []
  const measure = (labelId: number, clientId: number): number =>
    measureCard(
      isOpen(clientId) ? (editor.job.labels.get(labelId)?.attributes.length ?? 0) : 0,
      traits.card?.measure(editor, clientId, { active: editor.state.activeId === clientId, open: isOpen(clientId) }),
    )
  const refresh = () => {
    const items = [...editor.scene.items.values()]
    const sorted = order.value as Order
    if (sorted === 'id-desc') items.reverse()
    if (sorted === 'layer') items.sort((a, b) => (b.body?.z_order ?? 0) - (a.body?.z_order ?? 0) || b.clientId - a.clientId)
    const nameOf = (labelId: number) => editor.job.labels.get(labelId)?.name ?? ''
    if (sorted === 'label')
      items.sort(
        (a, b) => nameOf(a.object.data.label_id).localeCompare(nameOf(b.object.data.label_id)) || a.clientId - b.clientId,
      )
    const changed = (clientId: number) => editor.changedAt.get(clientId) ?? 0
    if (sorted === 'updated') items.sort((a, b) => changed(b.clientId) - changed(a.clientId) || b.clientId - a.clientId)
    lookForDuplicates()
    rows = items.map(({ clientId, object }) => ({ key: clientId, height: measure(object.data.label_id, clientId) }))
    list.setRows(rows)
    setText(count, tn(items.length, 'One object', '{count} objects'))
    empty.hidden = items.length > 0
    lockAll.update()
    hideAll.update()
  }
  editor.store.subscribe(['edition', 'frame', 'appearance', 'settings'], refresh)
  editor.store.subscribe(['activeId', 'selection'], (state, changed) => {
    if (traits.card && changed.has('activeId')) refresh()
    else list.refresh()
    if (state.activeId !== null && changed.has('activeId')) list.scrollTo(state.activeId)
  })
  refresh()
  const bar = h('div', { class: 'ed-panel-bar' }, count, order, fold, lockAll.element, hideAll.element)
  return h(
    'div',
    { class: 'ed-panel', id: 'ed-panel-objects', role: 'tabpanel', 'aria-label': t('Objects') },
    bar,
    makeSelectionBar(editor),
    duplicates,
    empty,
    list.element,
  )
}
