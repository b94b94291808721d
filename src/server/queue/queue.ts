// The contract of background work: add, get, cancel, work, stats. Redis when REDIS_URL is set, else a SQLite file.
import { config } from '../config'
import type { ChoreName, ChorePayload, Lane } from './chores'
import { closeShared } from './shared'

export type ChoreState = 'waiting' | 'running' | 'failed' | 'finished'

/** What a handler is given. */
export type Chore<N extends ChoreName = ChoreName> = {
  [K in N]: { id: string; name: K; lane: Lane; payload: ChorePayload<K> /** 1 on the first run. */; attempts: number }
}[N]

/** What is known about a chore. */
export type ChoreRecord = {
  id: string
  name: ChoreName
  lane: Lane
  payload: unknown
  state: ChoreState
  attempts: number
  /** Message of the last error, else ''. */
  error: string
  createdAt: Date
  startedAt: Date | null
  finishedAt: Date | null
}

export type LaneCounts = { waiting: number; running: number; failed: number }
export type QueueStats = { lanes: Record<Lane, LaneCounts> /** Newest first. */; recent: ChoreRecord[] }

export type AddOptions = {
  /** Adding the same id again does nothing, unless that chore has failed: then it is tried again. Default: random. */
  id?: string
  /** Do not start earlier than this many ms from now. */
  delayMs?: number
}

export type WorkOptions = {
  lanes: readonly Lane[]
  /** Chores run at the same time. */
  concurrency: number
  /** Called once when a chore is given up, with the message of its last error. */
  onFailed?: (chore: Chore, message: string) => void | Promise<void>
}

/** Runs one chore; must end soon after `signal` is aborted (time limit, lost lease or stop). */
export type RunChore = (chore: Chore, signal: AbortSignal) => Promise<void>

/** `stop` takes no new chores, waits for the running ones up to `limitMs` (default 3000), then hands them back to be run again. */
export type Working = { stop: (limitMs?: number) => Promise<void> }

export type QueueDriver = {
  add(name: ChoreName, payload: unknown, options: { id: string; delayMs: number }): Promise<void>
  get(id: string): Promise<ChoreRecord | undefined>
  cancel(id: string): Promise<boolean>
  work(run: RunChore, options: WorkOptions): Promise<Working>
  stats(limit: number): Promise<QueueStats>
  close(): Promise<void>
}

/** Thrown by a handler to be run again after `delayMs`, without counting as an attempt. */
export class RetryLater extends Error {
  constructor(
    readonly delayMs: number,
    message = 'will be tried again later',
  ) {
    super(message)
  }
}

let opening: Promise<QueueDriver> | undefined

const driver = () =>
  (opening ??= config().redisUrl
    ? import('./bullmq').then((m) => m.openBullmq(config().redisUrl))
    : import('./sqlite').then((m) => m.openSqliteQueue(`${config().dataDir}/queue.db`)))

/** Adds a chore and answers its id. Safe to repeat with the same id. */
export const add = async <N extends ChoreName>(name: N, payload: ChorePayload<N>, options: AddOptions = {}): Promise<string> => {
  const id = options.id ?? crypto.randomUUID()
  await (await driver()).add(name, payload, { id, delayMs: options.delayMs ?? 0 })
  return id
}

/** Undefined when there was none or it finished long ago. */
export const get = async (id: string) => (await driver()).get(id)

/** Takes a chore out of the queue while it still waits; answers whether it did. */
export const cancel = async (id: string): Promise<boolean> => (await driver()).cancel(id)

/** Runs chores of some lanes until stopped. */
export const work = async (run: RunChore, options: WorkOptions): Promise<Working> => (await driver()).work(run, options)

/** Counts per lane and the newest chores, for the consoles. */
export const stats = async (limit = 50): Promise<QueueStats> => (await driver()).stats(limit)

export const closeQueue = async () => {
  const open = opening
  opening = undefined
  await (await open)?.close()
  await closeShared()
}
