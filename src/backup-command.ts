// `annolith backup`, `restore` and `move`: the whole server, kept elsewhere, brought back, or taken to another database.
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError, config } from './server/config'
import { lockDataDir } from './server/lock'
import {
  backUpNow,
  findShared,
  holdTarget,
  listSnapshots,
  placeOf,
  pruneSnapshots,
  readSnapshot,
  requireTarget,
  restoreSnapshot,
  type Snapshot,
  verifySnapshot,
} from './server/snapshots/service'

type Flags = { keep?: string; snapshot?: string; to?: string; json?: boolean }

const inMb = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`
const describe = ({ id, version, files, bytes, tables, copied }: Snapshot) =>
  `${id}  version ${version}  ${tables.reduce((sum, table) => sum + table.rows, 0)} rows, ${files} files of ${inMb(bytes)}, ${copied} new`
const say = (words: string) => console.log(words)

const readKeep = (text: string | undefined): number => {
  const keep = text === undefined ? config().backup_keep : Number(text)
  if (!Number.isInteger(keep) || keep < 1) throw new ConfigError('--keep must be a whole number from 1')
  return keep
}

const findSnapshot = async (target: Awaited<ReturnType<typeof requireTarget>>, id: string | undefined): Promise<Snapshot> => {
  if (id) return readSnapshot(target, id)
  const newest = (await listSnapshots(target)).at(-1)
  if (!newest) throw new ConfigError('there is no backup')
  return newest
}

const actions: Record<string, (target: string | undefined, flags: Flags) => Promise<void>> = {
  create: async (text, flags) => {
    const { snapshot, removed } = await backUpNow({ target: text, keep: readKeep(flags.keep) })
    say(flags.json ? JSON.stringify(snapshot) : describe(snapshot))
    if (removed && !flags.json) say(`removed ${removed} older backups`)
  },
  list: async (text, flags) => {
    const all = await listSnapshots(await requireTarget(text))
    if (flags.json) return say(JSON.stringify(all))
    for (const snapshot of all) say(describe(snapshot))
    if (!all.length) say('there is no backup')
  },
  verify: async (text, flags) => {
    const target = await requireTarget(text)
    const snapshot = await findSnapshot(target, flags.snapshot)
    const trouble = await verifySnapshot(target, snapshot)
    if (trouble.length) throw new ConfigError(`backup ${snapshot.id} is damaged: ${trouble.slice(0, 5).join('; ')}`)
    say(`backup ${snapshot.id} is whole`)
  },
  prune: async (text, flags) => {
    const target = await requireTarget(text)
    const keep = readKeep(flags.keep)
    const { snapshots, objects } = await holdTarget(target, () => pruneSnapshots(target, keep))
    say(`removed ${snapshots} backups and ${objects} contents`)
  },
}

/** `backup [create|list|verify|prune] [TARGET]`; a first word that is no action is the target of a new backup. */
export const runBackup = async (words: string[], flags: Flags): Promise<void> => {
  const [first = 'create', second] = words
  const action = Object.hasOwn(actions, first) ? actions[first]! : undefined
  await (action ? action(second, flags) : actions.create!(first, flags))
}

/** `restore TARGET [--snapshot ID]` into the data directory, and into DATABASE_URL when that is set. */
export const runRestore = async ([text]: string[], flags: Flags): Promise<void> => {
  const target = await requireTarget(text)
  const snapshot = await findSnapshot(target, flags.snapshot)
  const { dataDir, databaseUrl } = config()
  mkdirSync(dataDir, { recursive: true })
  const unlock = lockDataDir(dataDir)
  try {
    const toPostgres = databaseUrl || undefined
    await restoreSnapshot(target, snapshot, { dataDir, toPostgres, shared: findShared(), onStep: say })
  } finally {
    unlock()
  }
  say(`restored backup ${snapshot.id}; annolith serve starts the server on it`)
}

/** `move --to postgres://…` or `--to sqlite`: rows into the other database, while no server runs. The old one stays as it is. */
export const runMove = async (flags: Flags): Promise<void> => {
  const { dataDir, databaseUrl } = config()
  const { to } = flags
  if (!to || !(to === 'sqlite' || /^postgres(ql)?:\/\//.test(to))) throw new ConfigError('--to must be postgres://… or sqlite')
  if ((to === 'sqlite') === !databaseUrl)
    throw new ConfigError(`the data are in ${databaseUrl ? 'PostgreSQL' : 'SQLite'} already`)
  if (to === 'sqlite' && existsSync(join(dataDir, 'annolith.db')))
    throw new ConfigError(`${join(dataDir, 'annolith.db')} exists already; remove it first`)
  const { copyRows } = await import('./server/db/transfer/copy-rows')
  const unlock = lockDataDir(dataDir)
  const scratch = join(dataDir, '.moving')
  try {
    rmSync(scratch, { recursive: true, force: true })
    mkdirSync(scratch)
    const { rows, tables } = await copyRows(placeOf(config()), to === 'sqlite' ? { folder: scratch } : { url: to })
    if (to === 'sqlite') for (const name of ['events.db', 'annolith.db']) renameSync(join(scratch, name), join(dataDir, name))
    say(`moved ${rows} rows of ${tables} tables`)
    say(
      to === 'sqlite'
        ? 'unset DATABASE_URL before the next start'
        : 'set DATABASE_URL to the new address before the next start; annolith.db stays until you remove it',
    )
  } finally {
    rmSync(scratch, { recursive: true, force: true })
    unlock()
  }
}
