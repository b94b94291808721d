// Queue driver on Redis for several hosts: one BullMQ queue per lane. Loaded only when REDIS_URL is set.

import { DelayedError, type Job, Queue, WaitingError, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { log } from '../log'
import { attempt, HandedBack, messageOf, settleWithin } from './attempt'
import { backOff, type ChoreName, chores, type Lane, lanes, maxAttempts } from './chores'
import { type Chore, type ChoreRecord, type ChoreState, type QueueDriver, type QueueStats, RetryLater } from './queue'

export type BullmqOptions = {
  /** A chore whose lock was not renewed for this long counts as abandoned. */
  leaseMs?: number
  prefix?: string
}

/**
 * A killed process holds its chores until its lease is over, so the lease is what people wait for. Whoever lives renews it every
 * second and a half on its main thread, where no chore runs: four misses in a row mean that it is gone, or that Redis was away, and
 * then what runs here is stopped before another host begins it (see `lockRenewalFailed`).
 */
const usualLeaseMs = 6000
/** How often somebody looks for leases that are over: one call per lane, whichever host asks first. */
const lookMs = 2000

const keepFinished = { age: 3600, count: 1000 }
const keepFailed = { age: 7 * 24 * 3600, count: 5000 }

// BullMQ builds Redis keys with colons and refuses ids that are whole numbers.
const toJobId = (id: string) => `c-${encodeURIComponent(id)}`
const fromJobId = (jobId: string) => decodeURIComponent(jobId.slice(2))

const stateNames: Record<string, ChoreState> = { active: 'running', completed: 'finished', failed: 'failed' }
const dateOf = (ms: number | undefined) => (ms ? new Date(ms) : null)
const attemptsOf = (job: Job) => job.attemptsMade + (job.stalledCounter ?? 0)

// What BullMQ says when a chore was cut off too often.
const failureOf = (error: unknown) => (/^job stalled/.test(messageOf(error)) ? 'was interrupted too often' : messageOf(error))

const toRecord = (job: Job, lane: Lane, state: string): ChoreRecord => ({
  id: fromJobId(job.id!),
  name: job.name as ChoreName,
  lane,
  payload: job.data,
  state: stateNames[state] ?? 'waiting',
  attempts: job.attemptsStarted,
  error: job.failedReason ?? '',
  createdAt: new Date(job.timestamp),
  startedAt: dateOf(job.processedOn),
  finishedAt: dateOf(job.finishedOn),
})

/** Lets at most `size` callers in at a time. */
const openGate = (size: number) => {
  const waiting: (() => void)[] = []
  let free = size
  return {
    enter: async () => {
      if (free > 0) free--
      else await new Promise<void>((resolve) => waiting.push(resolve))
    },
    leave: () => {
      const next = waiting.shift()
      if (next) next()
      else free++
    },
  }
}

export const openBullmq = async (
  url: string,
  { leaseMs = usualLeaseMs, prefix = 'annolith' }: BullmqOptions = {},
): Promise<QueueDriver> => {
  const connect = (maxRetriesPerRequest: number | null) => {
    const connection = new Redis(url, { maxRetriesPerRequest })
    connection.on('error', (error) => log().error(`redis: ${messageOf(error)}`))
    connections.push(connection)
    return connection
  }
  const connections: Redis[] = []
  // Whoever adds a chore is told after some seconds that Redis is away; workers wait for it.
  const connection = connect(5)
  const queues = new Map(lanes.map((lane) => [lane, new Queue(lane, { connection, prefix, skipWaitingForReady: true })]))
  for (const queue of queues.values()) queue.on('error', () => {})
  const queueOf = (lane: Lane) => queues.get(lane)!

  const find = async (id: string) => {
    const jobs = await Promise.all(lanes.map(async (lane) => ({ lane, job: await queueOf(lane).getJob(toJobId(id)) })))
    return jobs.find(({ job }) => job) as { lane: Lane; job: Job } | undefined
  }

  const work: QueueDriver['work'] = async (run, { lanes: wanted, concurrency, onFailed }) => {
    const gate = openGate(concurrency)
    const running = new Map<string, AbortController>()
    let stopping = false

    const process = (lane: Lane) => async (job: Job, token?: string) => {
      const abort = new AbortController()
      running.set(job.id!, abort)
      await gate.enter()
      try {
        if (stopping) throw new HandedBack('the server is stopping')
        const chore = { id: fromJobId(job.id!), name: job.name, lane, payload: job.data, attempts: attemptsOf(job) + 1 } as Chore
        await attempt(run, chore, abort)
      } catch (error) {
        if (error instanceof HandedBack) {
          await job.moveToWait(token)
          throw new WaitingError()
        }
        if (error instanceof RetryLater) {
          await job.moveToDelayed(Date.now() + error.delayMs, token)
          throw new DelayedError()
        }
        throw error instanceof Error ? error : new Error(messageOf(error))
      } finally {
        if (running.get(job.id!) === abort) running.delete(job.id!)
        gate.leave()
      }
    }

    const connection = connect(null)
    const workers = wanted.map((lane) => {
      const worker = new Worker(lane, process(lane), {
        connection,
        prefix,
        concurrency,
        lockDuration: leaseMs,
        lockRenewTime: leaseMs / 4,
        stalledInterval: Math.min(leaseMs, lookMs),
        maxStalledCount: maxAttempts('cleanup') - 1,
        removeOnComplete: keepFinished,
        removeOnFail: keepFailed,
        settings: { backoffStrategy: (attemptsMade: number) => backOff(attemptsMade) },
      })
      worker.on('error', (error) => log().error(`queue ${lane}: ${messageOf(error)}`))
      worker.on('lockRenewalFailed', (ids) => {
        for (const id of ids) running.get(id)?.abort(new Error('another worker has taken the chore over'))
      })
      worker.on('failed', async (job, error) => {
        if (!job?.finishedOn) return
        const chore = { id: fromJobId(job.id!), name: job.name, lane, payload: job.data, attempts: attemptsOf(job) } as Chore
        await Promise.resolve(onFailed?.(chore, failureOf(error))).catch((e) => log().error(`chore ${chore.id}: ${messageOf(e)}`))
      })
      return worker
    })
    await Promise.all(workers.map((worker) => worker.waitUntilReady()))

    return {
      stop: async (limitMs = 3000) => {
        stopping = true
        const closed = workers.map((worker) => worker.close())
        if (!(await settleWithin(closed, limitMs))) {
          for (const abort of running.values()) abort.abort(new HandedBack('the server is stopping'))
          await Promise.allSettled(closed)
        }
      },
    }
  }

  return {
    work,
    add: async (name, payload, { id, delayMs }) => {
      const { lane, retries } = chores[name]
      const known = await queueOf(lane).getJob(toJobId(id))
      if (known && (await known.isFailed())) {
        await known.updateData(payload)
        return known.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true })
      }
      if (known) return
      const options = { jobId: toJobId(id), delay: delayMs, attempts: retries + 1, backoff: { type: 'custom' } }
      await queueOf(lane).add(name, payload, { ...options, removeOnComplete: keepFinished, removeOnFail: keepFailed })
    },
    get: async (id) => {
      const found = await find(id)
      return found && toRecord(found.job, found.lane, await found.job.getState())
    },
    cancel: async (id) => {
      const found = await find(id)
      if (!found || (stateNames[await found.job.getState()] ?? 'waiting') !== 'waiting') return false
      // A worker may take it between the question and the removal, which then throws.
      return found.job.remove().then(
        () => true,
        () => false,
      )
    },
    stats: async (limit) => {
      const counts = {} as QueueStats['lanes']
      const recent: ChoreRecord[] = []
      for (const [lane, queue] of queues) {
        const count = await queue.getJobCounts('waiting', 'delayed', 'prioritized', 'active', 'failed')
        const sum = (...names: string[]) => names.reduce((total, name) => total + (count[name] ?? 0), 0)
        counts[lane] = { waiting: sum('waiting', 'delayed', 'prioritized'), running: sum('active'), failed: sum('failed') }
        for (const state of ['active', 'waiting', 'delayed', 'failed', 'completed'] as const) {
          for (const job of await queue.getJobs([state], 0, limit - 1)) if (job) recent.push(toRecord(job, lane, state))
        }
      }
      recent.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime())
      return { lanes: counts, recent: recent.slice(0, limit) }
    },
    close: async () => {
      await Promise.all([...queues.values()].map((queue) => queue.close()))
      for (const connection of connections) connection.disconnect()
    },
  }
}
