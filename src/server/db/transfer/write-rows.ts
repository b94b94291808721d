// Fills an empty database with the rows of another: all of them in one transaction, or none.
import { Database } from 'bun:sqlite'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError } from '../../config'
import {
  type Kind,
  listScripts,
  type Place,
  quote,
  type Row,
  refuseNewer,
  type Store,
  storeOf,
  stores,
  type TableShape,
} from './tables'

/** What is loaded: rows table by table, with what `RowSource.lastId` says of each. */
export type Load = {
  migrations: readonly string[]
  tables: AsyncIterable<{ table: TableShape; lastId: number | null; rows: AsyncIterable<Row> }>
  /** Done when all rows are in, just before they are committed; when it fails, nothing is. */
  beforeCommit?: () => Promise<void>
  /** PostgreSQL only: removes all tables first, in the same transaction. */
  replace?: boolean
}

const batch = 2000

async function* inBatches(rows: AsyncIterable<Row>): AsyncGenerator<Row[]> {
  let taken: Row[] = []
  for await (const row of rows) {
    taken.push(row)
    if (taken.length < batch) continue
    yield taken
    taken = []
  }
  if (taken.length) yield taken
}

const readScripts = async (place: Place, names: readonly string[]): Promise<[name: string, script: string][]> => {
  refuseNewer(place, names)
  const known = listScripts(place)
  return Promise.all(
    names.map(async (name) => [name, (await Bun.file(known.get(name)!).text()).replaceAll('--> statement-breakpoint', '')]),
  )
}

const intoSqlite: Record<Kind, (value: any) => any> = {
  number: (value) => value,
  text: (value) => value,
  bool: (value) => (value ? 1 : 0),
  time: (value) => value,
  json: (value) => JSON.stringify(value),
  bytes: (value) => Buffer.from(value, 'base64'),
}

const writeSqlite = async (folder: string, { migrations, tables, beforeCommit }: Load) => {
  for (const file of Object.values(stores))
    if (existsSync(join(folder, file)))
      throw new ConfigError(`${join(folder, file)} exists already; rows go into an empty database only`)
  const scripts = await readScripts({ folder }, migrations)
  const open = (store: Store) => {
    const db = new Database(join(folder, stores[store]))
    db.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=OFF; BEGIN IMMEDIATE')
    db.exec('create table annolith_migrations (name text primary key)')
    for (const [name, script] of scripts)
      if (storeOf(name) === store) {
        db.exec(script)
        db.query('insert into annolith_migrations (name) values (?)').run(name)
      }
    return db
  }
  const files = { main: open('main'), events: open('events') }
  try {
    for await (const { table, lastId, rows } of tables) {
      const db = files[table.store]
      const encode = table.columns.map(({ kind }) => intoSqlite[kind])
      const names = table.columns.map(({ name }) => quote(name)).join()
      const insert = db.query(`insert into ${quote(table.name)} (${names}) values (${table.columns.map(() => '?').join()})`)
      for await (const some of inBatches(rows))
        for (const row of some) insert.run(...row.map((value, i) => (value === null ? null : encode[i]!(value))))
      if (lastId === null) continue
      db.query('delete from sqlite_sequence where name = ?').run(table.name)
      db.query('insert into sqlite_sequence (name, seq) values (?, ?)').run(table.name, lastId)
    }
    const broken = files.main.query('select distinct "table" as name from pragma_foreign_key_check').all() as { name: string }[]
    if (broken.length)
      throw new ConfigError(`rows refer to others that are missing: ${broken.map(({ name }) => name).join(', ')}`)
    await beforeCommit?.()
    // Events first: what counts is whether the main database is there.
    for (const db of [files.events, files.main]) db.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)')
  } catch (error) {
    for (const db of Object.values(files)) if (db.inTransaction) db.exec('ROLLBACK')
    throw error
  } finally {
    for (const db of Object.values(files)) db.close()
  }
}

/** How a value of a recordset becomes one of the column. */
const fromRecord: Record<Kind, (name: string) => string> = {
  number: (name) => name,
  text: (name) => name,
  bool: (name) => name,
  time: (name) => `to_timestamp(${name} / 1000.0)`,
  json: (name) => name,
  bytes: (name) => `decode(${name}, 'base64')`,
}
const recordType: Record<Exclude<Kind, 'number'>, string> = {
  text: 'text',
  bool: 'boolean',
  time: 'double precision',
  json: 'jsonb',
  bytes: 'text',
}

/** Whether a database of PostgreSQL holds accounts: every server in use does. */
export const holdsAccounts = async (url: string): Promise<boolean> => {
  const { default: postgres } = await import('postgres')
  const client = postgres(url, { max: 1, onnotice: () => {} })
  try {
    const [found] = await client`select to_regclass('users') is not null as there`
    return Boolean(found?.there) && (await client`select 1 from users limit 1`).length > 0
  } finally {
    await client.end({ timeout: 5 })
  }
}

const writePostgres = async (url: string, { migrations, tables, beforeCommit, replace = false }: Load) => {
  const scripts = await readScripts({ url }, migrations)
  const { default: postgres } = await import('postgres')
  const client = postgres(url, { max: 1, onnotice: () => {} })
  try {
    await client.begin(async (t) => {
      const there = await t`select table_name from information_schema.tables where table_schema = current_schema() limit 1`
      if (there.length && replace) {
        const all =
          await t`select quote_ident(table_name) as name from information_schema.tables where table_schema = current_schema() and table_type = 'BASE TABLE'`
        await t.unsafe(`drop table ${all.map(({ name }) => name).join()} cascade`)
      } else if (there.length)
        throw new ConfigError('the PostgreSQL database has tables already; rows go into an empty database only')
      await t.unsafe('create table annolith_migrations (name text primary key)')
      for (const [name, script] of scripts) {
        await t.unsafe(script)
        await t`insert into annolith_migrations (name) values (${name})`
      }
      // Tables come in any order and refer to one another, so references are put back when all rows are in.
      const references =
        await t`select conrelid::regclass::text as "table", conname as name, pg_get_constraintdef(oid) as definition
        from pg_constraint where contype = 'f' and connamespace = current_schema()::regnamespace`
      for (const { table, name } of references) await t.unsafe(`alter table ${table} drop constraint ${quote(name)}`)
      for await (const { table, lastId, rows } of tables) {
        const types = await t`select column_name as name, data_type as type from information_schema.columns
          where table_schema = current_schema() and table_name = ${table.name}`
        const typeOf = (name: string, kind: Kind) =>
          kind === 'number' ? (types.find((column) => column.name === name)?.type as string) : recordType[kind]
        const names = table.columns.map(({ name }) => quote(name)).join()
        const values = table.columns.map(({ name, kind }) => fromRecord[kind](quote(name))).join()
        const record = table.columns.map(({ name, kind }) => `${quote(name)} ${typeOf(name, kind)}`).join()
        for await (const some of inBatches(rows)) {
          const objects = some.map((row) => Object.fromEntries(table.columns.map(({ name }, i) => [name, row[i]])))
          await t.unsafe(
            `insert into ${quote(table.name)} (${names}) select ${values} from json_to_recordset($1::text::json) as r(${record})`,
            [JSON.stringify(objects)],
          )
        }
        if (lastId !== null)
          await t.unsafe(
            `select setval(pg_get_serial_sequence('${quote(table.name)}', 'id'), ${Math.max(1, lastId)}, ${lastId > 0})`,
          )
      }
      for (const { table, name, definition } of references)
        await t.unsafe(`alter table ${table} add constraint ${quote(name)} ${definition}`)
      await beforeCommit?.()
    })
  } finally {
    await client.end({ timeout: 5 })
  }
}

/** Throws ConfigError when the database is not empty or older than the rows; then nothing was written. */
export const writeRows = (place: Place, load: Load): Promise<void> =>
  'url' in place ? writePostgres(place.url, load) : writeSqlite(place.folder, load)
