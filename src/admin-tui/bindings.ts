// Every key of the console as data, by what is in focus; the help and the line of keys are generated from it. Pure.
import {
  changePane,
  currentData,
  currentPane,
  type Effect,
  layoutOf,
  listRows,
  offeredActions,
  type State,
  type Step,
  selectedIndex,
  selectedRow,
  selectIndex,
  stay,
} from './state'
import { startInput } from './text-input'

export type Binding = {
  keys: string[]
  /** How the help writes the keys. */
  shown: string
  help: string
  press: (state: State) => Step
}

const reload = (state: State): Effect => ({ do: 'load', pane: state.current, filter: currentData(state).filter })

/** Opens a pane in its list, and looks again. */
export const openPane = (state: State, name: string): Step => {
  const opened: State = { ...state, current: name, mode: { kind: 'list' }, message: undefined }
  const { state: selected, effects } = selectIndex(opened, Math.max(0, selectedIndex(opened)))
  return { state: selected, effects: [reload(selected), ...effects] }
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
  keys: [...'123456789'],
  shown: '1 – 9',
  help: 'open a pane by its number',
  press: stay,
}
const anywhere: Binding[] = [
  panesByNumber,
  {
    keys: [':'],
    shown: ':',
    help: 'type a command, such as :users or :quit',
    press: enter({ kind: 'command', input: startInput() }),
  },
  { keys: ['?', 'f1'], shown: '?', help: 'this help', press: enter({ kind: 'help', top: 0 }) },
  { keys: ['C-r', 'f5'], shown: 'Ctrl-R', help: 'look again now', press: (state) => ({ state, effects: [reload(state)] }) },
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
    help: 'filter: rows that hold every word',
    press: (state) => {
      const { filter } = currentData(state)
      return enter({ kind: 'filter', input: startInput(filter), before: filter })(state)
    },
  },
  {
    keys: ['escape'],
    shown: 'Esc',
    help: 'back; in the list: clear the filter',
    press: (state) => {
      const cleared = changePane({ ...state, message: undefined }, state.current, { filter: '' })
      const { state: selected, effects } = selectIndex(cleared, Math.max(0, selectedIndex(cleared)))
      return { state: selected, effects: currentData(state).filter ? [reload(selected), ...effects] : effects }
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

/** What the keys mean that neither a dialog nor a line of text takes. */
export const pressInPane = (state: State, key: string): Step => {
  const bindings = state.mode.kind === 'details' ? detailsBindings : listBindings
  const binding = bindings.find(({ keys }) => keys.includes(key))
  if (binding === panesByNumber) {
    const pane = state.panes[Number(key) - 1]
    return pane ? openPane(state, pane.name) : stay(state)
  }
  if (binding) return binding.press({ ...state, message: undefined })
  const action = currentPane(state).actions.find((candidate) => candidate.key === key)
  if (!action) return stay(state)
  if (!offeredActions(state).includes(action)) {
    const text = `“${action.label}” does not apply ${selectedRow(state) === undefined ? 'without a row' : 'to this row'}.`
    return stay({ ...state, message: { text, tone: 'warn' } })
  }
  const pending = { action, row: action.needs === 'row' ? selectedRow(state) : undefined }
  return {
    state: { ...state, mode: { kind: 'preparing', pending, keys: [] }, message: undefined },
    effects: [{ do: 'prepare', pending }],
  }
}

export type HelpGroup = { heading: string; entries: { shown: string; help: string }[] }

/** The help of the current pane: its actions, then what holds everywhere. */
export const listHelp = (state: State): HelpGroup[] => {
  const pane = currentPane(state)
  const actions = pane.actions.map(({ key, label }) => ({ shown: key, help: label }))
  return [
    { heading: pane.title, entries: [{ shown: '', help: pane.about }, ...actions] },
    { heading: 'Everywhere', entries: listBindings },
    {
      heading: 'Commands',
      entries: [
        ...state.panes.map(({ name, title }) => ({ shown: `:${name}`, help: `open ${title}` })),
        { shown: ':quit', help: 'quit' },
      ],
    },
  ]
}
