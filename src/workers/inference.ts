// Runs models in processes of their own, one model each: started when asked, ended when idle, killed when they do not end.
// Not in threads: a thread that is ended while the runtime computes takes the whole program down with it (decision 012).
import { join } from 'node:path'
import type { Subprocess } from 'bun'
import { config } from '../server/config'
import type { Answer, Ask, ModelRef } from '../server/functions/onnx/answer'
import type { Infer, InferOptions } from '../server/functions/onnx/inference'
import { type FromProcess, type ToProcess, unpackInferenceError } from './inference-messages'

export type InferenceOptions = {
  /** Most processes, and so most models that are loaded at the same time. */
  size: number
  /** Threads of each. */
  threads: number
  /** A process that is not asked for so long is ended. */
  idleMs: number
  /** How long a process may go on with what nobody waits for any more. */
  graceMs?: number
  command?: string[]
}
export type InferencePool = {
  infer: Infer
  /** Process ids of those that are alive. */
  pids: () => number[]
  /** Ends all processes; what still runs fails. */
  end: () => Promise<void>
}

type Pending = {
  model: ModelRef
  ask: Ask
  isUrgent: boolean
  signal: AbortSignal
  resolve: (answer: Answer) => void
  reject: (error: Error) => void
}
type Running = Pending & { id: number; isForgotten?: boolean }
type Holder = { child: Subprocess; key: string; name: string; running?: Running; idle?: Timer; kill?: Timer; usedAt: number }

/** Inside the executable a command of its own starts it, else the file does. */
const ownCommand = () =>
  import.meta.dir.startsWith('/$bunfs')
    ? [process.execPath, 'infer']
    : [process.execPath, join(import.meta.dir, 'inference-process.ts')]

const reasonOf = ({ reason }: AbortSignal) => (reason instanceof Error ? reason : new Error('was stopped'))

export const openInference = ({
  size,
  threads,
  idleMs,
  graceMs = 3000,
  command = ownCommand(),
}: InferenceOptions): InferencePool => {
  const holders = new Set<Holder>()
  const waiting: Pending[] = []
  let nextId = 1
  let isEnding = false
  /** A process that has just died takes no message: its question fails like those of one that dies later. */
  const tell = (holder: Holder, message: ToProcess) => {
    try {
      holder.child.send(message)
    } catch {
      queueMicrotask(() => holders.has(holder) && drop(holder, 'the process that ran the model is gone'))
    }
  }

  const drop = (holder: Holder, why: string) => {
    holders.delete(holder)
    clearTimeout(holder.idle)
    clearTimeout(holder.kill)
    holder.child.kill('SIGKILL')
    const { running } = holder
    holder.running = undefined
    if (running && !running.isForgotten) running.reject(new Error(`${holder.name}: ${why}`))
    pump()
  }

  const settle = (holder: Holder, id: number, finish: (running: Running) => void) => {
    const { running } = holder
    if (running?.id !== id) return
    clearTimeout(holder.kill)
    holder.running = undefined
    holder.usedAt = performance.now()
    if (!running.isForgotten) finish(running)
    holder.idle = setTimeout(() => drop(holder, 'the model was unloaded'), idleMs)
    pump()
  }

  const handle = (holder: Holder, message: FromProcess) => {
    if (message.type === 'answered') settle(holder, message.id, ({ resolve }) => resolve(message.answer))
    else if (message.type === 'failed') settle(holder, message.id, ({ reject }) => reject(unpackInferenceError(message.error)))
  }

  const start = (model: ModelRef): Holder => {
    const holder = { key: model.key, name: model.name, usedAt: performance.now() } as Holder
    holder.child = Bun.spawn(command, {
      stdin: 'ignore',
      stdout: 'ignore',
      stderr: config().log === 'debug' ? 'inherit' : 'ignore',
      serialization: 'advanced',
      // Ours cannot send usage data; should another one be put in its place, it is told not to.
      env: { ...process.env, ORT_DISABLE_TELEMETRY: '1' },
      ipc: (message) => handle(holder, message as FromProcess),
      onExit: (_child, code, signal) => {
        if (holders.has(holder)) drop(holder, `the process that ran the model ended unexpectedly (${signal ?? code})`)
      },
    })
    holders.add(holder)
    tell(holder, { type: 'start', config: config(), model, threads })
    return holder
  }

  /** After an abort the answer is not waited for; the model stays loaded when it ends soon. */
  const forget = (holder: Holder, running: Running) => {
    running.isForgotten = true
    running.reject(reasonOf(running.signal))
    holder.kill = setTimeout(() => drop(holder, 'was stopped'), graceMs)
  }

  const give = (holder: Holder, pending: Pending) => {
    const running: Running = { ...pending, id: nextId++ }
    clearTimeout(holder.idle)
    holder.running = running
    tell(holder, { type: 'ask', id: running.id, ask: running.ask })
    pending.signal.addEventListener('abort', () => holder.running === running && forget(holder, running), { once: true })
  }

  /** The process of the model when it is free; a new one when there is none and room, or somebody else's that is not needed. */
  const choose = ({ model }: Pending): Holder | undefined => {
    const own = [...holders].find(({ key }) => key === model.key)
    if (own) return own.running ? undefined : own
    if (holders.size < size) return start(model)
    const wanted = new Set(waiting.map((pending) => pending.model.key))
    const [spare] = [...holders].filter(({ running, key }) => !running && !wanted.has(key)).sort((a, b) => a.usedAt - b.usedAt)
    if (!spare) return undefined
    holders.delete(spare)
    clearTimeout(spare.idle)
    spare.child.kill('SIGKILL')
    return start(model)
  }

  const pump = () => {
    if (isEnding) return
    for (const pending of waiting.toSorted((a, b) => Number(b.isUrgent) - Number(a.isUrgent))) {
      try {
        const holder = choose(pending)
        if (!holder) continue
        waiting.splice(waiting.indexOf(pending), 1)
        give(holder, pending)
      } catch (error) {
        waiting.splice(waiting.indexOf(pending), 1)
        pending.reject(new Error(`${pending.model.name}: no process could be started (${(error as Error).message})`))
      }
    }
  }

  const infer = (model: ModelRef, ask: Ask, { signal, isUrgent }: InferOptions) =>
    new Promise<Answer>((resolve, reject) => {
      if (isEnding) return reject(new Error('the server is stopping'))
      if (signal.aborted) return reject(reasonOf(signal))
      const pending: Pending = { model, ask, isUrgent, signal, resolve, reject }
      waiting.push(pending)
      const leave = () => {
        const at = waiting.indexOf(pending)
        if (at < 0) return
        waiting.splice(at, 1)
        reject(reasonOf(signal))
      }
      signal.addEventListener('abort', leave, { once: true })
      pump()
    })

  return {
    infer,
    pids: () => [...holders].map(({ child }) => child.pid),
    end: async () => {
      isEnding = true
      for (const { reject } of waiting.splice(0)) reject(new Error('the server is stopping'))
      const all = [...holders]
      for (const holder of all) drop(holder, 'the server is stopping')
      await Promise.all(all.map(({ child }) => child.exited))
    },
  }
}
