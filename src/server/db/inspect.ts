// How the database itself is: version, migrations, damage, references to nothing. For the doctor and the consoles.
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { config } from '../config'
import { isPostgres } from './dialect'
import { ask } from './open'
import { askEvents } from './open-events'
import { listScripts } from './transfer/tables'

/** Names of the migrations that this program knows, and of those that the database has. */
export const listMigrations = async (): Promise<{ known: string[]; applied: string[] }> => {
  const known = [...listScripts(isPostgres ? { url: '' } : { folder: '' }).keys()]
  const readNames = async (asked: typeof ask): Promise<string[]> => {
    const [there] = await asked(
      isPostgres
        ? `select 1 from information_schema.tables where table_name = 'annolith_migrations' and table_schema = current_schema()`
        : `select 1 from sqlite_schema where name = 'annolith_migrations'`,
    )
    return there ? (await asked('select name from annolith_migrations order by name')).map(({ name }) => String(name)) : []
  }
  return { known: known.sort(), applied: (await Promise.all([ask, ...(isPostgres ? [] : [askEvents])].map(readNames))).flat() }
}

/** Name and version of the database, and its own clock. */
export const describeDatabase = async (): Promise<{ words: string; major: number; encoding: string; now: Date }> => {
  const [row] = await ask(
    isPostgres
      ? `select current_setting('server_version') as version, current_setting('server_encoding') as encoding, extract(epoch from clock_timestamp()) * 1000 as now`
      : `select sqlite_version() as version, (select encoding from pragma_encoding) as encoding, unixepoch('subsec') * 1000 as now`,
  )
  const { version, encoding, now } = row as { version: string; encoding: string; now: number | string }
  return {
    words: `${isPostgres ? 'PostgreSQL' : 'SQLite'} ${version}`,
    major: Number.parseInt(version, 10),
    encoding,
    now: new Date(Number(now)),
  }
}

/** What is wrong with the pages and indexes of the SQLite file; nothing when all is well. PostgreSQL looks after its own. */
export const findDamage = async (): Promise<string[]> =>
  isPostgres
    ? []
    : (await ask('pragma quick_check(20)')).map((row) => String(Object.values(row)[0])).filter((words) => words !== 'ok')

/** Tables with rows that refer to rows which are gone, with their numbers. PostgreSQL holds its references by itself. */
export const findBrokenReferences = async (): Promise<string[]> =>
  isPostgres
    ? []
    : (await ask('select "table" as name, count(*) as n from pragma_foreign_key_check group by 1')).map(
        ({ name, n }) => `${name} (${n})`,
      )

/** Bytes of SQLite's write-ahead log; 0 on PostgreSQL. */
export const walBytes = (): number =>
  isPostgres ? 0 : (statSync(join(config().dataDir, 'annolith.db-wal'), { throwIfNoEntry: false })?.size ?? 0)

/** Connections of PostgreSQL that are taken, and how many there may be; undefined on SQLite. */
export const countConnections = async (): Promise<{ taken: number; most: number } | undefined> => {
  if (!isPostgres) return undefined
  const [row] = await ask(
    `select (select count(*) from pg_stat_activity)::int as taken, current_setting('max_connections')::int as most`,
  )
  return row as { taken: number; most: number }
}
