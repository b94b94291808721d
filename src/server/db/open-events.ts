// Opens the event store: a file of its own on SQLite, so that events and saves never wait for each other; on PostgreSQL the one database.
import { join } from 'node:path'
import { config } from '../config'
import { isPostgres } from './dialect'
import { applyMigration, ask, beforeClose, db, insertRows, openSqlite, tx } from './open'

// An event that a power cut takes is no loss: those of changes wait in the outbox of the main database until they are here.
const opened = isPostgres ? undefined : await openSqlite(join(config().dataDir, 'events.db'), false)
if (opened) beforeClose(opened.close)

/** Reads the event store. */
export const eventDb = opened?.db ?? db
/** Runs `work` as one transaction on the event store; never together with `tx`, which may be another database. */
export const eventTx = opened?.tx ?? tx
/** As insertRows, in a transaction of `eventTx`. */
export const insertEventRows = opened?.insertRows ?? insertRows
export const applyEventMigration = opened?.applyMigration ?? applyMigration
export const askEvents = opened?.ask ?? ask
