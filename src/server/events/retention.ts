// How long the audit log reaches back.
import { lt } from 'drizzle-orm'
import { config } from '../config'
import { tx } from '../db/open'
import { events } from './schema'

const dayMs = 24 * 3_600_000

/** Forgets events older than `events_lifetime` days; 0 keeps them for ever. */
export const forgetOldEvents = async (now = Date.now()): Promise<void> => {
  const days = config().events_lifetime
  if (days) await tx(async (t) => void (await t.delete(events).where(lt(events.timestamp, new Date(now - days * dayMs)))))
}

/** Forgets the whole audit log. */
export const forgetAllEvents = async (): Promise<void> => tx(async (t) => void (await t.delete(events)))
