// Connects the queue and the media functions to worker threads.
import { config } from '../server/config'
import { setInference } from '../server/functions/onnx/inference'
import { setOffload } from '../server/media/offload'
import type { Lane } from '../server/queue/chores'
import { type Chore, work } from '../server/queue/queue'
import { failRequest } from '../server/requests/service'
import { openInference } from './inference'
import { openPool, type ThreadPool } from './threads'

export type Workers = {
  /** Waits for what runs up to `limitMs`, then ends all threads; unfinished chores are run again later. */
  stop: (limitMs?: number) => Promise<void>
}

export type WorkersOptions = {
  lanes: readonly Lane[]
  onProgress?: (chore: Chore, progress: number, message: string) => void
}

/** Lanes whose chores may take hours: they never get all threads, so that short ones need not wait for them. */
const longLanes: readonly Lane[] = ['export', 'quality', 'consensus', 'chunks']
/** Lanes whose chores wait for other servers most of the time: one thread does several, and nobody else waits with them. */
const waitingLanes: readonly Lane[] = ['webhooks']
const waitingCallsPerThread = 8
/** Functions are waited for, too, but for hours: they have a thread of their own, so that nobody waits with them. */
const functionLanes: readonly Lane[] = ['functions']
const functionCallsPerThread = 4
/** A backup of the whole server may take hours and mostly waits for disks: it has a thread of its own, too. */
const backupLanes: readonly Lane[] = ['backups']
const mediaCallsPerThread = 6

/** The thread that does media work spends its time in native code, so one is enough for several calls. */
const openMediaPool = (): ThreadPool => {
  const pool = openPool({ size: 1, callsPerThread: mediaCallsPerThread })
  setOffload((job, onPart) => pool.run({ type: 'media', job }, { onPart }))
  return pool
}

const onFailed = async (chore: Chore, message: string) => {
  if ('requestId' in chore.payload) await failRequest(chore.payload.requestId, message)
}

/** Models run in processes; the first question starts one. */
const openModels = () => {
  const { model_processes, model_threads, model_idle } = config()
  const pool = openInference({ size: model_processes, threads: model_threads, idleMs: model_idle * 1000 })
  setInference(pool.infer)
  return pool
}

/** Starts to work on chores of some lanes, and moves media work off this thread. Threads start when there is something to do. */
export const startWorkers = async ({ lanes, onProgress }: WorkersOptions): Promise<Workers> => {
  const size = config().worker_threads
  const chorePool = openPool({ size, callsPerThread: 1 })
  const waitingPool = openPool({ size: 1, callsPerThread: waitingCallsPerThread })
  const functionPool = openPool({ size: 1, callsPerThread: functionCallsPerThread })
  const backupPool = openPool({ size: 1, callsPerThread: 1 })
  const mediaPool = openMediaPool()
  const models = openModels()
  const runIn = (pool: ThreadPool) => (chore: Chore, signal: AbortSignal) =>
    pool.run({ type: 'chore', chore }, { signal, onProgress: (progress, message) => onProgress?.(chore, progress, message) })
  const isShort = (lane: Lane) => ![longLanes, waitingLanes, functionLanes, backupLanes].some((others) => others.includes(lane))
  const groups = [
    { pool: chorePool, lanes: lanes.filter((lane) => longLanes.includes(lane)), concurrency: Math.max(1, size - 1) },
    { pool: chorePool, lanes: lanes.filter(isShort), concurrency: size },
    { pool: waitingPool, lanes: lanes.filter((lane) => waitingLanes.includes(lane)), concurrency: waitingCallsPerThread },
    { pool: functionPool, lanes: lanes.filter((lane) => functionLanes.includes(lane)), concurrency: functionCallsPerThread },
    { pool: backupPool, lanes: lanes.filter((lane) => backupLanes.includes(lane)), concurrency: 1 },
  ]
  const workings = await Promise.all(
    groups
      .filter((group) => group.lanes.length)
      .map(({ pool, lanes, concurrency }) => work(runIn(pool), { lanes, concurrency, onFailed })),
  )
  return {
    stop: async (limitMs = 1500) => {
      await Promise.all(workings.map((working) => working.stop(limitMs)))
      setOffload(undefined)
      await Promise.all([chorePool.end(), waitingPool.end(), functionPool.end(), backupPool.end(), mediaPool.end(), models.end()])
      setInference(undefined)
    },
  }
}
