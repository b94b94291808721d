// Computes the sums anew from the log, as far back as that reaches; older sums stay.
import { asc, gt, gte, min } from 'drizzle-orm'
import { eventTx } from '../db/open-events'
import { addSums } from './append'
import { activityDays, activityHours, eventLog, jobMoves } from './store-schema'

const dayMs = 24 * 3_600_000
const rowsAtOnce = 2000

/** All in one transaction: readers see the old sums or the new ones. */
export const rebuildSums = async (): Promise<void> => {
  await eventTx(async (t) => {
    const [first] = await t.select({ time: min(eventLog.timestamp) }).from(eventLog)
    if (!first?.time) return
    // Events are forgotten by whole days, so the first one is complete.
    const start = Math.floor(first.time.getTime() / dayMs) * dayMs
    for (const table of [activityDays, activityHours]) await t.delete(table).where(gte(table.start, start))
    await t.delete(jobMoves).where(gte(jobMoves.time, new Date(start)))
    for (let last = 0; ; ) {
      const rows = await t.select().from(eventLog).where(gt(eventLog.id, last)).orderBy(asc(eventLog.id)).limit(rowsAtOnce)
      if (!rows.length) return
      await addSums(t, rows)
      last = rows.at(-1)!.id
    }
  })
}
