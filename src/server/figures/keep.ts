// Writes down every minute what this server counted, and forgets what is older than a day.
import { hostname } from 'node:os'
import { eq, lt } from 'drizzle-orm'
import { config } from '../config'
import { eventTx } from '../db/open-events'
import { log } from '../log'
import { collectFigures, type Figures, type Totals } from './collect'
import { serverSamples } from './schema'

const minuteMs = 60_000
export const keptMs = 24 * 60 * minuteMs

/** This server among others. */
export const nameServer = () => `${hostname()}:${config().port}`

let last: Totals | undefined

/** What happened since the last sample, not kept. */
export const lookNow = async (): Promise<{ at: number; figures: Figures }> => {
  const { figures, totals } = await collectFigures(last)
  return { at: totals.at, figures }
}

/** Keeps one sample, of the time since the one before. */
export const keepSample = async (now = Date.now()): Promise<void> => {
  const { figures, totals } = await collectFigures(last, now)
  last = totals
  const server = nameServer()
  const key = `${server} ${now}`
  await eventTx(async (t) => {
    await t.delete(serverSamples).where(eq(serverSamples.key, key))
    await t.insert(serverSamples).values({ key, server, at: now, figures })
    await t.delete(serverSamples).where(lt(serverSamples.at, now - keptMs))
  })
}

/** Begins to keep samples; answers what ends it. */
export const keepSamples = (): (() => void) => {
  const keep = () => void keepSample().catch((error) => log().error({ err: error }, 'the figures of this minute are lost'))
  // The first span begins with the start.
  const first = setTimeout(() => {
    collectFigures()
      .then(({ totals }) => {
        last ??= totals
      })
      .catch(() => {})
  }, 0)
  const timer = setInterval(keep, minuteMs)
  return () => {
    clearTimeout(first)
    clearInterval(timer)
  }
}
