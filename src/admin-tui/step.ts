// What happens on an event: a key, an answer of a service, a new size. Pure: state and event → state and effects.
import { pressInPane } from './bindings'
import { matchCommands, runCommand } from './commands'
import { judgeForm, pressInForm, readValues, showProblems, startForm } from './form'
import type { Size } from './layout'
import { type Mouse, useMouse } from './mouse'
import type { Detail, Loaded, Outcome, Preparation } from './pane'
import { showCount } from './show-values'
import {
  changePane,
  currentData,
  currentPane,
  type Effect,
  listRows,
  loadOf,
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
  | Mouse
  | { kind: 'resized'; size: Size }
  | { kind: 'status'; status: Status }
  /** Something in this process printed a line. */
  | { kind: 'notice'; text: string }
  | { kind: 'loaded'; pane: string; filter: string; loaded: Loaded<unknown> }
  | { kind: 'load-failed'; pane: string; text: string }
  | { kind: 'details'; pane: string; id: string; lines: Detail[] }
  | { kind: 'prepared'; pending: Pending; preparation: Preparation }
  | { kind: 'done'; pending: Pending; outcome: Outcome }
  /** How many of the rows of an action are through. */
  | { kind: 'progress'; pending: Pending; done: number }
  /** A service said no; `fields` says it by field where it can. */
  | { kind: 'refused'; pending: Pending; text: string; fields: Record<string, string> }

const inMode = (state: State, mode: Mode): State => ({ ...state, mode })
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
  const { id, isFollowed } = state.panes.find(({ name }) => name === pane)!
  const { marked, rows: earlier, isPartial } = state.data[pane]!
  const isMore = (loaded.total ?? 0) > loaded.rows.length
  const there = marked.size ? new Set(loaded.rows.map(id)) : marked
  const received = changePane(state, pane, {
    rows: loaded.rows,
    total: loaded.total ?? loaded.rows.length,
    isPartial: filter === '' ? isMore : isPartial || !earlier,
    counters: loaded.counters ?? [],
    note: loaded.note,
    problem: '',
    ...(marked.size && { marked: new Set([...marked].filter((one) => there.has(one))) }),
  })
  if (pane !== state.current) return stay(received)
  if (isFollowed && currentData(received).isFollowing) return selectIndex(received, listRows(received).length - 1)
  const now = selectedIndex(received)
  return selectIndex(received, now < 0 ? before : now)
}

const setFilter = (state: State, filter: string): Step => {
  const filtered = changePane(state, state.current, { filter, top: 0 })
  return selectIndex(filtered, Math.max(0, selectedIndex(filtered)))
}

/** Moving away from the newest row ends following it, coming back to it begins it. */
const follow = ({ state, effects }: Step): Step => {
  if (!currentPane(state).isFollowed) return { state, effects }
  const isFollowing = selectedIndex(state) === listRows(state).length - 1
  return { state: changePane(state, state.current, { isFollowing }), effects }
}
const moves = new Set(['down', 'up', 'j', 'k', 'pagedown', 'pageup', 'C-f', 'C-b', 'home', 'end', 'g', 'G'])
const pressInList = (state: State, key: string): Step => {
  const pressed = pressInPane(state, key)
  return moves.has(key) && state.mode.kind === 'list' ? follow(pressed) : pressed
}

const nothing = (state: State): Step =>
  stay({ ...inMode(state, { kind: 'list' }), message: { text: 'Nothing was changed.', tone: 'muted' } })

const pressKey: { [K in Mode['kind']]: (state: State, mode: Extract<Mode, { kind: K }>, key: string) => Step } = {
  list: (state, _, key) => pressInList(state, key),
  details: (state, _, key) => pressInPane(state, key),
  filter: (state, mode, key) => {
    const leave = inMode(state, { kind: 'list' })
    if (key === 'escape') return also(setFilter(leave, mode.before), loadOf(leave))
    if (key === 'enter') return { state: leave, effects: [loadOf(leave)] }
    if (key === 'down' || key === 'up') return pressInPane(leave, key)
    const input = editInput(mode.input, key)
    if (!input) return stay(state)
    const typed = setFilter(inMode(state, { ...mode, input }), input.text)
    return currentData(typed.state).isPartial ? also(typed, loadOf(typed.state)) : typed
  },
  command: (state, mode, key) => {
    if (key === 'escape' || (key === 'backspace' && !mode.input.text)) return stay(inMode(state, { kind: 'list' }))
    if (key === 'enter') return runCommand(state, mode.input.text, mode.picked)
    const matches = matchCommands(state, mode.input.text)
    const by = { down: 1, up: -1 }[key]
    if (by)
      return stay(inMode(state, { ...mode, picked: matches.length ? (mode.picked + by + matches.length) % matches.length : 0 }))
    const chosen = matches[mode.picked]
    const input = key === 'tab' && chosen ? startInput(`${chosen.name} `) : editInput(mode.input, key)
    return stay(input ? inMode(state, { kind: 'command', input, picked: 0 }) : state)
  },
  help: (state, mode, key) => {
    const by = { down: 1, j: 1, up: -1, k: -1, pagedown: 10, ' ': 10, pageup: -10, home: -1000, g: -1000 }[key]
    if (by !== undefined) return stay(inMode(state, { kind: 'help', top: Math.max(0, mode.top + by) }))
    return ['escape', '?', 'f1', 'q', 'enter'].includes(key) ? stay(inMode(state, { kind: 'list' })) : stay(state)
  },
  preparing: (state, mode, key) =>
    stay(inMode(state, key === 'escape' ? { kind: 'list' } : { ...mode, keys: [...mode.keys, key] })),
  question: (state, mode, key) => {
    const begin = () => run(state, { kind: 'running', pending: mode.pending }, {})
    if (key === 'escape') return nothing(state)
    if (mode.typed) {
      const { wanted, input } = mode.typed
      if (key === 'enter') return input.text === wanted ? begin() : stay(state)
      const edited = editInput(input, key)
      return stay(edited ? inMode(state, { ...mode, typed: { wanted, input: edited } }) : state)
    }
    if (key === 'y' || key === 'Y') return begin()
    return key === 'n' || key === 'N' || key === 'q' ? nothing(state) : stay(state)
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

/** What is done to several rows at once is asked in any case. */
const openDialog = (pending: Pending, preparation: Preparation): Mode => {
  if (preparation.kind === 'form') return { kind: 'form', pending, form: startForm(preparation.title, preparation.fields) }
  if (preparation.kind === 'none')
    return { kind: 'question', pending, text: `${pending.action.label}: ${showCount(pending.rows.length, 'row')}?` }
  const { typed, ...question } = preparation
  return { ...question, pending, ...(typed !== undefined && { typed: { wanted: typed, input: startInput() } }) }
}

const receivePreparation = (state: State, { pending, preparation }: Extract<Event, { kind: 'prepared' }>): Step => {
  const { mode } = state
  if (mode.kind !== 'preparing' || mode.pending !== pending) return stay(state)
  if (preparation.kind === 'none' && pending.rows.length < 2) return run(state, { kind: 'running', pending }, {})
  const opened: Mode = openDialog(pending, preparation)
  return mode.keys.reduce<Step>(
    (before, key) => {
      const after = step(before.state, { kind: 'key', key })
      return { state: after.state, effects: [...before.effects, ...after.effects] }
    },
    stay(inMode(state, opened)),
  )
}

/** Changes that can be undone, the newest last. */
const undosKept = 20

const receiveDone = (state: State, { pending, outcome }: Extract<Event, { kind: 'done' }>): Step => {
  const { mode } = state
  const closed = mode.kind === 'running' && mode.pending === pending ? inMode(state, { kind: 'list' }) : state
  const left = state.undos.filter((undo) => undo !== pending.undoes)
  const undos = outcome.undo ? [...left, outcome.undo].slice(-undosKept) : left
  const text = outcome.undo ? `${outcome.said} z undoes it.` : outcome.said
  const said: State = { ...closed, undos, message: { text, tone: 'good' } }
  const pane = said.panes.find(({ actions }) => actions.includes(pending.action))
  const change = {
    ...(outcome.select && { selectedId: outcome.select, filter: '' }),
    ...(pending.rows.length && { marked: new Set<string>(), anchor: undefined }),
  }
  const selected = pane ? changePane(said, pane.name, change) : said
  return { state: selected, effects: [loadOf(selected)] }
}

const receiveRefusal = (state: State, { pending, text, fields }: Extract<Event, { kind: 'refused' }>): Step => {
  const { mode } = state
  const isMine = (mode.kind === 'running' || mode.kind === 'preparing') && mode.pending === pending
  if (isMine && mode.kind === 'running' && mode.form)
    return stay(
      inMode(state, { kind: 'form', pending, form: showProblems(mode.form, Object.keys(fields).length ? fields : { '': text }) }),
    )
  const back = isMine ? inMode(state, { kind: 'list' }) : state
  return { state: { ...back, message: { text, tone: 'bad' } }, effects: [loadOf(back)] }
}

/** The next state, and what to do in the world. */
export const step = (state: State, event: Event): Step => {
  switch (event.kind) {
    case 'key': {
      if (event.key === 'C-c') return { state, effects: [{ do: 'quit' }] }
      const press = pressKey[state.mode.kind] as (state: State, mode: Mode, key: string) => Step
      return press(state, state.mode, event.key)
    }
    case 'mouse':
      return useMouse(state, event)
    case 'progress': {
      const { mode } = state
      const isMine = mode.kind === 'running' && mode.pending === event.pending
      return stay(isMine ? inMode(state, { ...mode, done: event.done }) : state)
    }
    case 'resized': {
      const resized = { ...state, size: event.size }
      return listRows(resized).length ? selectIndex(resized, selectedIndex(resized)) : stay(resized)
    }
    case 'status':
      return stay({ ...state, status: event.status })
    case 'notice':
      return stay(state.message ? state : { ...state, message: { text: event.text, tone: 'warn' } })
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

/** Panes that want another look, with the seconds since their last one. */
export const listStale = (state: State, secondsSince: (pane: string) => number): Effect[] =>
  state.panes
    .filter(
      ({ name, isAlwaysLoaded, refreshSeconds }) =>
        (name === state.current || isAlwaysLoaded) && secondsSince(name) >= refreshSeconds,
    )
    .map(({ name }) => loadOf(state, name))
