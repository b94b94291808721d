// Copies events to ClickHouse, when one is configured: in batches, in order, from where the last copy ended.
import { readFileSync } from 'node:fs'
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client'
import { and, asc, eq, gt, lt, lte } from 'drizzle-orm'
import { config } from '../config'
import { eventDb, eventTx } from '../db/open-events'
import { eventCursors, eventLog } from './store-schema'
import type { LogRow } from './sums'

const cursorName = 'clickhouse'
/** So much is held in memory, and sent, at once. */
const rowsAtOnce = 5000
/** Rows that are younger may have neighbours with lower numbers whose transaction is still open. */
const settledMs = 5000
const timeoutMs = 30_000

/**
 * The table as CVAT has it, so that its dashboards work on it, with the number of the event. Batches that are sent again are recognized
 * by their token, which plain tables must be asked for.
 */
const tableSql = `CREATE TABLE IF NOT EXISTS events (
  id UInt64,
  scope String,
  obj_name Nullable(String),
  obj_id Nullable(String),
  obj_val Nullable(String),
  source String,
  timestamp DateTime64(3, 'Etc/UTC'),
  count Nullable(UInt32),
  duration UInt64 DEFAULT 0,
  project_id Nullable(UInt64),
  task_id Nullable(UInt64),
  job_id Nullable(UInt64),
  user_id Nullable(UInt64),
  user_name Nullable(String),
  user_email Nullable(String),
  org_id Nullable(UInt64),
  org_slug Nullable(String),
  payload Nullable(String)
) ENGINE = MergeTree
PARTITION BY toYYYYMM(timestamp)
ORDER BY timestamp
SETTINGS non_replicated_deduplication_window = 1000`

const toRow = (row: LogRow) => ({
  id: row.id,
  scope: row.scope,
  obj_name: row.objName,
  obj_id: row.objId,
  obj_val: row.objVal,
  source: row.source,
  timestamp: row.timestamp.toISOString().slice(0, -1).replace('T', ' '),
  count: row.count,
  duration: row.duration ?? 0,
  project_id: row.projectId,
  task_id: row.taskId,
  job_id: row.jobId,
  user_id: row.userId,
  user_name: row.userName,
  user_email: row.userEmail,
  org_id: row.orgId,
  org_slug: row.orgSlug,
  payload: row.payload && JSON.stringify(row.payload),
})

/** The administrator chose the address, so it may be a private one; nothing that users enter gets here. */
const openClient = (database?: string): ClickHouseClient => {
  const { clickhouse_url: url, clickhouse_user: username, clickhouse_password_file: file } = config()
  return createClient({
    url,
    username,
    password: file ? readFileSync(file, 'utf8').trim() : '',
    application: 'annolith',
    request_timeout: timeoutMs,
    max_open_connections: 1,
    // Failures are told once, by who calls.
    log: { level: ClickHouseLogLevel.OFF },
    ...(database && { database }),
  })
}

const prepareTable = async () => {
  const { clickhouse_database: database } = config()
  const outside = openClient()
  try {
    await outside.command({ query: `CREATE DATABASE IF NOT EXISTS ${database}` })
  } finally {
    await outside.close()
  }
  const client = openClient(database)
  await client.command({ query: tableSql })
  return client
}

/** The batch to send: the one that was begun, else what came since. Its end is written down before it is sent. */
const chooseBatch = async (now: number): Promise<{ rows: LogRow[]; after: number; last: number } | null> => {
  const [cursor] = await eventDb.select().from(eventCursors).where(eq(eventCursors.name, cursorName))
  const after = cursor?.lastId ?? 0
  const begun = cursor?.sendingId ?? null
  const bound = begun === null ? lt(eventLog.keptDate, new Date(now - settledMs)) : lte(eventLog.id, begun)
  const rows = await eventDb
    .select()
    .from(eventLog)
    .where(and(gt(eventLog.id, after), bound))
    .orderBy(asc(eventLog.id))
    .limit(rowsAtOnce)
  const last = begun ?? rows.at(-1)?.id
  if (last === undefined) return null
  if (begun === null) await moveCursor(after, last)
  return { rows, after, last }
}

const moveCursor = (lastId: number, sendingId: number | null) =>
  eventTx(async (t) => {
    await t
      .insert(eventCursors)
      .values({ name: cursorName, lastId, sendingId })
      .onConflictDoUpdate({ target: eventCursors.name, set: { lastId, sendingId } })
  })

export type EventSink = {
  /** Sends one batch; answers whether there was one. Throws when ClickHouse does not take it: call it again later. */
  ship: (now?: number) => Promise<boolean>
  close: () => Promise<void>
}

/** Opens nothing before the first batch. */
export const openClickHouse = (): EventSink => {
  let opened: Promise<ClickHouseClient> | undefined
  const open = () => {
    opened ??= prepareTable().catch((error) => {
      opened = undefined
      throw error
    })
    return opened
  }
  return {
    ship: async (now = Date.now()) => {
      const batch = await chooseBatch(now)
      if (!batch) return false
      const { rows, after, last } = batch
      if (rows.length) {
        const client = await open()
        await client.insert({
          table: 'events',
          values: rows.map(toRow),
          format: 'JSONEachRow',
          clickhouse_settings: { insert_deduplication_token: `annolith-${rows[0]!.id}-${last}` },
        })
      }
      await moveCursor(Math.max(after, last), null)
      return true
    },
    close: async () => (await opened?.catch(() => undefined))?.close(),
  }
}
