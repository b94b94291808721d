// How long the event store reaches back.
import { lt } from 'drizzle-orm'
import { config } from '../config'
import { tx } from '../db/open'
import { eventTx } from '../db/open-events'
import { events } from './schema'
import { settleEvents } from './settle'
import { activityDays, activityHours, eventCursors, eventLog, jobMoves } from './store-schema'

const dayMs = 24 * 3_600_000

/** Start of the first day (UTC) that is kept; days are forgotten as a whole. */
const firstKept = (days: number, now: number) => new Date((Math.floor(now / dayMs) - days) * dayMs)

/** Forgets events older than `events_lifetime` days and figures older than `analytics_lifetime` days; 0 keeps them for ever. */
export const forgetOldEvents = async (now = Date.now()): Promise<void> => {
  const { events_lifetime: eventDays, analytics_lifetime: sumDays } = config()
  if (!eventDays && !sumDays) return
  // What is still in the outbox may be old as well, after a long stop.
  await settleEvents()
  await eventTx(async (t) => {
    if (eventDays) await t.delete(eventLog).where(lt(eventLog.timestamp, firstKept(eventDays, now)))
    if (!sumDays) return
    const first = firstKept(sumDays, now)
    for (const table of [activityDays, activityHours]) await t.delete(table).where(lt(table.start, first.getTime()))
    await t.delete(jobMoves).where(lt(jobMoves.time, first))
  })
}

/** Forgets all events and figures. */
export const forgetAllEvents = async (): Promise<void> => {
  await tx(async (t) => void (await t.delete(events)))
  await eventTx(async (t) => {
    for (const table of [eventLog, activityDays, activityHours, jobMoves, eventCursors]) await t.delete(table)
  })
}
