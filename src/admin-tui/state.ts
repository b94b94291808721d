// The state of the console: panes with their rows, filter and selection, and what the keys currently mean. Pure.
import type { ServerStatus } from '../server/admin/status'
import { filterRows, type Sort, sortRows } from './filter-rows'
import type { Form } from './form'
import { layOut, type Size } from './layout'
import type { Action, Counter, Detail, Loaded, Pane, Tone, Undo, Values } from './pane'
import type { TextInput } from './text-input'

export type PaneState = {
  /** Undefined until the first answer. */
  rows: unknown[] | undefined
  total: number
  /** Whether there is more than one look brings, so that the filter has to be asked of the server. */
  isPartial: boolean
  counters: Counter[]
  note: Loaded<unknown>['note']
  filter: string
  sort: Sort | undefined
  selectedId: string | undefined
  /** Ids of the rows that the next action is about. */
  marked: ReadonlySet<string>
  /** Where a range of marks begins. */
  anchor: string | undefined
  /** Whether the newest row stays selected. */
  isFollowing: boolean
  /** Index of the first row that is seen. */
  top: number
  details: { id: string; lines: Detail[] } | undefined
  detailsTop: number
  /** Why the last load failed. */
  problem: string
}

/** An action on its way, with the rows it is about; `row` is the first of them. */
export type Pending = { action: Action<any>; row: unknown; rows: unknown[]; undoes?: Undo }

export type Mode =
  | { kind: 'list' }
  | { kind: 'details' }
  | { kind: 'filter'; input: TextInput /** What Esc goes back to. */; before: string }
  | { kind: 'command'; input: TextInput /** Index among the commands that fit. */; picked: number }
  | { kind: 'help'; top: number }
  /** The form or question is being made; keys typed meanwhile are kept for it. */
  | { kind: 'preparing'; pending: Pending; keys: string[] }
  | { kind: 'question'; pending: Pending; text: string; warning?: string; typed?: { wanted: string; input: TextInput } }
  | { kind: 'form'; pending: Pending; form: Form }
  | { kind: 'running'; pending: Pending; form?: Form; done?: number }

/** `unreachable` says why the server could not be asked. */
export type Status = Partial<ServerStatus> & { unreachable?: string; place: string; time: Date }

export type State = {
  panes: readonly Pane[]
  size: Size
  current: string
  data: Readonly<Record<string, PaneState>>
  mode: Mode
  message: { text: string; tone: Tone } | undefined
  status: Status | undefined
  /** Whether details stand beside the list where there is room. */
  isSplit: boolean
  hasMouse: boolean
  /** What can be undone, the newest last. */
  undos: readonly Undo[]
}

/** What the world has to do; the answers come back as events. */
export type Effect =
  | { do: 'load'; pane: string; filter: string }
  | { do: 'details'; pane: string; row: unknown }
  | { do: 'prepare'; pending: Pending }
  | { do: 'run'; pending: Pending; values: Values }
  | { do: 'redraw' }
  | { do: 'copy'; text: string }
  | { do: 'mouse'; isOn: boolean }
  | { do: 'quit' }

export type Step = { state: State; effects: Effect[] }

const emptyPane: PaneState = {
  rows: undefined,
  total: 0,
  isPartial: false,
  counters: [],
  note: undefined,
  filter: '',
  sort: undefined,
  selectedId: undefined,
  marked: new Set(),
  anchor: undefined,
  isFollowing: true,
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
  isSplit: true,
  hasMouse: true,
  undos: [],
})

export const currentPane = (state: State): Pane => state.panes.find(({ name }) => name === state.current)!
export const currentData = (state: State): PaneState => state.data[state.current]!
export const changePane = (state: State, name: string, change: Partial<PaneState>): State => ({
  ...state,
  data: { ...state.data, [name]: { ...state.data[name]!, ...change } },
})
/** Another look at a pane. */
export const loadOf = (state: State, name = state.current): Effect => {
  const { rows, isPartial, filter } = state.data[name]!
  return { do: 'load', pane: name, filter: !rows || isPartial ? filter : '' }
}
export const stay = (state: State): Step => ({ state, effects: [] })

export const layoutOf = (state: State) => {
  const { counters, note } = currentData(state)
  return layOut(state.size, {
    counters: counters.length,
    hasNote: note !== undefined,
    focus: state.mode.kind === 'details' ? 'details' : 'list',
    isSplit: state.isSplit && !currentPane(state).graph,
  })
}

/** Lists by the state of the pane that they come from, which never changes. */
const listed = new WeakMap<PaneState, unknown[]>()

export const listRows = (state: State, name = state.current): unknown[] => {
  const data = state.data[name]!
  const known = listed.get(data)
  if (known) return known
  const pane = state.panes.find((one) => one.name === name)!
  const rows = sortRows(pane, filterRows(pane, data.rows ?? [], data.filter), data.sort)
  listed.set(data, rows)
  return rows
}

/** The marked rows of the list; without any, the selected one. */
export const touchedRows = (state: State): unknown[] => {
  const { marked } = currentData(state)
  const pane = currentPane(state)
  const rows = marked.size ? listRows(state).filter((row) => marked.has(pane.id(row))) : []
  const selected = selectedRow(state)
  return rows.length ? rows : selected === undefined ? [] : [selected]
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

/** Rows that an action would be run for now. */
export const rowsFor = (state: State, { needs, isOffered }: Action<any>): unknown[] => {
  if (needs === 'nothing') return []
  const selected = selectedRow(state)
  const rows = needs === 'rows' ? touchedRows(state) : selected === undefined ? [] : [selected]
  return rows.filter((row) => isOffered?.(row) ?? true)
}

/** Actions that make sense now: those without a row, and those that fit the selected one or some of the marked. */
export const offeredActions = (state: State): Action<any>[] =>
  currentPane(state).actions.filter((action) => action.needs === 'nothing' || rowsFor(state, action).length > 0)
