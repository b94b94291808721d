// Reads that may take long, beside the thread that answers requests: on SQLite in worker threads with read-only handles of their own.
import { join } from 'node:path'
import { config } from '../config'
import { isPostgres } from './dialect'
import { beforeClose } from './open'

/** A select of drizzle. */
type Query = PromiseLike<unknown> & { toSQL: () => { sql: string; params: unknown[] } }
type Answer = { id: number; rows?: unknown[][]; error?: string }
type Waiting = { resolve: (rows: unknown[][]) => void; reject: (error: Error) => void }
type Reader = { worker: Worker; waiting: Map<number, Waiting>; idle?: Timer }

/** Nobody waits for an answer that takes longer; the thread ends with its question. */
const mostMs = 30_000
const idleMs = 30_000
const mostReaders = 2

export class TookTooLong extends Error {}

/** The thread is written out here: it needs nothing but the driver, and so no entry of its own in the executable. */
const thread = `
import { Database } from 'bun:sqlite'
let database
self.onmessage = ({ data: { id, file, sql, params } }) => {
  try {
    if (!database) {
      database = new Database(file)
      database.exec('PRAGMA busy_timeout=5000; PRAGMA temp_store=MEMORY; PRAGMA query_only=ON;')
    }
    self.postMessage({ id, rows: database.query(sql).values(...params) })
  } catch (error) {
    self.postMessage({ id, error: String(error?.message ?? error) })
  }
}`

const readers = new Set<Reader>()
let lastId = 0

const end = (reader: Reader, why: Error) => {
  readers.delete(reader)
  clearTimeout(reader.idle)
  reader.worker.terminate()
  for (const { reject } of reader.waiting.values()) reject(why)
  reader.waiting.clear()
}

const start = (): Reader => {
  const worker = new Worker(URL.createObjectURL(new Blob([thread], { type: 'text/javascript' })))
  const reader: Reader = { worker, waiting: new Map() }
  worker.onmessage = ({ data }: { data: Answer }) => {
    const asked = reader.waiting.get(data.id)
    reader.waiting.delete(data.id)
    if (data.rows) asked?.resolve(data.rows)
    else asked?.reject(new Error(data.error))
    if (!reader.waiting.size) reader.idle = setTimeout(() => end(reader, new Error('idle')), idleMs)
    reader.idle?.unref()
  }
  worker.onerror = ({ message }) => end(reader, new Error(message))
  readers.add(reader)
  return reader
}

/** A reader that has nothing to do, else a new one, else the least busy. */
const choose = (): Reader => {
  const [least] = [...readers].sort((a, b) => a.waiting.size - b.waiting.size)
  return least && (!least.waiting.size || readers.size >= mostReaders) ? least : start()
}

const askSqlite = (sql: string, params: unknown[]): Promise<unknown[][]> =>
  new Promise((resolve, reject) => {
    const reader = choose()
    clearTimeout(reader.idle)
    const id = ++lastId
    const patience = setTimeout(() => end(reader, new TookTooLong(`no answer within ${mostMs / 1000} s`)), mostMs)
    const settled =
      <T>(settle: (value: T) => void) =>
      (value: T) => {
        clearTimeout(patience)
        settle(value)
      }
    reader.waiting.set(id, { resolve: settled(resolve), reject: settled(reject) })
    reader.worker.postMessage({ id, file: join(config().dataDir, 'annolith.db'), sql, params })
  })

beforeClose(async () => {
  for (const reader of [...readers]) end(reader, new Error('the server is stopping'))
})

/**
 * The rows of a query whose columns are plain (numbers, texts, nulls), in the order of `names`. It sees what is committed.
 * Errors: TookTooLong after half a minute (SQLite; PostgreSQL has its own limits).
 */
export const readAside = async <T extends Record<string, unknown>>(query: Query, names: (keyof T & string)[]): Promise<T[]> => {
  if (isPostgres) return (await query) as T[]
  const { sql, params } = query.toSQL()
  const rows = await askSqlite(sql, params)
  return rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]])) as T)
}
