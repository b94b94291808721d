// Reads a whole database as it stood at one moment, while others go on writing.
import { Database } from 'bun:sqlite'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError } from '../../config'
import { type Kind, listTables, type Place, quote, type Row, stores, type TableShape } from './tables'

export type RowSource = {
  tables: TableShape[]
  /** Names of the migrations that the database has. */
  migrations: string[]
  rows: (table: TableShape) => AsyncIterable<Row>
  /** The largest id that a table ever gave; null for tables that give none. Ids of removed rows are not given again. */
  lastId: (table: TableShape) => Promise<number | null>
  close: () => Promise<void>
}

const batch = 1000

/** What a database has of the tables of this version: one that an older version left has fewer tables and columns. */
const keepKnown = (columnsOf: (table: TableShape) => ReadonlySet<string> | undefined): TableShape[] =>
  listTables().flatMap((table) => {
    const there = columnsOf(table)
    return there?.size ? { ...table, columns: table.columns.filter(({ name }) => there.has(name)) } : []
  })
const orderOf = ({ columns }: TableShape) => (columns.some(({ name }) => name === 'id') ? ' order by "id"' : '')
const columnsOf = ({ columns }: TableShape) => columns.map(({ name }) => quote(name)).join()
const select = (table: TableShape) => `select ${columnsOf(table)} from ${quote(table.name)}${orderOf(table)}`

const fromSqlite: Record<Kind, (value: any) => unknown> = {
  number: (value) => value,
  text: (value) => value,
  bool: (value) => value === 1,
  time: (value) => value,
  json: (value) => JSON.parse(value),
  bytes: (value) => Buffer.from(value).toString('base64'),
}

const openSqlite = async (folder: string): Promise<RowSource> => {
  const open = (file: string) => {
    if (!existsSync(join(folder, file))) return undefined
    const db = new Database(join(folder, file), { readonly: true })
    db.exec('PRAGMA busy_timeout=5000; BEGIN')
    const names = db.query('select name from annolith_migrations order by name').all() as { name: string }[]
    return { db, migrations: names.map(({ name }) => name) }
  }
  const main = open(stores.main)
  if (!main) throw new ConfigError(`there is no ${join(folder, stores.main)}`)
  // The first versions had no event store.
  const files = { main, events: open(stores.events) ?? main }
  const readColumns = ({ name, store }: TableShape) => {
    const found = files[store].db.query('select name from pragma_table_info(?)').all(name) as { name: string }[]
    return new Set(found.map((column) => column.name))
  }
  return {
    tables: keepKnown(readColumns),
    migrations: [...new Set(Object.values(files))].flatMap(({ migrations }) => migrations),
    rows: async function* (table) {
      const decode = table.columns.map(({ kind }) => fromSqlite[kind])
      let count = 0
      for (const row of files[table.store].db.query(select(table)).iterate() as Iterable<Record<string, unknown>>) {
        yield Object.values(row).map((value, i) => (value === null ? null : decode[i]!(value)))
        // A server that backs itself up goes on answering.
        if (++count % batch === 0) await Bun.sleep(0)
      }
    },
    lastId: async ({ name, store, columns }) => {
      if (!columns.some((column) => column.name === 'id')) return null
      const { db } = files[store]
      if (!db.query(`select 1 from sqlite_schema where name = 'sqlite_sequence'`).get()) return null
      return (db.query('select seq from sqlite_sequence where name = ?').get(name) as { seq: number } | null)?.seq ?? null
    },
    close: async () => {
      for (const { db } of new Set(Object.values(files))) {
        db.exec('ROLLBACK')
        db.close()
      }
    },
  }
}

const fromPostgres: Record<Kind, (value: any) => unknown> = {
  number: (value) => (typeof value === 'string' ? Number(value) : value),
  text: (value) => value,
  bool: (value) => value,
  time: (value) => (value instanceof Date ? value.getTime() : new Date(value).getTime()),
  json: (value) => value,
  bytes: (value) => Buffer.from(value).toString('base64'),
}

const openPostgres = async (url: string): Promise<RowSource> => {
  const { default: postgres } = await import('postgres')
  const client = postgres(url, { max: 1, onnotice: () => {} })
  const connection = await client.reserve()
  await connection.unsafe('begin isolation level repeatable read read only')
  const migrations = (await connection.unsafe('select name from annolith_migrations order by name')).map(
    ({ name }) => name as string,
  )
  const columns = await connection.unsafe(
    'select table_name as "table", column_name as name from information_schema.columns where table_schema = current_schema()',
  )
  const there = Map.groupBy(columns, ({ table }) => table as string)
  return {
    tables: keepKnown(({ name }) => new Set(there.get(name)?.map((column) => column.name as string))),
    migrations,
    rows: async function* (table) {
      const decode = table.columns.map(({ kind }) => fromPostgres[kind])
      for await (const rows of connection.unsafe(select(table)).cursor(batch))
        for (const row of rows) yield table.columns.map(({ name }, i) => (row[name] === null ? null : decode[i]!(row[name])))
    },
    lastId: async ({ name, columns }) => {
      if (!columns.some((column) => column.name === 'id')) return null
      const [found] = await connection.unsafe(`select pg_get_serial_sequence('${quote(name)}', 'id') as sequence`)
      if (!found?.sequence) return null
      const [state] = await connection.unsafe(`select last_value::bigint as last, is_called from ${found.sequence}`)
      return state!.is_called ? Number(state!.last) : Number(state!.last) - 1
    },
    close: async () => {
      await connection.unsafe('rollback')
      connection.release()
      await client.end({ timeout: 5 })
    },
  }
}

export const openRows = (place: Place): Promise<RowSource> =>
  'url' in place ? openPostgres(place.url) : openSqlite(place.folder)
