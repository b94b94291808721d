// The commands of the program as data: usage, completions, the man page and the reading of flags all come from here.
import { lanes } from './server/queue/chores'

/** What completes a word: one of a list, or a file. */
export type Values = readonly string[] | 'file' | 'folder'
/** A flag without `value` is a switch; `value` is the placeholder that usage shows. */
export type Flag = { name: string; value?: string; about: string; values?: Values; short?: string }
/** A word after the command: an action of a list, or something that a person types. */
export type Word = { name: string; values?: Values; optional?: true; many?: true; about: string }
export type Command = {
  name: string
  words: readonly Word[]
  flags: readonly Flag[]
  about: string
  /** What the man page and `--help` of the command tell beside it. */
  more?: string
  /** Started by the program itself, nothing for people. */
  hidden?: true
}

const json: Flag = { name: 'json', about: 'answer as JSON' }
const target: Word = {
  name: 'TARGET',
  values: 'folder',
  about: 'a folder or s3://bucket/prefix; without it backup_target',
  optional: true,
}
const snapshot: Flag = { name: 'snapshot', value: 'ID', about: 'this backup instead of the newest' }

/** Understood by every command. */
export const commonFlags: readonly Flag[] = [
  { name: 'data-dir', value: 'DIR', values: 'folder', about: 'where data is kept (ANNOLITH_DATA_DIR, else ./data)' },
  { name: 'help', short: 'h', about: 'what the command does and takes' },
]

export const shells = ['bash', 'zsh', 'fish'] as const

const table = [
  {
    name: 'serve',
    words: [],
    flags: [
      { name: 'host', value: 'ADDRESS', about: 'address to listen on (127.0.0.1)' },
      { name: 'port', value: 'N', about: 'port to listen on (8080)' },
    ],
    about: 'answer requests, in the foreground',
    more: 'Background work is done too. SIGTERM ends it in order, SIGHUP reads the certificate files again.',
  },
  {
    name: 'work',
    words: [],
    flags: [{ name: 'lanes', value: 'A,B', values: lanes, about: 'only these kinds of work' }],
    about: 'background work only, on another process or host',
    more: 'Needs DATABASE_URL, REDIS_URL and storage that all processes share.',
  },
  {
    name: 'admin',
    words: [],
    flags: [
      { name: 'url', value: 'URL', about: 'a server elsewhere instead of the data directory here' },
      { name: 'token-file', value: 'FILE', values: 'file', about: 'file with an access token (else ANNOLITH_TOKEN)' },
      { name: 'allow-http', about: 'send the token unencrypted' },
      { name: 'ascii', about: 'draw with ASCII only' },
    ],
    about: 'terminal console',
    more: 'Without --url it works on the data directory, whether a server runs on it or not. NO_COLOR is heeded.',
  },
  {
    name: 'user',
    words: [{ name: 'ACTION', values: ['create', 'list', 'password', 'activate', 'deactivate'], about: 'what to do' }],
    flags: [
      { name: 'username', value: 'NAME', about: 'the account' },
      { name: 'email', value: 'ADDRESS', about: 'e-mail address of a new account' },
      { name: 'superuser', about: 'the new account may administer the server' },
      { name: 'password-stdin', about: 'read the password from standard input' },
    ],
    about: 'accounts',
  },
  { name: 'migrate', words: [], flags: [], about: 'bring the database up to date' },
  {
    name: 'import-cvat',
    words: [],
    flags: [
      { name: 'dump', value: 'FILE', values: 'file', about: 'data.json, the dump of the database' },
      { name: 'data', value: 'DIR|TAR', values: 'file', about: 'the data volume, as a folder or an archive' },
    ],
    about: 'move a CVAT instance over: database dump and data volume',
  },
  {
    name: 'purge',
    words: [],
    flags: [
      { name: 'requests', about: 'forget background requests and their results' },
      { name: 'events', about: 'forget the audit log' },
      { name: 'cache', about: 'remove media that can be made again' },
    ],
    about: 'forget background requests, the audit log or cached media, while no server runs',
  },
  {
    name: 'models',
    words: [
      { name: 'ACTION', values: ['list', 'add', 'test', 'remove'], about: 'what to do' },
      { name: 'ARGUMENT', values: 'file', optional: true, many: true, about: 'NAME FILE.onnx … | NAME|FILE.onnx IMAGE | NAME' },
    ],
    flags: [
      json,
      { name: 'note', value: 'TEXT', about: 'a remark about an added version' },
      { name: 'version', value: 'N', about: 'this version instead of the newest (remove: instead of all)' },
      { name: 'threshold', value: '0.5', about: 'least confidence of what a test shows' },
    ],
    about: 'models (ONNX files) that annotate',
  },
  {
    name: 'convert',
    words: [
      { name: 'IN', values: 'file', optional: true, about: 'a dataset: zip or folder' },
      { name: 'OUT', values: 'file', optional: true, about: 'what to write: a name that ends in .zip, or a folder' },
    ],
    flags: [
      { name: 'from', value: 'FORMAT|auto', about: 'format of the dataset' },
      { name: 'to', value: 'FORMAT', about: 'format to write' },
      { name: 'list', about: 'name the formats' },
      { name: 'save-images', about: 'take the pictures along' },
    ],
    about: 'turn a dataset into another format, without a server',
  },
  {
    name: 'backup',
    words: [
      { name: 'ACTION', values: ['create', 'list', 'verify', 'prune'], optional: true, about: 'what to do (create)' },
      target,
    ],
    flags: [{ name: 'keep', value: 'N', about: 'backups that stay; older ones are removed (backup_keep)' }, snapshot, json],
    about: 'the whole server, to a folder or s3://…, while it runs',
  },
  {
    name: 'restore',
    words: [target],
    flags: [snapshot],
    about: 'a backup, into an empty data directory (and DATABASE_URL)',
  },
  {
    name: 'upgrade',
    words: [{ name: 'ARCHIVE', values: 'file', optional: true, about: 'a release, with its .sha256 beside it' }],
    flags: [
      { name: 'sha256', value: 'HEX', about: 'the checksum of the archive, when no file beside it tells' },
      { name: 'rollback', about: 'undo an upgrade that was interrupted' },
    ],
    about: 'a new version, tried out, with the way back',
  },
  {
    name: 'move',
    words: [],
    flags: [{ name: 'to', value: 'postgres://…|sqlite', about: 'the other database' }],
    about: 'all rows into the other database, while no server runs',
  },
  {
    name: 'doctor',
    words: [],
    flags: [{ name: 'fix', about: 'mend what can be mended without a loss' }, json],
    about: 'look for what is wrong and say what mends it',
    more: 'Ends with 1 when something failed.',
  },
  {
    name: 'config',
    words: [
      { name: 'ACTION', values: ['check', 'show', 'explain'], about: 'what to do' },
      { name: 'KEY', optional: true, about: 'one option instead of all' },
    ],
    flags: [],
    about: 'the configuration: whether it is right, its values, their meaning',
  },
  {
    name: 'completions',
    words: [{ name: 'SHELL', values: shells, about: 'the shell' }],
    flags: [],
    about: 'write the completions of a shell',
  },
  { name: 'man', words: [], flags: [], about: 'write the manual page' },
  { name: 'version', words: [], flags: [], about: 'say the version' },
  { name: 'infer', words: [], flags: [], about: 'run one model for the server', hidden: true },
] as const satisfies readonly Command[]

export type CommandName = (typeof table)[number]['name']

/** All commands, those of the program itself too. */
export const allCommands: readonly Command[] = table
/** What people may type. */
export const commands: readonly Command[] = allCommands.filter(({ hidden }) => !hidden)

export const findCommand = (name: string): (Command & { name: CommandName }) | undefined =>
  allCommands.find((command) => command.name === name) as (Command & { name: CommandName }) | undefined
