// A pool of worker threads: started when there is work, ended when idle, replaced when one dies.
import { config } from '../server/config'
import { publish } from '../server/stream/service'
import { openSwitchboard, type Switchboard } from './inference-relay'
import { type Call, type FromThread, type ToThread, unpackError } from './messages'

export type PoolOptions = {
  /** Most threads. */
  size: number
  /** Calls that one thread works on at the same time. */
  callsPerThread: number
  /** An idle thread is ended after this long, which frees its memory. */
  idleMs?: number
  /** How long an aborted call may take to stop before its thread is ended by force. */
  graceMs?: number
  start?: () => Worker
}

export type CallEvents = {
  signal?: AbortSignal
  onPart?: (part: number) => void
  onProgress?: (progress: number, message: string) => void
}

type Pending = { call: Call; events: CallEvents; resolve: () => void; reject: (error: Error) => void }
type Thread = {
  worker: Worker
  calls: Map<number, Pending>
  children: Set<number>
  models: Switchboard
  idle?: Timer
  ended: boolean
}

const startThread = () =>
  new Worker(new URL('./thread.ts', import.meta.url).href, { env: { ...process.env, ANNOLITH_THREAD: '1' } } as WorkerOptions)

export type ThreadPool = {
  run: (call: Call, events?: CallEvents) => Promise<void>
  /** Threads that are alive. */
  count: () => number
  /** Ends all threads; calls that still run fail. */
  end: () => Promise<void>
}

export const openPool = ({
  size,
  callsPerThread,
  idleMs = 30_000,
  graceMs = 1000,
  start = startThread,
}: PoolOptions): ThreadPool => {
  const threads = new Set<Thread>()
  const waiting: Pending[] = []
  let nextId = 1
  const tell = ({ worker }: Thread, message: ToThread) => worker.postMessage(message)

  /** Forgets a thread, fails its calls and ends the programs it has started, which would outlive it. */
  const drop = (thread: Thread, why: string) => {
    if (thread.ended) return
    thread.ended = true
    threads.delete(thread)
    clearTimeout(thread.idle)
    thread.worker.terminate()
    thread.models.close()
    for (const pid of thread.children) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {}
    }
    for (const { reject, events } of thread.calls.values()) {
      reject(events.signal?.aborted && events.signal.reason instanceof Error ? events.signal.reason : new Error(why))
    }
    thread.calls.clear()
    pump()
  }

  const settle = (thread: Thread, id: number, finish: (pending: Pending) => void) => {
    const pending = thread.calls.get(id)
    if (!pending) return
    thread.calls.delete(id)
    finish(pending)
    if (!thread.calls.size) thread.idle = setTimeout(() => retire(thread), idleMs)
    pump()
  }

  const handle = (thread: Thread, message: FromThread) => {
    if (message.type === 'part') thread.calls.get(message.id)?.events.onPart?.(message.part)
    else if (message.type === 'progress') thread.calls.get(message.id)?.events.onProgress?.(message.progress, message.message)
    else if (message.type === 'done') settle(thread, message.id, ({ resolve }) => resolve())
    else if (message.type === 'failed') settle(thread, message.id, ({ reject }) => reject(unpackError(message.error)))
    else if (message.type === 'live') publish(message.event)
    else if (message.type === 'infer') thread.models.ask(message)
    else if (message.type === 'forget') thread.models.forget(message.id)
    else {
      if (message.started) thread.children.add(message.started)
      if (message.ended) thread.children.delete(message.ended)
    }
  }

  const spawn = (): Thread => {
    const worker = start()
    const models = openSwitchboard((message) => worker.postMessage(message))
    const thread: Thread = { worker, calls: new Map(), children: new Set(), models, ended: false }
    threads.add(thread)
    worker.onmessage = ({ data }) => handle(thread, data as FromThread)
    worker.onerror = ({ message }) => drop(thread, `a worker thread failed: ${message}`)
    worker.addEventListener('close', () => drop(thread, 'a worker thread ended unexpectedly'))
    tell(thread, { type: 'start', config: config() })
    return thread
  }

  /** Lets an idle thread close its databases and end; by force when it does not. */
  const retire = (thread: Thread): Promise<void> => {
    threads.delete(thread)
    const closed = new Promise<void>((resolve) => thread.worker.addEventListener('close', () => resolve(), { once: true }))
    tell(thread, { type: 'end' })
    const force = setTimeout(() => drop(thread, 'the thread was ended'), graceMs)
    return closed.then(() => clearTimeout(force))
  }

  const give = (thread: Thread, pending: Pending) => {
    const id = nextId++
    const { call, events } = pending
    clearTimeout(thread.idle)
    thread.calls.set(id, pending)
    tell(thread, { type: 'call', id, call })
    events.signal?.addEventListener(
      'abort',
      () => {
        if (!thread.calls.has(id)) return
        tell(thread, { type: 'abort', id })
        setTimeout(() => thread.calls.has(id) && drop(thread, 'was stopped'), graceMs)
      },
      { once: true },
    )
  }

  /** An idle thread, else a new one, else the least busy that has room. */
  const choose = (): Thread | undefined => {
    const free = [...threads].filter(({ calls }) => calls.size < callsPerThread).sort((a, b) => a.calls.size - b.calls.size)[0]
    return free?.calls.size === 0 || threads.size >= size ? free : spawn()
  }

  const pump = () => {
    while (waiting.length) {
      const thread = choose()
      if (!thread) return
      const pending = waiting.shift()!
      if (pending.events.signal?.aborted) pending.reject(new Error('was stopped'))
      else give(thread, pending)
    }
  }

  return {
    run: (call, events = {}) =>
      new Promise((resolve, reject) => {
        waiting.push({ call, events, resolve, reject })
        pump()
      }),
    count: () => threads.size,
    end: async () => {
      for (const { reject } of waiting.splice(0)) reject(new Error('the server is stopping'))
      const [busy, idle] = [[...threads].filter(({ calls }) => calls.size), [...threads].filter(({ calls }) => !calls.size)]
      for (const thread of busy) drop(thread, 'the server is stopping')
      for (const thread of idle) clearTimeout(thread.idle)
      await Promise.all(idle.map(retire))
    },
  }
}
