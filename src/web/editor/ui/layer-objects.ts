// The objects of one layer as rows that can be dragged to another layer.
import type { Intent } from '../document/intent'
import type { Item } from '../document/scene'
import type { Editor } from '../editor'
import { t } from '../i18n/message'
import { colorOf } from '../render/color'
import { h } from './dom'

/** Rows of a layer that is unfolded; more than that are told by their number. */
const mostRows = 200
const dragType = 'application/x-annolith-objects'

/** Puts objects of the frame on a layer, as one step. */
export const moveToLayer = (editor: Editor, clientIds: readonly number[], layer: number): void => {
  const intents = clientIds.flatMap((clientId): Intent[] => {
    const item = editor.scene.items.get(clientId)
    if (!item?.body || item.object.locked || item.body.z_order === layer) return []
    return [{ type: 'mark', clientId, mark: { z_order: layer }, title: 'Move to layer' }]
  })
  editor.do(...intents)
}

/** Dragging one of several that are selected takes all of them along. */
const makeRow = (editor: Editor, item: Item): HTMLElement => {
  const { clientId, object } = item
  const { activeId, selection, appearance } = editor.state
  const row = h(
    'div',
    {
      class: 'ed-layer-object',
      role: 'listitem',
      draggable: 'true',
      'data-testid': `layer-object-${clientId}`,
      'data-active': clientId === activeId || selection.includes(clientId),
      on: {
        click: () => editor.activate(clientId),
        dragstart: (event) => {
          const ids = editor.chosenIds.includes(clientId) ? editor.chosenIds : [clientId]
          event.dataTransfer?.setData(dragType, ids.join(','))
          if (event.dataTransfer) event.dataTransfer.effectAllowed = 'move'
        },
      },
    },
    h('span', { class: 'ed-swatch' }),
    h('span', { class: 'ed-number', text: String(clientId) }),
    h('span', { class: 'ed-label-name', text: editor.job.labels.get(object.data.label_id)?.name ?? '', dir: 'auto' }),
  )
  row.style.setProperty('--color', colorOf(object, editor.job.labels, appearance.colorBy))
  return row
}

export const makeLayerObjects = (editor: Editor, items: readonly Item[]): HTMLElement =>
  h(
    'div',
    { class: 'ed-layer-objects', role: 'list' },
    ...items.slice(0, mostRows).map((item) => makeRow(editor, item)),
    items.length > mostRows
      ? h('p', { class: 'ed-empty', text: t('and {count} more', { count: items.length - mostRows }) })
      : null,
  )

/** Objects that are dropped on an element go to its layer. */
export const acceptObjects = (editor: Editor, element: HTMLElement, layer: number): void => {
  const isOurs = (event: DragEvent) => event.dataTransfer?.types.includes(dragType) ?? false
  element.addEventListener('dragover', (event) => {
    if (!isOurs(event)) return
    event.preventDefault()
    element.dataset.drop = 'true'
  })
  element.addEventListener('dragleave', () => delete element.dataset.drop)
  element.addEventListener('drop', (event) => {
    delete element.dataset.drop
    if (!isOurs(event)) return
    event.preventDefault()
    const ids = event.dataTransfer!.getData(dragType).split(',').map(Number)
    moveToLayer(editor, ids, layer)
  })
}
