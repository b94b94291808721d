// The commands behind `:`, as data. Pure.
import { openPane } from './bindings'
import { type State, type Step, stay } from './state'

type Command = { name: string /** Other ways to type it in full. */; aliases?: string[]; run: (state: State) => Step }

export const listCommands = (state: State): Command[] => [
  ...state.panes.map(({ name }) => ({ name, run: (now: State) => openPane(now, name) })),
  { name: 'help', aliases: ['h'], run: (now) => stay({ ...now, mode: { kind: 'help', top: 0 } }) },
  { name: 'quit', aliases: ['q', 'q!', 'exit'], run: (now) => ({ state: now, effects: [{ do: 'quit' }] }) },
]

/** Commands that begin with what was typed. */
export const matchCommands = (state: State, typed: string): Command[] => {
  const wanted = typed.trim().toLowerCase()
  return listCommands(state).filter(({ name, aliases = [] }) => name.startsWith(wanted) || aliases.includes(wanted))
}

/** Runs the command that was typed in full or whose beginning is unmistakable. */
export const runCommand = (state: State, typed: string): Step => {
  const back: State = { ...state, mode: { kind: 'list' } }
  if (!typed.trim()) return stay(back)
  const matches = matchCommands(state, typed)
  const wanted = typed.trim().toLowerCase()
  const exact = matches.find(({ name, aliases = [] }) => name === wanted || aliases.includes(wanted))
  const command = exact ?? (matches.length === 1 ? matches[0] : undefined)
  if (command) return command.run(back)
  const names = (matches.length ? matches : listCommands(state)).map(({ name }) => `:${name}`).join(' ')
  const text = `“:${typed.trim()}” is ${matches.length ? 'more than one command' : 'no command'}: ${names}`
  return stay({ ...back, message: { text, tone: 'warn' } })
}
