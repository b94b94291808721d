// What `annolith help` and `annolith COMMAND --help` print.
import { type Command, commands, commonFlags, type Flag, type Word } from './command-table'

const indent = 41

export const showWord = ({ name, values, optional, many }: Word): string => {
  const text = `${typeof values === 'object' ? values.join('|') : name}${many ? ' …' : ''}`
  return optional ? `[${text}]` : text
}
export const showFlag = ({ name, value }: Flag): string => `--${name}${value ? ` ${value}` : ''}`

/** `user create|list [--username NAME]` in lines of at most `width` characters. */
const showCall = ({ name, words, flags }: Command, width: number): string[] => {
  const lines: string[] = []
  let line = name
  for (const part of [...words.map(showWord), ...flags.map((flag) => `[${showFlag(flag)}]`)]) {
    if (line.length + part.length >= width) {
      lines.push(line)
      line = `    ${part}`
    } else line += ` ${part}`
  }
  return [...lines, line]
}

/** Every command with one line about it. */
export const writeUsage = (): string => {
  const lines = commands.flatMap((command) => {
    const [first = '', ...rest] = showCall(command, 118)
    const isShort = !rest.length && first.length < indent - 3
    if (isShort) return [`  ${first.padEnd(indent - 2)}${command.about}`]
    return [`  ${first}`, ...rest.map((line) => `  ${line}`), `${' '.repeat(indent)}${command.about}`]
  })
  return `annolith <command> [--data-dir DIR]\n\n${lines.join('\n')}\n\nannolith <command> --help tells more\n`
}

/** One command with its words and flags. */
export const writeCommandHelp = (command: Command): string => {
  const flags = [...command.flags, ...commonFlags]
  const rows: [string, string][] = [
    ...command.words.map((word): [string, string] => [word.name, word.about]),
    ...flags.map((flag): [string, string] => [`${flag.short ? `-${flag.short}, ` : ''}${showFlag(flag)}`, flag.about]),
  ]
  const width = Math.max(...rows.map(([left]) => left.length)) + 2
  return [
    `annolith ${showCall(command, 118).join('\n')}`,
    '',
    `${command.about.charAt(0).toUpperCase()}${command.about.slice(1)}.${command.more ? ` ${command.more}` : ''}`,
    '',
    ...rows.map(([left, right]) => `  ${left.padEnd(width)}${right}`),
    '',
  ].join('\n')
}
