// Brings the database to the current schema: applies the generated SQL files that it has not seen, each in one transaction.

import { sql } from 'drizzle-orm'
import { embeddedFiles } from '../http/embedded-files'
import { isPostgres } from './dialect'
import { db, runStatement } from './open'

const readApplied = async (): Promise<Set<string>> => {
  await runStatement('create table if not exists annolith_migrations (name text primary key)')
  const rows = await db.select({ name: sql<string>`name` }).from(sql`annolith_migrations` as any)
  return new Set(rows.map((row) => row.name))
}

/** Applies what is missing and answers the names of the migrations that were applied. */
export const migrate = async (): Promise<string[]> => {
  const folder = `drizzle/${isPostgres ? 'postgres' : 'sqlite'}/`
  const files = [...embeddedFiles()].filter(([name]) => name.startsWith(folder) && name.endsWith('.sql')).sort()
  const applied = await readApplied()
  const missing = files
    .map(([name, path]) => ({ name: name.slice(folder.length), path }))
    .filter(({ name }) => !applied.has(name))
  for (const { name, path } of missing) {
    const statements = (await Bun.file(path).text()).replaceAll('--> statement-breakpoint', '')
    await runStatement(`begin; ${statements}; insert into annolith_migrations (name) values ('${name}'); commit;`)
  }
  return missing.map(({ name }) => name)
}
