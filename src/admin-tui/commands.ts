// The commands behind `:`, as data: panes, the actions of the current one, and a few of their own. Pure.
import { openPane, startAction } from './bindings'
import { sortByTitle, undoLast } from './list-keys'
import { changePane, currentPane, loadOf, type State, type Step, selectedIndex, selectIndex, stay } from './state'

export type Command = {
  name: string
  about: string
  /** Other ways to type it in full. */
  aliases?: string[]
  run: (state: State, rest: string) => Step
}

const nameAction = (label: string) => label.toLowerCase().replace(/[^\p{L}\d]+/gu, '-')

const sort = (state: State, rest: string): Step => {
  const wanted = rest.trim().toLowerCase()
  const column = currentPane(state).columns.find(({ title }) => title.toLowerCase().startsWith(wanted))
  if (column && wanted) return sortByTitle(state, column.title)
  const titles = currentPane(state).columns.map(({ title }) => title)
  return stay({ ...state, message: { text: `Sort by one of: ${titles.join(', ')}`, tone: 'warn' } })
}

const filter = (state: State, rest: string): Step => {
  const filtered = changePane(state, state.current, { filter: rest.trim(), top: 0 })
  const { state: selected, effects } = selectIndex(filtered, Math.max(0, selectedIndex(filtered)))
  return { state: selected, effects: [loadOf(selected), ...effects] }
}

const own: Command[] = [
  { name: 'sort', about: 'sort by a column, again: the other way round', run: sort },
  { name: 'filter', about: 'as / does', run: filter },
  { name: 'undo', about: 'take the last change back', run: undoLast },
  {
    name: 'mouse',
    about: 'leave the mouse to the terminal, or take it back',
    run: (state) => ({ state: { ...state, hasMouse: !state.hasMouse }, effects: [{ do: 'mouse', isOn: !state.hasMouse }] }),
  },
  { name: 'help', aliases: ['h'], about: 'keys and panes', run: (state) => stay({ ...state, mode: { kind: 'help', top: 0 } }) },
  { name: 'quit', aliases: ['q', 'q!', 'exit'], about: 'leave', run: (state) => ({ state, effects: [{ do: 'quit' }] }) },
]

export const listCommands = (state: State): Command[] => [
  ...state.panes.map(
    ({ name, aliases, title }): Command => ({
      name,
      aliases,
      about: `open ${title}`,
      run: (now, rest) => openPane(now, name, rest.trim() || undefined),
    }),
  ),
  ...currentPane(state)
    .actions.filter(({ goTo }) => !goTo)
    .map(
      (action): Command => ({
        name: nameAction(action.label),
        about: `${action.key} in ${currentPane(state).title}`,
        run: (now) => startAction(now, action),
      }),
    ),
  ...own,
]

/** The command of what was typed, without what follows it. */
const readName = (typed: string) => typed.trimStart().split(/\s/, 1)[0]!.toLowerCase()

/** Commands that begin with what was typed; those that hold it come after them. */
export const matchCommands = (state: State, typed: string): Command[] => {
  const wanted = readName(typed)
  const all = listCommands(state)
  const starting = all.filter(
    ({ name, aliases = [] }) => name.startsWith(wanted) || aliases.some((other) => other.startsWith(wanted)),
  )
  return [...starting, ...all.filter((command) => !starting.includes(command) && command.name.includes(wanted))]
}

/** Runs the command that was typed in full, that was chosen, or whose beginning is unmistakable. */
export const runCommand = (state: State, typed: string, picked = 0): Step => {
  const back: State = { ...state, mode: { kind: 'list' } }
  if (!typed.trim() && !picked) return stay(back)
  const matches = matchCommands(state, typed)
  const wanted = readName(typed)
  const exact = matches.find(({ name, aliases = [] }) => name === wanted || aliases.includes(wanted))
  const starting = matches.filter(({ name }) => name.startsWith(wanted))
  const command = (picked ? matches[picked] : undefined) ?? exact ?? (starting.length === 1 ? starting[0] : undefined)
  if (command) return command.run(back, typed.trimStart().slice(wanted.length))
  const names = (starting.length ? starting : listCommands(state)).map(({ name }) => `:${name}`).join(' ')
  const text = `“:${typed.trim()}” is ${starting.length ? 'more than one command' : 'no command'}: ${names}`
  return stay({ ...back, message: { text, tone: 'warn' } })
}
