// What happens on an event: a key, an answer of a service, a new size. Pure: state and event → state and effects.
import { pressInPane } from './bindings'
import { matchCommands, runCommand } from './commands'
import { judgeForm, pressInForm, readValues, showProblems, startForm } from './form'
import type { Size } from './layout'
import type { Detail, Loaded, Outcome, Preparation } from './pane'
import {
  changePane,
  currentData,
  currentPane,
  type Effect,
  listRows,
  type Mode,
  type Pending,
  type State,
  type Status,
  type Step,
  selectedIndex,
  selectIndex,
  stay,
} from './state'
import { editInput, startInput } from './text-input'

export type Event =
  | { kind: 'key'; key: string }
  | { kind: 'resized'; size: Size }
  | { kind: 'status'; status: Status }
  /** Something in this process printed a line. */
  | { kind: 'notice'; text: string }
  /** Time to look again. */
  | { kind: 'tick' }
  | { kind: 'loaded'; pane: string; filter: string; loaded: Loaded<unknown> }
  | { kind: 'load-failed'; pane: string; text: string }
  | { kind: 'details'; pane: string; id: string; lines: Detail[] }
  | { kind: 'prepared'; pending: Pending; preparation: Preparation }
  | { kind: 'done'; pending: Pending; outcome: Outcome }
  /** A service said no; `fields` says it by field where it can. */
  | { kind: 'refused'; pending: Pending; text: string; fields: Record<string, string> }

const inMode = (state: State, mode: Mode): State => ({ ...state, mode })
const reload = (state: State): Effect => ({ do: 'load', pane: state.current, filter: currentData(state).filter })
const also = ({ state, effects }: Step, ...more: Effect[]): Step => ({ state, effects: [...more, ...effects] })
const run = (state: State, mode: Mode & { kind: 'running' }, values: Record<string, string>): Step => ({
  state: inMode(state, mode),
  effects: [{ do: 'run', pending: mode.pending, values }],
})

/** Keeps the selection by id; when its row is gone, takes the one that moved into its place. */
const receiveRows = (state: State, event: Extract<Event, { kind: 'loaded' }>): Step => {
  const { pane, loaded, filter } = event
  if (filter !== state.data[pane]!.filter && loaded.total !== undefined && loaded.total > loaded.rows.length) return stay(state)
  const before = pane === state.current ? selectedIndex(state) : 0
  const received = changePane(state, pane, {
    rows: loaded.rows,
    total: loaded.total ?? loaded.rows.length,
    counters: loaded.counters ?? [],
    problem: '',
  })
  if (pane !== state.current) return stay(received)
  const now = selectedIndex(received)
  return selectIndex(received, now < 0 ? before : now)
}

const setFilter = (state: State, filter: string): Step => {
  const filtered = changePane(state, state.current, { filter, top: 0 })
  return selectIndex(filtered, Math.max(0, selectedIndex(filtered)))
}

const pressKey: { [K in Mode['kind']]: (state: State, mode: Extract<Mode, { kind: K }>, key: string) => Step } = {
  list: (state, _, key) => pressInPane(state, key),
  details: (state, _, key) => pressInPane(state, key),
  filter: (state, mode, key) => {
    const leave = inMode(state, { kind: 'list' })
    if (key === 'escape') return also(setFilter(leave, mode.before), reload(leave))
    if (key === 'enter') return { state: leave, effects: [reload(leave)] }
    if (key === 'down' || key === 'up') return pressInPane(leave, key)
    const input = editInput(mode.input, key)
    if (!input) return stay(state)
    const typed = setFilter(inMode(state, { ...mode, input }), input.text)
    const { rows, total } = currentData(typed.state)
    return total > (rows?.length ?? 0) ? also(typed, reload(typed.state)) : typed
  },
  command: (state, mode, key) => {
    if (key === 'escape' || (key === 'backspace' && !mode.input.text)) return stay(inMode(state, { kind: 'list' }))
    if (key === 'enter') return runCommand(state, mode.input.text)
    const [first] = matchCommands(state, mode.input.text)
    const input = key === 'tab' && first ? startInput(first.name) : editInput(mode.input, key)
    return stay(input ? inMode(state, { ...mode, input }) : state)
  },
  help: (state, mode, key) => {
    const by = { down: 1, j: 1, up: -1, k: -1, pagedown: 10, ' ': 10, pageup: -10, home: -1000, g: -1000 }[key]
    if (by !== undefined) return stay(inMode(state, { kind: 'help', top: Math.max(0, mode.top + by) }))
    return ['escape', '?', 'f1', 'q', 'enter'].includes(key) ? stay(inMode(state, { kind: 'list' })) : stay(state)
  },
  preparing: (state, mode, key) =>
    stay(inMode(state, key === 'escape' ? { kind: 'list' } : { ...mode, keys: [...mode.keys, key] })),
  question: (state, mode, key) => {
    if (key === 'y' || key === 'Y') return run(state, { kind: 'running', pending: mode.pending }, {})
    if (key !== 'n' && key !== 'N' && key !== 'escape' && key !== 'q') return stay(state)
    return stay({ ...inMode(state, { kind: 'list' }), message: { text: 'Nothing was changed.', tone: 'muted' } })
  },
  form: (state, mode, key) => {
    if (key === 'escape') return stay(inMode(state, { kind: 'list' }))
    const pressed = pressInForm(mode.form, key)
    if (pressed !== 'submit') return stay(inMode(state, { ...mode, form: pressed }))
    const problems = judgeForm(mode.form)
    if (Object.keys(problems).length) return stay(inMode(state, { ...mode, form: showProblems(mode.form, problems) }))
    return run(state, { kind: 'running', pending: mode.pending, form: mode.form }, readValues(mode.form))
  },
  // Keys typed ahead are not kept here: they would act on whatever comes next.
  running: (state) => stay(state),
}

const receivePreparation = (state: State, { pending, preparation }: Extract<Event, { kind: 'prepared' }>): Step => {
  const { mode } = state
  if (mode.kind !== 'preparing' || mode.pending !== pending) return stay(state)
  if (preparation.kind === 'none') return run(state, { kind: 'running', pending }, {})
  const opened: Mode =
    preparation.kind === 'question'
      ? { ...preparation, pending }
      : { kind: 'form', pending, form: startForm(preparation.title, preparation.fields) }
  return mode.keys.reduce<Step>(
    (before, key) => {
      const after = step(before.state, { kind: 'key', key })
      return { state: after.state, effects: [...before.effects, ...after.effects] }
    },
    stay(inMode(state, opened)),
  )
}

const receiveDone = (state: State, { pending, outcome }: Extract<Event, { kind: 'done' }>): Step => {
  const { mode } = state
  const closed = mode.kind === 'running' && mode.pending === pending ? inMode(state, { kind: 'list' }) : state
  const said: State = { ...closed, message: { text: outcome.said, tone: 'good' } }
  const pane = said.panes.find(({ actions }) => actions.includes(pending.action))
  const selected = outcome.select && pane ? changePane(said, pane.name, { selectedId: outcome.select, filter: '' }) : said
  return { state: selected, effects: [reload(selected)] }
}

const receiveRefusal = (state: State, { pending, text, fields }: Extract<Event, { kind: 'refused' }>): Step => {
  const { mode } = state
  const isMine = (mode.kind === 'running' || mode.kind === 'preparing') && mode.pending === pending
  if (isMine && mode.kind === 'running' && mode.form)
    return stay(
      inMode(state, { kind: 'form', pending, form: showProblems(mode.form, Object.keys(fields).length ? fields : { '': text }) }),
    )
  const back = isMine ? inMode(state, { kind: 'list' }) : state
  return { state: { ...back, message: { text, tone: 'bad' } }, effects: [reload(back)] }
}

/** The next state, and what to do in the world. */
export const step = (state: State, event: Event): Step => {
  switch (event.kind) {
    case 'key': {
      if (event.key === 'C-c') return { state, effects: [{ do: 'quit' }] }
      const press = pressKey[state.mode.kind] as (state: State, mode: Mode, key: string) => Step
      return press(state, state.mode, event.key)
    }
    case 'resized': {
      const resized = { ...state, size: event.size }
      return listRows(resized).length ? selectIndex(resized, selectedIndex(resized)) : stay(resized)
    }
    case 'status':
      return stay({ ...state, status: event.status })
    case 'notice':
      return stay(state.message ? state : { ...state, message: { text: event.text, tone: 'warn' } })
    case 'tick':
      return { state, effects: [reload(state)] }
    case 'loaded':
      return receiveRows(state, event)
    case 'load-failed':
      return stay(changePane(state, event.pane, { problem: event.text }))
    case 'details': {
      const { pane, id, lines } = event
      return stay(id === state.data[pane]!.selectedId ? changePane(state, pane, { details: { id, lines } }) : state)
    }
    case 'prepared':
      return receivePreparation(state, event)
    case 'done':
      return receiveDone(state, event)
    case 'refused':
      return receiveRefusal(state, event)
  }
}

/** Whether the current pane wants another look, `seconds` after the last one. */
export const isStale = (state: State, seconds: number) => seconds >= currentPane(state).refreshSeconds
