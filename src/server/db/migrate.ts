// Brings the databases to the current schema: applies the generated SQL files that they have not seen, each in one transaction.
import { config } from '../config'
import { isPostgres } from './dialect'
import { listMigrations } from './inspect'
import { applyMigration } from './open'
import { applyEventMigration } from './open-events'
import { listScripts, refuseNewer, storeOf } from './transfer/tables'

const apply = { main: applyMigration, events: applyEventMigration }

/**
 * Applies what is missing and answers the names of the migrations that were applied; those of the event store come last. Throws ConfigError
 * for data of a newer version, which stay as they are.
 */
export const migrate = async (): Promise<string[]> => {
  const { databaseUrl: url, dataDir: folder } = config()
  const place = isPostgres ? { url } : { folder }
  const there = (await listMigrations()).applied
  refuseNewer(place, there)
  const applied: string[] = []
  for (const [name, path] of listScripts(place)) {
    if (there.includes(name)) continue
    const script = (await Bun.file(path).text()).replaceAll('--> statement-breakpoint', '')
    if (await apply[storeOf(name)](name, script)) applied.push(name)
  }
  return applied
}
