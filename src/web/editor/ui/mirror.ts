// Two hidden lists that say in the DOM what the canvas shows: the objects of the frame, and the handles of the active one.
import type { Editor } from '../editor'
import { t } from '../i18n/message'
import type { MirroredHandle } from '../kit'
import { h, setAttribute } from './dom'
import { describeLine, type Line, listLines, markLine, type Values } from './mirror-line'

/** Longer lists are written in slices of so many milliseconds. */
const atOnce = 800
const sliceMs = 8

type Row = { element: HTMLElement; mark: unknown[] }

/** How far a long list is written; `at` is the place of the next row. */
type Progress = { lines: Line[]; next: number; at: Element | null; generation: number; counted: boolean }

const makeList = (testId: string, label: string): HTMLElement =>
  h('div', { class: 'ed-mirror', role: 'list', 'data-testid': testId, 'aria-label': label })

export class Mirror {
  readonly objects = makeList('objects-mirror', t('Objects of the frame'))
  readonly handles = makeList('handles-mirror', t('Handles of the active object'))
  private readonly rows = new Map<string, Row>()
  private generation = 0
  /** Where rows are written: the list, or a fragment until a long one is complete, which spares the browser its layout. */
  private target: Element | DocumentFragment = this.objects
  private lastActiveId: number | null = null
  /** The row that was written last: most of what it says holds for the next one too, and a copy costs less than writing all of it. */
  private pattern: { element: HTMLElement; values: Values } = { element: h('div', { role: 'listitem' }), values: {} }

  constructor(private readonly editor: Editor) {}

  /** Brings the list up to date; long ones in slices, counted as work so that the editor shows as busy meanwhile. */
  syncObjects(): void {
    this.generation += 1
    const lines = listLines(this.editor.scene.items.values())
    const keys = new Set(lines.map((line) => line.key))
    if (![...this.rows.keys()].some((key) => keys.has(key))) {
      this.objects.replaceChildren()
      this.target = this.objects
      this.rows.clear()
    }
    for (const [key, row] of this.rows) {
      if (keys.has(key)) continue
      row.element.remove()
      this.rows.delete(key)
    }
    if (lines.length > atOnce && this.rows.size === 0) this.target = document.createDocumentFragment()
    const state = { lines, next: 0, at: this.target.firstElementChild, generation: this.generation, counted: false }
    if (lines.length > atOnce) this.syncSlice(state)
    else {
      for (const line of lines) state.at = this.placeRow(line, state.at)
      this.attach()
    }
  }

  private attach(): void {
    if (this.target === this.objects) return
    this.objects.replaceChildren(this.target)
    this.target = this.objects
  }

  /** Another object became active: only what is written beside the two changes. */
  syncActive(): void {
    const { activeId } = this.editor.state
    for (const clientId of new Set([this.lastActiveId, activeId])) {
      const item = clientId === null ? undefined : this.editor.scene.items.get(clientId)
      const key = String(clientId)
      if (item && this.rows.has(key)) this.syncRow({ key, item, part: null })
    }
    this.lastActiveId = activeId
  }

  private syncSlice(state: Progress): void {
    const { store } = this.editor
    const isStale = state.generation !== this.generation
    const started = performance.now()
    while (!isStale && state.next < state.lines.length && performance.now() - started < sliceMs) {
      state.at = this.placeRow(state.lines[state.next]!, state.at)
      state.next += 1
    }
    if (isStale || state.next >= state.lines.length) {
      if (!isStale) this.attach()
      if (state.counted) store.set({ working: store.state.working - 1 })
      return
    }
    if (!state.counted) store.set({ working: store.state.working + 1 })
    state.counted = true
    setTimeout(() => this.syncSlice(state), 0)
  }

  /** Writes a row at a place of the list; returns the place after it. */
  private placeRow(line: Line, at: Element | null): Element | null {
    const element = this.syncRow(line)
    if (element === at) return at.nextElementSibling
    this.target.insertBefore(element, at)
    return at
  }

  private syncRow(line: Line): HTMLElement {
    const row = this.rows.get(line.key)
    const mark = markLine(this.editor, line)
    const isSame = row?.mark.every((value, i) => value === mark[i]) ?? false
    if (row && isSame) return row.element
    const values = describeLine(this.editor, line)
    if (row) for (const name in values) setAttribute(row.element, name, String(values[name]))
    const element = row?.element ?? this.makeRow(values)
    this.pattern = { element, values }
    this.rows.set(line.key, { element, mark })
    return element
  }

  private makeRow(values: Values): HTMLElement {
    const { pattern } = this
    const element = pattern.element.cloneNode() as HTMLElement
    for (const name in values) {
      if (pattern.values[name] !== values[name]) element.setAttribute(name, String(values[name]))
    }
    return element
  }

  /** Handles in CSS pixels from the corner of the editor's root. */
  syncHandles(handles: readonly MirroredHandle[]): void {
    while (this.handles.childElementCount > handles.length) this.handles.lastElementChild!.remove()
    for (const [index, handle] of handles.entries()) {
      const element = this.handles.children[index] ?? this.handles.appendChild(h('div', { role: 'listitem' }))
      setAttribute(element, 'data-handle', handle.id)
      setAttribute(element, 'data-x', String(handle.x))
      setAttribute(element, 'data-y', String(handle.y))
      setAttribute(element, 'aria-label', handle.id)
    }
  }
}
