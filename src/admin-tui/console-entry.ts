// Entry for tests: the console on its own, on the data directory that the environment names.
import { config, prepareDataDir } from '../server/config'

prepareDataDir(config())
const { migrate } = await import('../server/db/migrate')
await migrate()
const { runConsole } = await import('./index')
await runConsole()
