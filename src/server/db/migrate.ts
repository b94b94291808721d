// Brings the database to the current schema: applies the generated SQL files that it has not seen, each in one transaction.
import { embeddedFiles } from '../http/embedded-files'
import { isPostgres } from './dialect'
import { applyMigration } from './open'

/** Applies what is missing and answers the names of the migrations that were applied. */
export const migrate = async (): Promise<string[]> => {
  const folder = `drizzle/${isPostgres ? 'postgres' : 'sqlite'}/`
  const applied: string[] = []
  for (const [file, path] of [...embeddedFiles()].sort()) {
    if (!file.startsWith(folder) || !file.endsWith('.sql')) continue
    const name = file.slice(folder.length)
    const script = (await Bun.file(path).text()).replaceAll('--> statement-breakpoint', '')
    if (await applyMigration(name, script)) applied.push(name)
  }
  return applied
}
