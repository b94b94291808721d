// Moves events from the outbox of the main database to the event store.
import { asc } from 'drizzle-orm'
import { isAmong } from '../db/dialect'
import { db, type Tx, tx } from '../db/open'
import { eventTx } from '../db/open-events'
import { appendEvents } from './append'
import { events } from './schema'
import { eventCursors, eventLog } from './store-schema'

const rowsAtOnce = 2000

/** Several processes may move the same rows: one after the other, by the lock that an update takes on its row. */
const waitForTurn = async (t: Tx): Promise<void> => {
  await t
    .insert(eventCursors)
    .values({ name: 'outbox', lastId: 0 })
    .onConflictDoUpdate({ target: eventCursors.name, set: { lastId: 0 } })
}

/**
 * Two transactions, for these may be two databases. A crash between them leaves rows in both places; they are then recognized by
 * their number and time, and neither written nor counted a second time.
 */
const moveOnce = async (): Promise<number> => {
  const rows = await db.select().from(events).orderBy(asc(events.id)).limit(rowsAtOnce)
  if (!rows.length) return 0
  const keptDate = new Date()
  const ids = rows.map(({ id }) => id)
  await eventTx(async (t) => {
    await waitForTurn(t)
    const moved = await t
      .select({ outboxId: eventLog.outboxId, timestamp: eventLog.timestamp })
      .from(eventLog)
      .where(isAmong(eventLog.outboxId as any, ids))
    const known = new Set(moved.map(({ outboxId, timestamp }) => `${outboxId} ${timestamp.getTime()}`))
    const fresh = rows.filter(({ id, timestamp }) => !known.has(`${id} ${timestamp.getTime()}`))
    await appendEvents(
      t,
      fresh.map(({ id, ...row }) => ({ ...row, outboxId: id, keptDate })),
    )
  })
  await tx(async (t) => void (await t.delete(events).where(isAmong(events.id as any, ids))))
  return rows.length
}

const moveAll = async () => {
  while ((await moveOnce()) === rowsAtOnce);
}

let running: Promise<void> = Promise.resolve()
let waiting: Promise<void> | undefined

/** Resolves when everything that was committed before the call is in the event store. */
export const settleEvents = (): Promise<void> =>
  (waiting ??= running
    .catch(() => {})
    .then(() => {
      waiting = undefined
      running = moveAll()
      return running
    }))
