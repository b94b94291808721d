// What the audit log tells about the last weeks, in numbers.
import { count, countDistinct, desc, gte } from 'drizzle-orm'
import { eventDb as db } from '../db/open-events'
import { settleEvents } from './settle'
import { eventLog as events } from './store-schema'

const dayMs = 24 * 3_600_000

/** The commonest events of the last `days` days with how many people caused them, and the newest events. */
export const summarizeEvents = async (days: number, now = Date.now()) => {
  await settleEvents()
  const where = gte(events.timestamp, new Date(now - days * dayMs))
  const n = count()
  const scopes = await db
    .select({ scope: events.scope, events: n, people: countDistinct(events.userId) })
    .from(events)
    .where(where)
    .groupBy(events.scope)
    .orderBy(desc(n))
    .limit(50)
  const newest = await db.select().from(events).where(where).orderBy(desc(events.id)).limit(50)
  return { scopes, newest }
}
