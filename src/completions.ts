// Writes what the Tab key offers in bash, zsh and fish.
import { type Command, commands, commonFlags, type Flag, type shells, type Values } from './command-table'

type Shell = (typeof shells)[number]

const flagsOf = (command: Command) => [...command.flags, ...commonFlags]
/** Inside single quotes of a POSIX shell. */
const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`

const bashValues = (values: Values | undefined) => {
  if (values === 'file') return '_annolith_files -f'
  if (values === 'folder') return '_annolith_files -d'
  return values ? `_annolith_words ${quote(values.join(' '))}` : ':'
}

/** The first word of a command may be one of a list; every later one takes what the last one says. */
const bashCommand = (command: Command) => {
  const valued = command.flags.concat(commonFlags).filter(({ value }) => value)
  const words = command.words.map(({ values }, i) => {
    const isLast = i === command.words.length - 1
    return `          ${isLast ? '*' : i + 1}) ${bashValues(values)} ;;`
  })
  return `    ${command.name})
      case $previous in
${valued.map(({ name, values }) => `        --${name}) ${bashValues(values)}; return ;;`).join('\n')}
      esac
      case $word in
        -*) _annolith_words ${quote(
          flagsOf(command)
            .map(({ name }) => `--${name}`)
            .join(' '),
        )} ;;
        *) ${words.length ? `case $place in\n${words.join('\n')}\n        esac` : ':'} ;;
      esac ;;`
}

const allValued = [
  ...new Set(
    [...commands.flatMap(({ flags }) => flags), ...commonFlags].flatMap(({ name, value }) => (value ? `--${name}` : [])),
  ),
]

const writeBash = () => `# Completions of annolith for bash.
_annolith_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$word"); }
_annolith_files() {
  mapfile -t COMPREPLY < <(compgen "$1" -- "$word")
  compopt -o filenames 2>/dev/null || true
}
_annolith() {
  local word=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]} place=1 i
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    _annolith_words ${quote(commands.map(({ name }) => name).join(' '))}
    return
  fi
  for ((i = 2; i < COMP_CWORD; i++)); do
    case \${COMP_WORDS[i]} in
      ${allValued.join(' | ')}) i=$((i + 1)) ;;
      -*) ;;
      *) place=$((place + 1)) ;;
    esac
  done
  case $command in
${commands.map(bashCommand).join('\n')}
  esac
}
complete -F _annolith annolith
`

/** Colons and brackets part the fields of _arguments. */
const zshText = (text: string) => text.replace(/[\\:[\]]/g, '\\$&')
const zshAction = (values: Values | undefined) => {
  if (values === 'file') return '_files'
  if (values === 'folder') return '_files -/'
  return values ? `(${values.join(' ')})` : ' '
}
const zshFlag = ({ name, value, values, about }: Flag) =>
  quote(`--${name}[${zshText(about)}]${value ? `:${zshText(value)}:${zshAction(values)}` : ''}`)
const zshCommand = (command: Command) => {
  const words = command.words.map(({ name, values, many }, i) =>
    quote(`${many ? '*' : i + 1}:${zshText(name)}:${zshAction(values)}`),
  )
  return `    (${command.name})\n      _arguments ${[...flagsOf(command).map(zshFlag), ...words].join(' \\\n        ')} ;;`
}

const writeZsh = () => `#compdef annolith
# Completions of annolith for zsh.
_annolith() {
  local -a commands
  commands=(
${commands.map(({ name, about }) => `    ${quote(`${name}:${zshText(about)}`)}`).join('\n')}
  )
  if ((CURRENT == 2)); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
${commands.map(zshCommand).join('\n')}
  esac
}
if [ "$funcstack[1]" = _annolith ]; then _annolith "$@"; else compdef _annolith annolith; fi
`

/** fish knows two escapes inside single quotes. */
const fishQuote = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`
const fishValues = (values: Values | undefined) => {
  if (values === 'file') return ' -r -F'
  if (values === 'folder') return " -x -a '(__fish_complete_directories)'"
  return values ? ` -x -a ${fishQuote(values.join(' '))}` : ' -x'
}
const fishCommand = (command: Command) => {
  const inside = `complete -c annolith -n ${fishQuote(`__fish_seen_subcommand_from ${command.name}`)}`
  const actions = command.words.flatMap(({ values }) => (typeof values === 'object' ? values : []))
  const first = `complete -c annolith -n ${fishQuote(
    `__fish_seen_subcommand_from ${command.name}; and not __fish_seen_subcommand_from ${actions.join(' ')}`,
  )}`
  return [
    `complete -c annolith -n __fish_use_subcommand -f -a ${command.name} -d ${fishQuote(command.about)}`,
    ...(actions.length ? [`${first} -f -a ${fishQuote(actions.join(' '))}`] : []),
    ...flagsOf(command).map(
      ({ name, short, value, values, about }) =>
        `${inside} -l ${name}${short ? ` -s ${short}` : ''} -d ${fishQuote(about)}${value ? fishValues(values) : ''}`,
    ),
  ]
}

const writeFish = () => `# Completions of annolith for fish.\n${commands.flatMap(fishCommand).join('\n')}\n`

const writers: Record<Shell, () => string> = { bash: writeBash, zsh: writeZsh, fish: writeFish }

/** The script that the shell loads. */
export const writeCompletions = (shell: Shell): string => writers[shell]()
