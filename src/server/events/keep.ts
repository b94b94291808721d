// Keeps events moving while the server runs: from the outbox to the store, and on to ClickHouse. Saves never wait for either.
import { config } from '../config'
import { takeTurn } from '../queue/shared'
import type { EventSink } from './clickhouse'
import { settleEvents } from './settle'

const settleMs = 2000
const shipMs = 5000
/** Longer than a batch may take. */
const turnMs = 120_000
const longestPauseMs = 300_000
/** A stop waits no longer for a batch that is on its way: it is sent again after the start. */
const stopMs = 1000

const explain = (error: unknown) => (error instanceof Error ? error.message : String(error)).split('\n')[0]

/** Runs `work` again and again with pauses, which it answers in ms; answers what stops it and waits for the run that is under way. */
const repeat = (work: () => Promise<number>) => {
  let isStopped = false
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: Promise<void> = Promise.resolve()
  const next = (pauseMs: number) => {
    if (isStopped) return
    timer = setTimeout(() => {
      running = work().then(next)
    }, pauseMs)
  }
  next(0)
  return async () => {
    isStopped = true
    clearTimeout(timer)
    await Promise.race([running, Bun.sleep(stopMs)])
  }
}

const settle = async () => {
  await settleEvents().catch((error) => console.error(`events: ${explain(error)}`))
  return settleMs
}

/** Sends batch after batch; after a failure it waits 1 s, 2 s, 4 s … and says so once. */
const makeShip = () => {
  let sink: EventSink | undefined
  let failures = 0
  const ship = async () => {
    // One server sends at a time: batches are told apart by where the one before ended.
    if (!(await takeTurn('clickhouse', turnMs))) return shipMs
    try {
      sink ??= (await import('./clickhouse')).openClickHouse()
      const wasThereAny = await sink.ship()
      if (failures) console.log('clickhouse: it takes events again')
      failures = 0
      return wasThereAny ? 0 : shipMs
    } catch (error) {
      failures++
      if (failures === 1) console.error(`clickhouse: ${explain(error)}; trying again, events are kept meanwhile`)
      return Math.min(1000 * 2 ** (failures - 1), longestPauseMs)
    }
  }
  return { ship, close: async () => sink?.close() }
}

/** Starts both; answers what stops them. */
export const keepEventsMoving = (): (() => Promise<void>) => {
  const stops = [repeat(settle)]
  if (config().clickhouse_url) {
    const { ship, close } = makeShip()
    const stop = repeat(ship)
    stops.push(async () => {
      await stop()
      await close()
    })
  }
  return async () => void (await Promise.all(stops.map((stop) => stop())))
}
