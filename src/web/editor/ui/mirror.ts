// Two hidden lists that say in the DOM what the canvas shows: the objects of the frame, and the handles of the active one.

import { shapeTypeOf } from '../document/object'
import type { Item } from '../document/scene'
import type { Editor } from '../editor'
import { colorOf } from '../render/color'
import { describeItem } from '../render/describe-item'
import { h, setAttribute } from './dom'

const atOnce = 800

type Row = {
  element: HTMLElement
  object: unknown
  body: unknown
  id: number | null
  text: string
  keyframe: boolean
  color: string
}

type Look = { id: number | null; color: string; text: string; isNew: boolean }

const write = (element: HTMLElement, editor: Editor, item: Item, { id, color, text, isNew }: Look): void => {
  const { object, body } = item
  const label = editor.job.labels.get(object.data.label_id)?.name ?? ''
  const values: Record<string, string | number | boolean> = {
    'data-id': id ?? '',
    'data-client-id': item.clientId,
    'data-shape': shapeTypeOf(object),
    'data-label': label,
    'data-points': body ? body.points.map((value) => Math.round(value * 100) / 100).join(',') : '',
    'data-rotation': body?.rotation ?? 0,
    'data-occluded': body?.occluded ?? false,
    'data-hidden': object.hidden,
    'data-locked': object.locked,
    'data-pinned': object.pinned,
    'data-outside': body?.outside ?? false,
    'data-keyframe': item.keyframe,
    'data-z': body?.z_order ?? 0,
    'data-group': object.data.group,
    'data-kind': object.kind,
    'data-source': object.data.source ?? 'manual',
    'data-color': color,
    'data-text': text,
    'data-parent': '',
    'data-ground-truth': false,
    'aria-label': `${label} ${id ?? item.clientId}`,
  }
  for (const name in values) {
    if (isNew) element.setAttribute(name, String(values[name]))
    else setAttribute(element, name, String(values[name]))
  }
}

export class Mirror {
  readonly objects = h('div', {
    class: 'ed-mirror',
    role: 'list',
    'data-testid': 'objects-mirror',
    'aria-label': 'Objects of the frame',
  })
  readonly handles = h('div', {
    class: 'ed-mirror',
    role: 'list',
    'data-testid': 'handles-mirror',
    'aria-label': 'Handles of the active object',
  })
  private readonly rows = new Map<number, Row>()
  private generation = 0
  private lastActiveId: number | null = null

  constructor(private readonly editor: Editor) {}

  /** Brings the list up to date; long ones in slices, counted as work so that the editor shows as busy meanwhile. */
  syncObjects(): void {
    this.generation += 1
    const items = [...this.editor.scene.items.values()]
    if (![...this.rows.keys()].some((clientId) => this.editor.scene.items.has(clientId))) {
      this.objects.replaceChildren()
      this.rows.clear()
    }
    for (const [clientId, row] of this.rows) {
      if (this.editor.scene.items.has(clientId)) continue
      row.element.remove()
      this.rows.delete(clientId)
    }
    if (items.length <= atOnce) {
      for (const [index, item] of items.entries()) this.syncRow(item, index)
      return
    }
    this.syncSlice(items, 0, this.generation, false)
  }

  /** Another object became active: only what is written beside the two changes. */
  syncActive(): void {
    const { activeId } = this.editor.state
    for (const clientId of new Set([this.lastActiveId, activeId])) {
      const item = clientId === null ? undefined : this.editor.scene.items.get(clientId)
      const row = clientId === null ? undefined : this.rows.get(clientId)
      if (item && row) this.syncRow(item, null)
    }
    this.lastActiveId = activeId
  }

  private syncSlice(items: Item[], from: number, generation: number, counted: boolean): void {
    const { store } = this.editor
    const end = () => counted && store.set({ working: store.state.working - 1 })
    if (generation !== this.generation) return void end()
    const started = performance.now()
    let next = from
    while (next < items.length && performance.now() - started < 8) {
      this.syncRow(items[next]!, next)
      next += 1
    }
    if (next >= items.length) return void end()
    if (!counted) store.set({ working: store.state.working + 1 })
    setTimeout(() => this.syncSlice(items, next, generation, true), 0)
  }

  /** Without an index the row stays at its place. */
  private syncRow(item: Item, index: number | null): void {
    const { editor } = this
    const id = editor.document.serverId(item.clientId)
    const color = colorOf(item.object, editor.job.labels, editor.state.appearance.colorBy)
    const text = item.clientId === editor.state.activeId ? describeItem(editor, item) : ''
    const row = this.rows.get(item.clientId)
    const same = row && row.object === item.object && row.body === item.body && row.id === id && row.color === color
    if (
      same &&
      row.text === text &&
      row.keyframe === item.keyframe &&
      (index === null || this.objects.children[index] === row.element)
    )
      return
    const element = row?.element ?? h('div', { role: 'listitem' })
    write(element, editor, item, { id, color, text, isNew: !row })
    this.rows.set(item.clientId, { element, object: item.object, body: item.body, id, text, keyframe: item.keyframe, color })
    if (index !== null && this.objects.children[index] !== element)
      this.objects.insertBefore(element, this.objects.children[index] ?? null)
  }

  /** `offset` is where the picture area begins in the editor's root. */
  syncHandles(offset: { left: number; top: number }): void {
    const { view } = this.editor.state
    const handles = this.editor.stage.listHandles()
    while (this.handles.childElementCount > handles.length) this.handles.lastElementChild!.remove()
    for (const [index, handle] of handles.entries()) {
      const element = this.handles.children[index] ?? this.handles.appendChild(h('div', { role: 'listitem' }))
      setAttribute(element, 'data-handle', handle.id)
      setAttribute(element, 'data-x', String(offset.left + view.left + view.scale * handle.x))
      setAttribute(element, 'data-y', String(offset.top + view.top + view.scale * handle.y))
      setAttribute(element, 'aria-label', handle.id)
    }
  }
}
