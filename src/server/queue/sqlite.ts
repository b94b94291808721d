// Queue driver on a SQLite file: a chore is claimed by one statement and held by a lease that is renewed while it runs.
import { log } from '../log'
import { attempt, HandedBack, messageOf, settleWithin } from './attempt'
import { backOff, chores, lanes, maxAttempts } from './chores'
import { hasEnded, processMark } from './process-mark'
import { type Chore, type QueueDriver, type QueueStats, RetryLater } from './queue'
import { type ChoreRow, openStore, toRecord } from './sqlite-store'

export type SqliteQueueOptions = {
  /** A chore whose lease was not renewed for this long counts as abandoned. */
  leaseMs?: number
  /** How often chores added by other processes are looked for. */
  pollMs?: number
}

const forgetFinishedMs = 3_600_000
const forgetFailedMs = 7 * 24 * 3_600_000
const forgetEveryMs = 60_000

type Run = { id: string; abort: AbortController; done: Promise<void> }

export const openSqliteQueue = (file: string, { leaseMs = 30_000, pollMs = 5000 }: SqliteQueueOptions = {}): QueueDriver => {
  const { db, sql } = openStore(file)
  const mark = processMark()
  const pumps = new Set<() => void>()
  // Threads of one process tell each other about new chores; those of other processes are found by polling.
  const channel = new BroadcastChannel(`annolith-queue ${file}`)
  ;(channel as unknown as { unref: () => void }).unref()
  const wake = () => {
    for (const pump of pumps) pump()
  }
  channel.onmessage = wake

  const expireEnded = () => {
    for (const { owner } of sql.owners.all()) if (hasEnded(owner)) sql.expire.run(owner)
  }

  const forgetOld = (now: number) => sql.forget.run({ $finished: now - forgetFinishedMs, $failed: now - forgetFailedMs })

  const work: QueueDriver['work'] = async (run, { lanes: wanted, concurrency, onFailed }) => {
    const laneList = JSON.stringify(wanted)
    const running = new Map<string, Run>()
    let stopping = false
    let timer: Timer | undefined
    let forgottenAt = 0
    let lookedAt = 0
    let seenVersion = 0

    /** Whether a poll may find something: another connection has written, or leases may have run out. Costs no lock. */
    const mayHaveNew = (now: number) => {
      const version = sql.dataVersion.get()!.data_version
      const isDue = version !== seenVersion || now - lookedAt > leaseMs / 3
      seenVersion = version
      return isDue
    }

    const fail = async (chore: Chore, owner: string, error: string) => {
      const { changes } = sql.finish.run({ $id: chore.id, $owner: owner, $state: 'failed', $error: error, $now: Date.now() })
      if (changes) await onFailed?.(chore, error)
    }

    const putBack = (chore: Chore, owner: string, error: string, delayMs: number, uncounted: 0 | 1) =>
      sql.putBack.run({ $id: chore.id, $owner: owner, $error: error, $runAt: Date.now() + delayMs, $uncounted: uncounted })

    const runOne = async (chore: Chore, owner: string, abort: AbortController) => {
      if (chore.attempts > maxAttempts(chore.name)) return fail(chore, owner, `was interrupted ${chore.attempts - 1} times`)
      try {
        await attempt(run, chore, abort)
        sql.finish.run({ $id: chore.id, $owner: owner, $state: 'finished', $error: '', $now: Date.now() })
      } catch (error) {
        if (error instanceof HandedBack) putBack(chore, owner, '', 0, 1)
        else if (error instanceof RetryLater) putBack(chore, owner, error.message, error.delayMs, 1)
        else if (chore.attempts <= chores[chore.name].retries) putBack(chore, owner, messageOf(error), backOff(chore.attempts), 0)
        else await fail(chore, owner, messageOf(error))
      }
    }

    const start = (row: ChoreRow, owner: string) => {
      const { id, name, lane, payload, attempts } = toRecord(row)
      const abort = new AbortController()
      const done = runOne({ id, name, lane, payload, attempts } as Chore, owner, abort)
        .catch((error) => log().error({ err: error }, `chore ${name} ${id}`))
        .finally(() => {
          running.delete(owner)
          pump()
        })
      running.set(owner, { id, abort, done })
    }

    /** Sleeps until the next chore is due, at most one poll. */
    const rest = () => {
      const next = running.size < concurrency ? (sql.nextRun.get(laneList)?.at ?? null) : null
      const wait = next === null ? pollMs : Math.max(1, next - Date.now())
      timer = wait < pollMs ? setTimeout(pump, wait) : setTimeout(poll, pollMs)
    }

    const poll = () => guard(() => (mayHaveNew(Date.now()) ? takeAll() : rest()))
    const pump = () => guard(takeAll)

    /** A locked file or a full disk delays the queue but never ends the process. */
    const guard = (step: () => void) => {
      clearTimeout(timer)
      if (stopping) return
      try {
        step()
      } catch (error) {
        log().error(`queue: ${messageOf(error)}`)
        timer = setTimeout(pump, pollMs)
      }
    }

    const takeAll = () => {
      const now = Date.now()
      lookedAt = now
      if (now - forgottenAt > forgetEveryMs) {
        forgottenAt = now
        forgetOld(now)
      }
      while (running.size < concurrency) {
        const owner = `${mark} ${crypto.randomUUID()}`
        const row = sql.claim.get({ $now: Date.now(), $leaseMs: leaseMs, $owner: owner, $lanes: laneList })
        if (!row) break
        start(row, owner)
      }
      rest()
    }

    const renewAll = () => {
      for (const [owner, { id, abort }] of running) {
        const { changes } = sql.renew.run({ $lease: Date.now() + leaseMs, $id: id, $owner: owner })
        if (!changes) abort.abort(new HandedBack('the lease was lost'))
      }
    }
    const heartbeat = setInterval(() => {
      try {
        renewAll()
      } catch (error) {
        log().error(`queue: ${messageOf(error)}`)
      }
    }, leaseMs / 3)

    expireEnded()
    pumps.add(pump)
    pump()
    return {
      stop: async (limitMs = 3000) => {
        stopping = true
        pumps.delete(pump)
        clearTimeout(timer)
        const ended = [...running.values()].map(({ done }) => done)
        if (!(await settleWithin(ended, limitMs))) {
          for (const { abort } of running.values()) abort.abort(new HandedBack('the server is stopping'))
          await Promise.allSettled(ended)
        }
        clearInterval(heartbeat)
      },
    }
  }

  return {
    work,
    add: async (name, payload, { id, delayMs }) => {
      const now = Date.now()
      const values = { $id: id, $name: name, $lane: chores[name].lane, $payload: JSON.stringify(payload) }
      sql.add.run({ ...values, $runAt: now + delayMs, $now: now })
      wake()
      channel.postMessage('added')
    },
    get: async (id) => {
      const row = sql.get.get(id)
      return row ? toRecord(row) : undefined
    },
    cancel: async (id) => sql.cancel.run(id).changes > 0,
    stats: async (limit) => {
      const counts = Object.fromEntries(lanes.map((lane) => [lane, { waiting: 0, running: 0, failed: 0 }])) as QueueStats['lanes']
      for (const { lane, state, count } of sql.counts.all()) {
        if (state !== 'finished' && counts[lane]) counts[lane][state] = count
      }
      return { lanes: counts, recent: sql.recent.all(limit).map(toRecord) }
    },
    close: async () => {
      channel.close()
      db.close()
    },
  }
}
