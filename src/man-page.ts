// Writes annolith(1), the manual page, in the macros of man(7).
import { type Command, commands, commonFlags, type Flag, type Word } from './command-table'

/** A backslash starts an escape and a dot or quote at the start of a line a request; a hyphen would become a typographic one. */
const escapeText = (text: string) =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('…', '\\[u2026]')
    .replace(/^(?=[.'])/gm, '\\&')
/** A name such as data.json at the start stays as it is. */
const sentence = (text: string) =>
  escapeText(
    `${text.replace(/^[a-z](?=[a-z-]*(?:[ ,]|: |\.?$))/, (letter) => letter.toUpperCase())}${text.endsWith('.') ? '' : '.'}`,
  )

const showFlag = ({ name, value, short }: Flag) =>
  `${short ? `\\fB\\-${short}\\fR, ` : ''}\\fB\\-\\-${escapeText(name)}\\fR${value ? ` \\fI${escapeText(value)}\\fR` : ''}`
const showWord = ({ name, values, optional, many }: Word) => {
  const text = `${typeof values === 'object' ? values.map((value) => `\\fB${escapeText(value)}\\fR`).join('|') : `\\fI${escapeText(name)}\\fR`}${many ? ' \\[u2026]' : ''}`
  return optional ? `[${text}]` : text
}

const describe = ({ name, words, flags, about, more }: Command) => [
  '.TP',
  `\\fBannolith ${escapeText(name)}\\fR ${words.map(showWord).join(' ')}`.trimEnd(),
  sentence(about),
  ...(more ? [sentence(more)] : []),
  ...(flags.length ? ['.RS', ...flags.flatMap((flag) => ['.TP', showFlag(flag), sentence(flag.about)]), '.RE'] : []),
]

const files: [string, string][] = [
  ['/etc/annolith/annolith.toml', 'the configuration of an installed server; ANNOLITH_CONFIG names another file'],
  ['/etc/annolith/annolith.env', 'secrets, read by the units of systemd'],
  ['/var/lib/annolith', 'the data directory of an installed server'],
]
const variables: [string, string][] = [
  ['ANNOLITH_DATA_DIR', 'the data directory'],
  ['ANNOLITH_CONFIG', 'the configuration file, else annolith.toml in the data directory'],
  ['ANNOLITH_…', 'every option of the configuration; annolith config explain names them'],
  ['DATABASE_URL', 'postgres://…, instead of SQLite in the data directory'],
  ['REDIS_URL', 'redis://…, the queue of several processes'],
]
const list = (rows: [string, string][]) =>
  rows.flatMap(([name, about]) => ['.TP', `\\fB${escapeText(name)}\\fR`, sentence(about)])

/** `man -l` shows it. */
export const writeManPage = (version: string): string =>
  `${[
    `.TH ANNOLITH 1 "" "annolith ${escapeText(version)}" "User Commands"`,
    '.SH NAME',
    'annolith \\- annotation server for images, video and point clouds',
    '.SH SYNOPSIS',
    '\\fBannolith\\fR \\fIcommand\\fR [\\fIoptions\\fR]',
    '.SH DESCRIPTION',
    'One program with the server, its background work, the browser editor and a terminal console.',
    'It speaks the REST API of CVAT.',
    '.SH COMMANDS',
    ...commands.flatMap(describe),
    '.SH OPTIONS OF EVERY COMMAND',
    ...commonFlags.flatMap((flag) => ['.TP', showFlag(flag), sentence(flag.about)]),
    '.SH ENVIRONMENT',
    ...list(variables),
    '.SH FILES',
    ...list(files),
    '.SH EXIT STATUS',
    '0 when all went well, 1 when something was refused or failed; one line on standard error says what.',
  ].join('\n')}\n`
