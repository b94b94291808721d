// Two hidden lists that say in the DOM what the canvas shows: the objects of the frame, and the handles of the active one.
import type { Editor } from '../editor'
import { t } from '../i18n/message'
import type { Point } from '../view/geometry'
import { h, setAttribute } from './dom'
import { describeLine, type Line, listLines, markLine } from './mirror-line'

/** Longer lists are written in slices of so many milliseconds. */
const atOnce = 800
const sliceMs = 8

type Row = { element: HTMLElement; mark: unknown[] }

const makeList = (testId: string, label: string): HTMLElement =>
  h('div', { class: 'ed-mirror', role: 'list', 'data-testid': testId, 'aria-label': label })

export class Mirror {
  readonly objects = makeList('objects-mirror', t('Objects of the frame'))
  readonly handles = makeList('handles-mirror', t('Handles of the active object'))
  private readonly rows = new Map<string, Row>()
  private generation = 0
  private lastActiveId: number | null = null

  constructor(private readonly editor: Editor) {}

  /** Brings the list up to date; long ones in slices, counted as work so that the editor shows as busy meanwhile. */
  syncObjects(): void {
    this.generation += 1
    const lines = listLines(this.editor.scene.items.values())
    const keys = new Set(lines.map((line) => line.key))
    if (![...this.rows.keys()].some((key) => keys.has(key))) {
      this.objects.replaceChildren()
      this.rows.clear()
    }
    for (const [key, row] of this.rows) {
      if (keys.has(key)) continue
      row.element.remove()
      this.rows.delete(key)
    }
    if (lines.length > atOnce) this.syncSlice(lines, 0, this.generation, false)
    else for (const [index, line] of lines.entries()) this.syncRow(line, index)
  }

  /** Another object became active: only what is written beside the two changes. */
  syncActive(): void {
    const { activeId } = this.editor.state
    for (const clientId of new Set([this.lastActiveId, activeId])) {
      const item = clientId === null ? undefined : this.editor.scene.items.get(clientId)
      const key = String(clientId)
      if (item && this.rows.has(key)) this.syncRow({ key, item, part: null }, null)
    }
    this.lastActiveId = activeId
  }

  private syncSlice(lines: Line[], from: number, generation: number, counted: boolean): void {
    const { store } = this.editor
    const isStale = generation !== this.generation
    const started = performance.now()
    let next = from
    while (!isStale && next < lines.length && performance.now() - started < sliceMs) {
      this.syncRow(lines[next]!, next)
      next += 1
    }
    if (isStale || next >= lines.length) {
      if (counted) store.set({ working: store.state.working - 1 })
      return
    }
    if (!counted) store.set({ working: store.state.working + 1 })
    setTimeout(() => this.syncSlice(lines, next, generation, true), 0)
  }

  /** Without an index the row stays at its place. */
  private syncRow(line: Line, index: number | null): void {
    const row = this.rows.get(line.key)
    const mark = markLine(this.editor, line)
    const isSame = row?.mark.every((value, i) => value === mark[i]) ?? false
    const element = row?.element ?? h('div', { role: 'listitem' })
    if (!isSame) {
      const values = describeLine(this.editor, line)
      for (const name in values) {
        if (row) setAttribute(element, name, String(values[name]))
        else element.setAttribute(name, String(values[name]))
      }
      this.rows.set(line.key, { element, mark })
    }
    if (index === null || this.objects.children[index] === element) return
    this.objects.insertBefore(element, this.objects.children[index] ?? null)
  }

  /** `offset` is where the picture area begins in the editor's root. */
  syncHandles(offset: { left: number; top: number }, turn: (at: Point) => Point = (at) => at): void {
    const { view } = this.editor.state
    const handles = this.editor.stage.listHandles()
    while (this.handles.childElementCount > handles.length) this.handles.lastElementChild!.remove()
    for (const [index, handle] of handles.entries()) {
      const element = this.handles.children[index] ?? this.handles.appendChild(h('div', { role: 'listitem' }))
      setAttribute(element, 'data-handle', handle.id)
      const at = turn({ x: view.left + view.scale * handle.x, y: view.top + view.scale * handle.y })
      setAttribute(element, 'data-x', String(offset.left + at.x))
      setAttribute(element, 'data-y', String(offset.top + at.y))
      setAttribute(element, 'aria-label', handle.id)
    }
  }
}
