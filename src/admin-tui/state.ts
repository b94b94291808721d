// The state of the console: panes with their rows, filter and selection, and what the keys currently mean. Pure.
import type { Form } from './form'
import { layOut, type Size } from './layout'
import type { Action, Counter, Detail, Pane, Tone, Values } from './pane'
import type { TextInput } from './text-input'

export type PaneState = {
  /** Undefined until the first answer. */
  rows: unknown[] | undefined
  total: number
  counters: Counter[]
  filter: string
  selectedId: string | undefined
  /** Index of the first row that is seen. */
  top: number
  details: { id: string; lines: Detail[] } | undefined
  detailsTop: number
  /** Why the last load failed. */
  problem: string
}

/** An action on its way, with the row it is about. */
export type Pending = { action: Action<any>; row: unknown }

export type Mode =
  | { kind: 'list' }
  | { kind: 'details' }
  | { kind: 'filter'; input: TextInput /** What Esc goes back to. */; before: string }
  | { kind: 'command'; input: TextInput }
  | { kind: 'help'; top: number }
  /** The form or question is being made; keys typed meanwhile are kept for it. */
  | { kind: 'preparing'; pending: Pending; keys: string[] }
  | { kind: 'question'; pending: Pending; text: string; warning?: string }
  | { kind: 'form'; pending: Pending; form: Form }
  | { kind: 'running'; pending: Pending; form?: Form }

export type Status = {
  database: string
  users: number | undefined
  /** Undefined while the queue cannot be read. */
  queue: { waiting: number; running: number; failed: number } | undefined
  /** The server on this data directory, when one runs. */
  server: { pid: number; bytes: number | undefined } | undefined
  /** Memory of this process. */
  bytes: number
  time: Date
}

export type State = {
  panes: readonly Pane[]
  size: Size
  current: string
  data: Readonly<Record<string, PaneState>>
  mode: Mode
  message: { text: string; tone: Tone } | undefined
  status: Status | undefined
}

/** What the world has to do; the answers come back as events. */
export type Effect =
  | { do: 'load'; pane: string; filter: string }
  | { do: 'details'; pane: string; row: unknown }
  | { do: 'prepare'; pending: Pending }
  | { do: 'run'; pending: Pending; values: Values }
  | { do: 'redraw' }
  | { do: 'quit' }

export type Step = { state: State; effects: Effect[] }

const emptyPane: PaneState = {
  rows: undefined,
  total: 0,
  counters: [],
  filter: '',
  selectedId: undefined,
  top: 0,
  details: undefined,
  detailsTop: 0,
  problem: '',
}

export const startState = (panes: readonly Pane[], size: Size): State => ({
  panes,
  size,
  current: panes[0]!.name,
  data: Object.fromEntries(panes.map(({ name }) => [name, emptyPane])),
  mode: { kind: 'list' },
  message: undefined,
  status: undefined,
})

export const currentPane = (state: State): Pane => state.panes.find(({ name }) => name === state.current)!
export const currentData = (state: State): PaneState => state.data[state.current]!
export const changePane = (state: State, name: string, change: Partial<PaneState>): State => ({
  ...state,
  data: { ...state.data, [name]: { ...state.data[name]!, ...change } },
})
export const stay = (state: State): Step => ({ state, effects: [] })

export const layoutOf = (state: State) =>
  layOut(state.size, currentData(state).counters.length, state.mode.kind === 'details' ? 'details' : 'list')

/** Rows whose shown cells hold every word of the filter. */
export const filterRows = (pane: Pane, rows: readonly unknown[], filter: string): unknown[] => {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  if (!words.length) return [...rows]
  return rows.filter((row) => {
    const text = pane.columns
      .map(({ show }) => show(row))
      .join(' ')
      .toLowerCase()
    return words.every((word) => text.includes(word))
  })
}

export const listRows = (state: State, name = state.current): unknown[] => {
  const { rows, filter } = state.data[name]!
  return filterRows(state.panes.find((pane) => pane.name === name)!, rows ?? [], filter)
}

/** Index among the listed rows; -1 when there are none. */
export const selectedIndex = (state: State): number => {
  const { selectedId } = currentData(state)
  return listRows(state).findIndex((row) => currentPane(state).id(row) === selectedId)
}
export const selectedRow = (state: State): unknown => listRows(state)[selectedIndex(state)]

/** Selects the row nearest to `index`, scrolls it into view and asks for its details. */
export const selectIndex = (state: State, index: number): Step => {
  const rows = listRows(state)
  const pane = currentPane(state)
  const { top, selectedId } = currentData(state)
  const at = Math.max(0, Math.min(index, rows.length - 1))
  const row = rows[at]
  if (row === undefined) return stay(changePane(state, pane.name, { selectedId: undefined, details: undefined, top: 0 }))
  const id = pane.id(row)
  const { listRows: height } = layoutOf(state)
  const scrolled = Math.max(0, Math.min(Math.max(top, at - height + 1), at, rows.length - 1))
  const change = { selectedId: id, top: scrolled, ...(id !== selectedId && { detailsTop: 0 }) }
  return { state: changePane(state, pane.name, change), effects: [{ do: 'details', pane: pane.name, row }] }
}

/** Actions that make sense now: those without a row, and those that fit the selected one. */
export const offeredActions = (state: State): Action<any>[] => {
  const row = selectedRow(state)
  return currentPane(state).actions.filter(
    ({ needs, isOffered }) => needs === 'nothing' || (row !== undefined && (isOffered?.(row) ?? true)),
  )
}
