// The program: reads the command line and runs one of its commands. The only file that knows all folders.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { version } from '../package.json'
import { type Command, type CommandName, commonFlags, findCommand, shells } from './command-table'
import { ConfigError, type Flags, prepareDataDir, readConfig, setConfig } from './server/config'

type Run = (words: string[], flags: Flags & Record<string, any>) => Promise<void>

const prepare = async () => {
  const { config } = await import('./server/config')
  process.env.ANNOLITH_NATIVE_DIR ??= join(config().dataDir, 'cache/native')
  // Opening the database already would make one, and a restore goes into an empty directory only.
  const { isHalfRestored } = await import('./server/snapshots/service')
  if (isHalfRestored(config().dataDir))
    throw new ConfigError('a restore of a backup was interrupted here: run annolith restore again')
  prepareDataDir(config())
  for (const warning of config().warnings) console.error(`warning: ${warning}`)
}

/** What each command of the table does. */
const runs: Record<CommandName, Run> = {
  serve: async () => {
    await prepare()
    await (await import('./serve')).serve()
  },
  work: async (_words, flags) => {
    await prepare()
    await (await import('./serve')).workOnly(flags.lanes as string | undefined)
  },
  admin: async (_words, flags) => (await import('./admin-command')).runAdmin(flags),
  user: async ([action], flags) => {
    await prepare()
    await (await import('./server/db/migrate')).migrate()
    await (await import('./user-command')).runUserCommand(action, flags)
  },
  models: async (words, flags) => {
    await prepare()
    await (await import('./models-command')).runModelsCommand(words, flags)
  },
  // Started by the server to run one model; nothing for people.
  infer: async () => (await import('./workers/inference-process')).runInferenceProcess(),
  migrate: async () => {
    await prepare()
    const applied = await (await import('./server/db/migrate')).migrate()
    console.log(applied.length ? applied.join('\n') : 'up to date')
    // Connections to PostgreSQL would keep the process alive.
    await (await import('./server/db/open')).closeDb()
  },
  purge: async (_words, flags) => {
    await prepare()
    await (await import('./serve')).purge({
      requests: Boolean(flags.requests),
      events: Boolean(flags.events),
      cache: Boolean(flags.cache),
    })
  },
  'import-cvat': async (_words, flags) => {
    await prepare()
    await (await import('./import-command')).runImport({ dump: flags.dump, data: flags.data })
  },
  backup: async (words, flags) => (await import('./backup-command')).runBackup(words, flags),
  restore: async (words, flags) => (await import('./backup-command')).runRestore(words, flags),
  upgrade: async (words, flags) => (await import('./upgrade-command')).runUpgrade(words, flags),
  move: async (_words, flags) => (await import('./backup-command')).runMove(flags),
  doctor: async (_words, flags) => process.exit(await (await import('./doctor-command')).runDoctor(flags)),
  convert: async (words, flags) => (await import('./convert-command')).runConvert(words, flags),
  config: async ([action, key]) => {
    const { config, explainConfig } = await import('./server/config')
    if (action === 'check') return console.log('ok')
    const shown = explainConfig(config()).filter((option) => key === undefined || option.key === key)
    if (!shown.length) throw new ConfigError(`there is no option "${key}"; annolith config show lists them`)
    for (const { key, variable, value, about } of shown)
      console.log(action === 'explain' ? `${key} (${variable}) = ${value}  # ${about}` : `${key} = ${value}`)
  },
  completions: async ([shell]) => {
    const known = shells.find((name) => name === shell)
    if (!known) throw new ConfigError(`annolith completions ${shells.join('|')}`)
    process.stdout.write((await import('./completions')).writeCompletions(known))
  },
  man: async () => void process.stdout.write((await import('./man-page')).writeManPage(version)),
  version: async () => console.log(`annolith ${version}`),
}

/** Commands that work whatever the configuration says. */
const unconfigured = new Set<CommandName>(['version', 'doctor', 'completions', 'man'])

const readFlags = ({ flags }: Command, argv: string[]) =>
  parseArgs({
    args: argv,
    allowPositionals: true,
    strict: true,
    options: Object.fromEntries(
      [...flags, ...commonFlags].map(({ name, value, short }) => [
        name,
        { type: value ? ('string' as const) : ('boolean' as const), ...(short && { short }) },
      ]),
    ),
  })

const main = async () => {
  const [name = 'help', ...rest] = process.argv.slice(2)
  if (name === 'help' || name === '--help' || name === '-h') return console.log((await import('./usage')).writeUsage())
  const command = findCommand(name === '--version' ? 'version' : name)
  if (!command) throw new ConfigError(`unknown command "${name}"; annolith help lists them`)
  const { values, positionals } = readFlags(command, rest)
  if (values.help) return console.log((await import('./usage')).writeCommandHelp(command))
  const flags = Object.fromEntries(Object.entries(values).map(([key, value]) => [key.replaceAll('-', '_'), value])) as Flags &
    Record<string, any>
  if (flags.data_dir) process.env.ANNOLITH_DATA_DIR = flags.data_dir
  if (!unconfigured.has(command.name)) setConfig(readConfig(flags))
  await runs[command.name](positionals, flags)
}

try {
  await main()
} catch (error) {
  const expected = error instanceof ConfigError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS')
  console.error(`annolith: ${expected ? (error as Error).message : ((error as Error).stack ?? error)}`)
  process.exit(1)
}
