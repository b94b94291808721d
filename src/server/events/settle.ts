// Moves events from the outbox of the main database to the event store.
import { asc } from 'drizzle-orm'
import { isAmong } from '../db/dialect'
import { db, tx } from '../db/open'
import { eventTx } from '../db/open-events'
import { appendEvents } from './append'
import { events } from './schema'

const rowsAtOnce = 2000

/**
 * Two transactions, for these may be two databases. A crash between them leaves rows in both places; they are then recognized by
 * their number and time, and neither written nor counted a second time.
 */
const moveOnce = async (): Promise<number> => {
  const rows = await db.select().from(events).orderBy(asc(events.id)).limit(rowsAtOnce)
  if (!rows.length) return 0
  const keptDate = new Date()
  await eventTx((t) =>
    appendEvents(
      t,
      rows.map(({ id, ...row }) => ({ ...row, outboxId: id, keptDate })),
    ),
  )
  const ids = rows.map(({ id }) => id)
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
