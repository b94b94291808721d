// Every key of the console as data, by what is in focus; the help and the line of keys are generated from it. Pure.
import { listFields } from './filter-rows'
import { markAll, markRange, sortBy, toggleMark, undoLast } from './list-keys'
import type { Action } from './pane'
import { showCount } from './show-values'
import {
  changePane,
  currentData,
  currentPane,
  layoutOf,
  listRows,
  loadOf,
  rowsFor,
  type State,
  type Step,
  selectedIndex,
  selectedRow,
  selectIndex,
  stay,
  touchedRows,
} from './state'
import { startInput } from './text-input'

export type Binding = {
  keys: string[]
  /** How the help writes the keys. */
  shown: string
  help: string
  press: (state: State) => Step
}

/** Opens a pane in its list, and looks again; with `filter` as if it had been typed. */
export const openPane = (state: State, name: string, filter?: string): Step => {
  const filtered =
    filter === undefined ? state : changePane(state, name, { filter, top: 0, marked: new Set(), selectedId: undefined })
  const opened: State = { ...filtered, current: name, mode: { kind: 'list' }, message: undefined }
  const { state: selected, effects } = selectIndex(opened, Math.max(0, selectedIndex(opened)))
  return { state: selected, effects: [loadOf(selected), ...effects] }
}

const move = (by: (state: State) => number) => (state: State) => selectIndex(state, selectedIndex(state) + by(state))
const scroll = (by: (state: State) => number) => (state: State) =>
  stay(changePane(state, state.current, { detailsTop: Math.max(0, currentData(state).detailsTop + by(state)) }))
const enter =
  (mode: State['mode']) =>
  (state: State): Step =>
    stay({ ...state, mode, message: undefined })

const quit: Binding = { keys: ['q', 'C-c'], shown: 'q', help: 'quit', press: (state) => ({ state, effects: [{ do: 'quit' }] }) }
const panesByNumber: Binding = {
  keys: [...'1234567890'],
  shown: '0 – 9',
  help: 'open a pane by its number',
  press: stay,
}
/** The pane `by` places further, round and round. */
const turn = (by: number) => (state: State) => {
  const at = state.panes.findIndex(({ name }) => name === state.current)
  return openPane(state, state.panes[(at + by + state.panes.length) % state.panes.length]!.name)
}
const anywhere: Binding[] = [
  panesByNumber,
  { keys: [']', 'S-right'], shown: ']', help: 'next pane', press: turn(1) },
  { keys: ['[', 'S-left'], shown: '[', help: 'pane before', press: turn(-1) },
  {
    keys: [':'],
    shown: ':',
    help: 'type a command: a pane, an action, :sort, :filter, :quit; Tab completes',
    press: enter({ kind: 'command', input: startInput(), picked: 0 }),
  },
  { keys: ['?', 'f1'], shown: '?', help: 'this help', press: enter({ kind: 'help', top: 0 }) },
  { keys: ['z'], shown: 'z', help: 'undo the last change, where it can be undone', press: undoLast },
  {
    keys: ['y'],
    shown: 'y',
    help: 'copy the id (of all marked rows), where the terminal allows it',
    press: (state) => {
      const ids = touchedRows(state).map((row) => currentPane(state).id(row))
      if (!ids.length) return stay(state)
      const said = ids.length === 1 ? `Copied: ${ids[0]}` : `Copied ${showCount(ids.length, 'id')}.`
      return { state: { ...state, message: { text: said, tone: 'good' } }, effects: [{ do: 'copy', text: ids.join('\n') }] }
    },
  },
  { keys: ['C-r', 'f5'], shown: 'Ctrl-R', help: 'look again now', press: (state) => ({ state, effects: [loadOf(state)] }) },
  { keys: ['C-l'], shown: 'Ctrl-L', help: 'draw the screen anew', press: (state) => ({ state, effects: [{ do: 'redraw' }] }) },
  quit,
]

export const listBindings: Binding[] = [
  { keys: ['down', 'j'], shown: '↓ j', help: 'next', press: move(() => 1) },
  { keys: ['up', 'k'], shown: '↑ k', help: 'previous', press: move(() => -1) },
  { keys: ['pagedown', 'C-f'], shown: 'PgDn', help: 'a page down', press: move((state) => layoutOf(state).listRows) },
  { keys: ['pageup', 'C-b'], shown: 'PgUp', help: 'a page up', press: move((state) => -layoutOf(state).listRows) },
  { keys: ['home', 'g'], shown: 'Home g', help: 'first', press: (state) => selectIndex(state, 0) },
  { keys: ['end', 'G'], shown: 'End G', help: 'last', press: (state) => selectIndex(state, listRows(state).length - 1) },
  {
    keys: ['enter', 'tab', 'right', 'l'],
    shown: 'Enter Tab',
    help: 'to the details, which the same keys scroll',
    press: (state) => (selectedRow(state) === undefined ? stay(state) : enter({ kind: 'details' })(state)),
  },
  {
    keys: ['/'],
    shown: '/',
    help: 'filter: rows that hold every word; column:value where a column begins so; -word for rows without it',
    press: (state) => {
      const { filter } = currentData(state)
      return enter({ kind: 'filter', input: startInput(filter), before: filter })(state)
    },
  },
  {
    keys: ['escape'],
    shown: 'Esc',
    help: 'back; in the list: take the marks away, then the filter',
    press: (state) => {
      if (currentData(state).marked.size) return stay(changePane(state, state.current, { marked: new Set(), anchor: undefined }))
      const cleared = changePane({ ...state, message: undefined }, state.current, { filter: '' })
      const { state: selected, effects } = selectIndex(cleared, Math.max(0, selectedIndex(cleared)))
      return { state: selected, effects: currentData(state).filter ? [loadOf(selected), ...effects] : effects }
    },
  },
  { keys: [' '], shown: 'Space', help: 'mark the row for the next action, and go on', press: toggleMark },
  { keys: ['v'], shown: 'v', help: 'mark everything from the row that was marked last to this one', press: markRange },
  { keys: ['*'], shown: '*', help: 'mark all rows that are listed, or none', press: markAll },
  { keys: ['>'], shown: '>', help: 'sort by the next column', press: sortBy(1) },
  { keys: ['<'], shown: '<', help: 'sort by the column before', press: sortBy(-1) },
  { keys: ['='], shown: '=', help: 'sort the other way round', press: sortBy(0) },
  {
    keys: ['w'],
    shown: 'w',
    help: 'wide list: hide or show the details beside it',
    press: (state) => {
      const turned = { ...state, isSplit: !state.isSplit }
      return selectIndex(turned, Math.max(0, selectedIndex(turned)))
    },
  },
  {
    keys: ['f'],
    shown: 'f',
    help: 'follow: the newest row stays selected (in the log)',
    press: (state) => {
      if (!currentPane(state).isFollowed) return stay(state)
      const isFollowing = !currentData(state).isFollowing
      const turned = changePane(state, state.current, { isFollowing })
      return isFollowing ? selectIndex(turned, listRows(turned).length - 1) : stay(turned)
    },
  },
  ...anywhere,
]

export const detailsBindings: Binding[] = [
  { keys: ['down', 'j'], shown: '↓ j', help: 'scroll down', press: scroll(() => 1) },
  { keys: ['up', 'k'], shown: '↑ k', help: 'scroll up', press: scroll(() => -1) },
  { keys: ['pagedown', 'C-f'], shown: 'PgDn', help: 'a page down', press: scroll((state) => layoutOf(state).detailRows) },
  { keys: ['pageup', 'C-b'], shown: 'PgUp', help: 'a page up', press: scroll((state) => -layoutOf(state).detailRows) },
  { keys: ['home', 'g'], shown: 'Home g', help: 'to the top', press: scroll(() => -1_000_000) },
  {
    keys: ['escape', 'tab', 'S-tab', 'left', 'h', 'enter'],
    shown: 'Esc Tab',
    help: 'back to the list',
    press: enter({ kind: 'list' }),
  },
  ...anywhere,
]

/** Begins an action: for the marked rows, the selected one, or none. */
export const startAction = (state: State, action: Action<any>): Step => {
  const rows = rowsFor(state, action)
  if (action.needs !== 'nothing' && !rows.length) {
    const about =
      touchedRows(state).length > 1 ? 'to these rows' : selectedRow(state) === undefined ? 'without a row' : 'to this row'
    return stay({ ...state, message: { text: `“${action.label}” does not apply ${about}.`, tone: 'warn' } })
  }
  if (action.goTo) {
    const { pane, filter } = action.goTo(rows[0])
    return openPane(state, pane, filter)
  }
  const pending = { action, row: rows[0], rows }
  return {
    state: { ...state, mode: { kind: 'preparing', pending, keys: [] }, message: undefined },
    effects: [{ do: 'prepare', pending }],
  }
}

const numberOf = (key: string) => (key === '0' ? 9 : Number(key) - 1)

/** What the keys mean that neither a dialog nor a line of text takes. */
export const pressInPane = (state: State, key: string): Step => {
  const bindings = state.mode.kind === 'details' ? detailsBindings : listBindings
  const binding = bindings.find(({ keys }) => keys.includes(key))
  if (binding === panesByNumber) {
    const pane = state.panes[numberOf(key)]
    return pane ? openPane(state, pane.name) : stay(state)
  }
  if (binding) return binding.press({ ...state, message: undefined })
  const action = currentPane(state).actions.find((candidate) => candidate.key === key)
  return action ? startAction(state, action) : stay(state)
}

export type HelpGroup = { heading: string; entries: { shown: string; help: string }[] }

const explainAction = ({ key, label, needs }: Action<any>) => ({
  shown: key,
  help: needs === 'rows' ? `${label} (of all marked rows)` : label,
})

/** The help of the current pane: its actions, then what holds everywhere. */
export const listHelp = (state: State): HelpGroup[] => {
  const pane = currentPane(state)
  const fields = listFields(pane)
  return [
    {
      heading: pane.title,
      entries: [
        { shown: '', help: pane.about },
        ...pane.actions.map(explainAction),
        { shown: '', help: `Filter by ${fields.map((name) => `${name}:`).join(' ')}` },
      ],
    },
    { heading: 'Everywhere', entries: listBindings },
    {
      heading: 'Mouse',
      entries: [
        { shown: 'click', help: 'select a row, again: its details; a title sorts, a tab opens' },
        { shown: 'wheel', help: 'scroll; Shift leaves the mouse to the terminal, :mouse for good' },
      ],
    },
    {
      heading: 'Panes',
      entries: state.panes.map(({ name, title, about }, i) => ({
        shown: `${i < 10 ? (i + 1) % 10 : ' '} :${name}`,
        help: about || title,
      })),
    },
  ]
}
