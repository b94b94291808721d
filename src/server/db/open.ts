// Opens the database: `db` reads, `tx` writes. SQLite has one writer behind a queue with group commit; PostgreSQL a pool.
import { Database } from 'bun:sqlite'
import { join } from 'node:path'
import { type ExtractTablesWithRelations, getTableColumns, getTableName, type SQL, sql } from 'drizzle-orm'
import type { PgColumn, PgDatabase, PgQueryResultHKT, PgTable } from 'drizzle-orm/pg-core'
import { config } from '../config'
import { isPostgres } from './dialect'
import * as schema from './schema'

type Full = PgDatabase<PgQueryResultHKT, typeof schema, ExtractTablesWithRelations<typeof schema>>
/** What reads can do on both databases. */
export type Db = Pick<Full, 'select' | 'selectDistinct' | 'query' | '$count' | '$with' | 'with'>
/** What a transaction can do on both databases. */
export type Tx = Db & Pick<Full, 'insert' | 'update' | 'delete'>

type Opened = {
  db: Db
  tx: <T>(work: (t: Tx) => Promise<T>) => Promise<T>
  /** Runs a script of statements and records its name, all in one transaction; false when the name is recorded already. */
  applyMigration: (name: string, script: string) => Promise<boolean>
  insertRows: (t: Tx, table: PgTable, rows: Record<string, unknown>[], given?: (number | undefined)[]) => Promise<number[]>
  readRows: (from: Db, table: PgTable, where: SQL | undefined, order: PgColumn[]) => Promise<any[]>
  continueIds: (t: Tx, table: PgTable) => Promise<void>
  version: () => number | undefined
  ask: (query: string) => Promise<Record<string, unknown>[]>
  close: () => Promise<void>
}

const migrationTable = 'create table if not exists annolith_migrations (name text primary key)'
const migrationLock = 7_270_001

const columnsOf = (table: PgTable, row: Record<string, unknown>) =>
  Object.entries(getTableColumns(table)).filter(([key]) => key in row)
/** All columns of a table under the names that the schema gives them. */
const selectAll = (table: PgTable, where: SQL | undefined, order: PgColumn[]): SQL => {
  const columns = Object.entries(getTableColumns(table)).map(([key, column]) => sql`${column} as ${sql.identifier(key)}`)
  return sql`select ${sql.join(columns, sql`, `)} from ${table} where ${where ?? sql`true`} order by ${sql.join(order, sql`, `)}`
}
/** Whether the driver takes values of the column as they are. */
const isPlain = ({ dataType, columnType }: PgColumn) =>
  dataType === 'boolean' || columnType === 'SQLiteText' || columnType === 'SQLiteInteger' || columnType === 'SQLiteReal'

const driverValue = (column: any, value: unknown) =>
  value === null || value === undefined ? null : column.mapToDriverValue(value)

/** `isCareful`: commits are on disk when they are acknowledged. */
export const openSqlite = async (file: string, isCareful = true): Promise<Opened> => {
  const { drizzle } = await import('drizzle-orm/bun-sqlite')
  const open = (pragmas: string) => {
    const client = new Database(file)
    // drizzle prepares every statement anew; query() keeps prepared ones by their text.
    client.prepare = client.query.bind(client) as typeof client.prepare
    client.exec(`PRAGMA journal_mode=WAL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; ${pragmas}`)
    return client
  }
  // A save is acknowledged only after an fsync, hence FULL. The writer never blocks the event loop on another thread's lock: it retries.
  const writer = open(`PRAGMA busy_timeout=0; PRAGMA synchronous=${isCareful ? 'FULL' : 'NORMAL'};`)
  const reader = open('PRAGMA busy_timeout=5000; PRAGMA query_only=ON;')
  const writing = drizzle(writer, { schema }) as unknown as Tx

  const begin = async () => {
    for (let wait = 1; ; wait = Math.min(wait * 2, 50)) {
      try {
        return writer.exec('BEGIN IMMEDIATE')
      } catch (error) {
        if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw error
        await Bun.sleep(wait)
      }
    }
  }

  type Waiting = { work: (t: Tx) => Promise<unknown>; resolve: (value: any) => void; reject: (error: unknown) => void }
  let waiting: Waiting[] = []
  let draining: Promise<void> | undefined

  /** Runs all waiting transactions in one commit, each in its own savepoint; they are acknowledged after the commit. */
  const drain = async () => {
    while (waiting.length) {
      const batch = waiting
      waiting = []
      const done: (() => void)[] = []
      try {
        await begin()
        for (const { work, resolve, reject } of batch) {
          writer.exec('SAVEPOINT one')
          try {
            const value = await work(writing)
            writer.exec('RELEASE one')
            done.push(() => resolve(value))
          } catch (error) {
            writer.exec('ROLLBACK TO one; RELEASE one')
            done.push(() => reject(error))
          }
        }
        writer.exec('COMMIT')
        for (const settle of done) settle()
      } catch (error) {
        if (writer.inTransaction) writer.exec('ROLLBACK')
        for (const { reject } of batch) reject(error)
      }
    }
    draining = undefined
  }

  const readVersion = reader.query('PRAGMA data_version')

  return {
    db: drizzle(reader, { schema }) as unknown as Db,
    tx: (work) =>
      new Promise((resolve, reject) => {
        waiting.push({ work, resolve, reject })
        draining ??= Promise.resolve().then(drain)
      }),
    applyMigration: async (name, script) => {
      await begin()
      try {
        writer.exec(migrationTable)
        const isNew = !writer.query('select name from annolith_migrations where name = ?').get(name)
        if (isNew) {
          writer.exec(script)
          writer.query('insert into annolith_migrations (name) values (?)').run(name)
        }
        writer.exec('COMMIT')
        return isNew
      } catch (error) {
        writer.exec('ROLLBACK')
        throw error
      }
    },
    insertRows: async (_t, table, rows, given) => {
      if (!rows.length) return []
      const name = getTableName(table)
      const last = writer.query('select seq from sqlite_sequence where name = ?').get(name) as { seq: number } | null
      const columns = columnsOf(table, rows[0]!)
      const names = ['id', ...columns.map(([, column]) => column.name)]
      const insert = writer.query(
        `insert into "${name}" (${names.map((n) => `"${n}"`).join()}) values (${names.map(() => '?').join()})`,
      )
      let id = last?.seq ?? 0
      // Texts, numbers and booleans go as they are.
      const encoders = columns.map(([key, column]) => ({ key, column: isPlain(column) ? undefined : column }))
      const values: any[] = new Array(names.length)
      return rows.map((row, i) => {
        const own = given?.[i] ?? ++id
        values[0] = own
        for (let at = 0; at < encoders.length; at++) {
          const { key, column } = encoders[at]!
          values[at + 1] = column ? driverValue(column, row[key]) : (row[key] ?? null)
        }
        insert.run(...values)
        return own
      })
    },
    readRows: async (from, table, where, order) => {
      const flags = Object.entries(getTableColumns(table)).flatMap(([key, { dataType }]) => (dataType === 'boolean' ? key : []))
      const query = (from as any).dialect.sqlToQuery(selectAll(table, where, order)) as { sql: string; params: any[] }
      const client = from === (writing as Db) ? writer : reader
      const rows = client.query(query.sql).all(...query.params) as Record<string, unknown>[]
      if (flags.length) for (const row of rows) for (const flag of flags) row[flag] = row[flag] === 1
      return rows
    },
    // SQLite's AUTOINCREMENT remembers the largest id itself.
    continueIds: async () => {},
    version: () => (readVersion.get() as { data_version: number }).data_version,
    ask: async (query) => reader.query(query).all() as Record<string, unknown>[],
    close: async () => {
      await draining
      reader.close()
      writer.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      writer.close()
    },
  }
}

/** Whoever waits is told soon; work of the background is tried again. */
const connectSeconds = 10

const openPostgres = async (url: string): Promise<Opened> => {
  const { drizzle } = await import('drizzle-orm/postgres-js')
  const { default: postgres } = await import('postgres')
  const client = postgres(url, { max: process.env.ANNOLITH_THREAD ? 2 : 10, connect_timeout: connectSeconds, onnotice: () => {} })
  const pool = drizzle(client, { schema })
  return {
    db: pool as unknown as Db,
    tx: (work) => pool.transaction((t) => work(t as unknown as Tx)),
    applyMigration: (name, script) =>
      client.begin(async (t) => {
        // Servers and workers that start together wait for one another here.
        await t`select pg_advisory_xact_lock(${migrationLock})`
        await t.unsafe(migrationTable)
        const there = await t`select name from annolith_migrations where name = ${name}`
        if (there.length) return false
        await t.unsafe(script)
        await t`insert into annolith_migrations (name) values (${name})`
        return true
      }) as Promise<boolean>,
    insertRows: async (t, table, rows, given = []) => {
      if (!rows.length) return []
      const execute = (query: ReturnType<typeof sql>): Promise<any[]> => (t as any).execute(query)
      const name = getTableName(table)
      const missing = rows.reduce((count, _, i) => (given[i] === undefined ? count + 1 : count), 0)
      const fresh = (
        await execute(
          sql`select nextval(pg_get_serial_sequence(${`"${name}"`}, 'id'))::int as id from generate_series(1, ${missing}::int)`,
        )
      ).values()
      const ids = rows.map((_, i) => given[i] ?? (fresh.next().value!.id as number))
      const columns = columnsOf(table, rows[0]!)
      const named = rows.map((row, i) => ({
        id: ids[i],
        ...Object.fromEntries(columns.map(([key, column]) => [column.name, row[key] ?? null])),
      }))
      const names = ['id', ...columns.map(([, column]) => column.name)].map((n) => `"${n}"`)
      const types = ['"id" integer', ...columns.map(([, column]) => `"${column.name}" ${column.getSQLType()}`)]
      await execute(
        sql`insert into ${sql.raw(`"${name}" (${names.join()})`)} select ${sql.raw(names.join())} from json_to_recordset(${JSON.stringify(named)}::text::json) as r(${sql.raw(types.join())})`,
      )
      return ids
    },
    readRows: async (from, table, where, order) => [...(await (from as any).execute(selectAll(table, where, order)))],
    continueIds: async (t, table) => {
      const name = `"${getTableName(table)}"`
      const setNext = sql`select setval(pg_get_serial_sequence(${name}, 'id'), (select coalesce(max(id), 0) + 1 from ${table}), false)`
      await (t as any).execute(setNext)
    },
    version: () => undefined,
    ask: async (query) => [...(await client.unsafe(query))],
    close: () => client.end({ timeout: 5 }),
  }
}

const opened = isPostgres ? await openPostgres(config().databaseUrl) : await openSqlite(join(config().dataDir, 'annolith.db'))

/** Reads. On SQLite a read-only handle: it sees what is committed. */
export const db = opened.db

/**
 * Runs `work` as one transaction: all of it or nothing. Resolves after the commit is on disk.
 * Never start one inside another: pass `t` on instead.
 */
export const tx = opened.tx

/** Inserts many rows with the same keys (no `id`) and answers their ids in order: those `given`, new ones where there is none. */
export const insertRows = opened.insertRows

/**
 * Whole rows, without the cost of mapping each value; for tables of numbers, texts and booleans that are read by the ten
 * thousand.
 */
export const readRows = opened.readRows as <T extends PgTable>(
  from: Db,
  table: T,
  where: SQL | undefined,
  order: PgColumn[],
) => Promise<T['$inferSelect'][]>

/** Lets new ids of a table begin after the largest one, when rows were inserted with ids of their own. */
export const continueIds = opened.continueIds

/** A number that changes with every commit of any process; undefined where the database cannot tell cheaply. */
export const dataVersion = opened.version

/** A question that only one of the databases understands, for db/inspect.ts. Never with words from outside. */
export const ask = opened.ask
export const applyMigration = opened.applyMigration

const closers: (() => Promise<void>)[] = []
/** What is to be closed before the database. */
export const beforeClose = (close: () => Promise<void>) => void closers.push(close)
export const closeDb = async () => {
  for (const close of closers) await close()
  await opened.close()
}
