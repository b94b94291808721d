// The program: reads the command line and runs one of its commands. The only file that knows all folders.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ConfigError, type Flags, prepareDataDir, readConfig, setConfig } from './server/config'

const version = '0.1.0'

const usage = `annolith <command> [--data-dir DIR]

  serve [--host 127.0.0.1] [--port 8080]   answer requests, in the foreground
  work [--lanes a,b]                       background work only, on another process or host
  admin                                    terminal console
  user create|list|password|activate|deactivate
       --username NAME [--email E] [--superuser] [--password-stdin]
  migrate                                  bring the database up to date
  import-cvat --dump data.json --data DIR|TAR
                                           move a CVAT instance over: database dump and data volume
  purge --requests|--events|--cache        forget background requests, the audit log or cached media (offline)
  models list|add|test|remove              models (ONNX files) that annotate
  convert IN --from FORMAT|auto --to FORMAT OUT [--save-images]
                                           turn a dataset (zip or folder) into another format; --list names them
  backup [create|list|verify|prune] [TARGET] [--keep N] [--snapshot ID] [--json]
                                           the whole server, to a folder or s3://…, while it runs
  restore TARGET [--snapshot ID]           a backup, into an empty data directory (and DATABASE_URL)
  upgrade ARCHIVE [--sha256 HEX] | upgrade --rollback
                                           a new version, tried out, with the way back
  move --to postgres://…|sqlite            all rows into the other database, while no server runs
  doctor [--fix] [--json]                  look for what is wrong and say what mends it
  config check|show|explain [KEY]
  version
`

type Command = (words: string[], flags: Flags & Record<string, any>) => Promise<void>

const prepare = async () => {
  const { config } = await import('./server/config')
  prepareDataDir(config())
  process.env.ANNOLITH_NATIVE_DIR ??= join(config().dataDir, 'cache/native')
  for (const warning of config().warnings) console.error(`warning: ${warning}`)
}

const commands: Record<string, Command> = {
  serve: async () => {
    await prepare()
    await (await import('./serve')).serve()
  },
  work: async (_words, flags) => {
    await prepare()
    await (await import('./serve')).workOnly(flags.lanes as string | undefined)
  },
  admin: async () => {
    await prepare()
    await (await import('./server/db/migrate')).migrate()
    await (await import('./admin-tui/index')).runConsole()
  },
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
  version: async () => console.log(`annolith ${version}`),
}

const readFlags = (argv: string[]) =>
  parseArgs({
    args: argv,
    allowPositionals: true,
    strict: true,
    options: {
      'data-dir': { type: 'string' },
      host: { type: 'string' },
      port: { type: 'string' },
      lanes: { type: 'string' },
      username: { type: 'string' },
      email: { type: 'string' },
      superuser: { type: 'boolean' },
      'password-stdin': { type: 'boolean' },
      dump: { type: 'string' },
      data: { type: 'string' },
      requests: { type: 'boolean' },
      events: { type: 'boolean' },
      cache: { type: 'boolean' },
      from: { type: 'string' },
      to: { type: 'string' },
      rollback: { type: 'boolean' },
      sha256: { type: 'string' },
      keep: { type: 'string' },
      snapshot: { type: 'string' },
      fix: { type: 'boolean' },
      json: { type: 'boolean' },
      list: { type: 'boolean' },
      'save-images': { type: 'boolean' },
      version: { type: 'string' },
      note: { type: 'string' },
      threshold: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })

const main = async () => {
  const [name = 'help', ...rest] = process.argv.slice(2)
  if (name === 'help' || name === '--help' || name === '-h') return console.log(usage)
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command) throw new ConfigError(`unknown command "${name}"; annolith help lists them`)
  const { values, positionals } = readFlags(rest)
  const flags = Object.fromEntries(Object.entries(values).map(([key, value]) => [key.replaceAll('-', '_'), value])) as Flags &
    Record<string, any>
  if (flags.data_dir) process.env.ANNOLITH_DATA_DIR = flags.data_dir
  if (name !== 'version' && name !== 'doctor') setConfig(readConfig(flags))
  await command(positionals, flags)
}

try {
  await main()
} catch (error) {
  const expected = error instanceof ConfigError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS')
  console.error(`annolith: ${expected ? (error as Error).message : ((error as Error).stack ?? error)}`)
  process.exit(1)
}
