// Brings the databases to the current schema: applies the generated SQL files that they have not seen, each in one transaction.
import { embeddedFiles } from '../http/embedded-files'
import { isPostgres } from './dialect'
import { applyMigration } from './open'
import { applyEventMigration } from './open-events'

const dialect = isPostgres ? 'postgres' : 'sqlite'
/** Folder of scripts → how they are applied, and the prefix of their names. */
const sets = [
  { folder: `drizzle/${dialect}/`, prefix: '', apply: applyMigration },
  { folder: `drizzle/${dialect}-events/`, prefix: 'events/', apply: applyEventMigration },
]

/** Applies what is missing and answers the names of the migrations that were applied. */
export const migrate = async (): Promise<string[]> => {
  const applied: string[] = []
  const files = [...embeddedFiles()].sort()
  for (const { folder, prefix, apply } of sets)
    for (const [file, path] of files) {
      if (!file.startsWith(folder) || !file.endsWith('.sql')) continue
      const name = prefix + file.slice(folder.length)
      const script = (await Bun.file(path).text()).replaceAll('--> statement-breakpoint', '')
      if (await apply(name, script)) applied.push(name)
    }
  return applied
}
