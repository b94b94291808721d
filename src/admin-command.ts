// `annolith admin`: the console of the data directory here, or of a server elsewhere.
import { join } from 'node:path'
import { ConfigError, config, prepareDataDir } from './server/config'

type Flags = { url?: string; token_file?: string; allow_http?: boolean; ascii?: boolean }

/**
 * Beside a running server only its own version may write: a newer one would change the tables under it.
 * Throws ConfigError when migrations are missing while a server runs.
 */
const prepareHere = async () => {
  prepareDataDir(config())
  process.env.ANNOLITH_NATIVE_DIR ??= join(config().dataDir, 'cache/native')
  for (const warning of config().warnings) console.error(`warning: ${warning}`)
  const { isLocked } = await import('./server/lock')
  if (isLocked(config().dataDir)) {
    const { listMigrations } = await import('./server/db/inspect')
    const { known, applied } = await listMigrations()
    const missing = known.filter((name) => !applied.includes(name))
    const foreign = applied.filter((name) => !known.includes(name))
    if (missing.length || foreign.length)
      throw new ConfigError('the server on this data directory is of another version: use its console, or annolith admin --url')
  } else await (await import('./server/db/migrate')).migrate()
}

const runHere = async (isAscii: boolean | undefined) => {
  await prepareHere()
  const [{ createApp }, { closeDb }, { closeQueue }] = await Promise.all([
    import('./server/app'),
    import('./server/db/open'),
    import('./server/queue/queue'),
  ])
  const [{ runConsole }, { createLocalApi }] = await Promise.all([import('./admin-tui/index'), import('./admin-tui/local-api')])
  const app = createApp()
  const close = () => Promise.allSettled([closeQueue(), closeDb()])
  await runConsole(
    createLocalApi((request) => app.handle(request)),
    { isAscii, close },
  )
}

/** Runs until the person quits. What keeps the console from running is told in one line. */
export const runAdmin = async (flags: Flags): Promise<void> => {
  const { ConsoleError, refuseTerminal, runRemoteConsole } = await import('./admin-tui/index')
  try {
    refuseTerminal()
    await (flags.url ? runRemoteConsole({ ...flags, url: flags.url }) : runHere(flags.ascii))
  } catch (error) {
    throw error instanceof ConsoleError ? new ConfigError(error.message) : error
  }
}
