// Entry of a worker thread: runs chores and media work that the main thread sends.
import { setConfig } from '../server/config'
import { openRelay } from './inference-relay'
import { type Call, type FromThread, packError, type ToThread } from './messages'

declare const self: { onmessage: (event: { data: ToThread }) => void; postMessage: (message: FromThread) => void }

const running = new Map<number, AbortController>()
const closers: (() => Promise<void>)[] = []
const say = (message: FromThread) => self.postMessage(message)
const relay = openRelay(say)

/** What only some threads need is loaded when the first call asks for it. */
const runCall = async (id: number, call: Call, signal: AbortSignal): Promise<void> => {
  const { onFfmpeg } = await import('../server/media/ffmpeg')
  onFfmpeg((event) => say({ type: 'child', ...event }))
  if (call.type === 'media') {
    const { runMediaJob } = await import('../server/media/jobs')
    return runMediaJob(call.job, (part) => say({ type: 'part', id, part }), signal)
  }
  const { runChore } = await import('./index')
  const { setCarrier } = await import('../server/stream/service')
  setCarrier((event) => say({ type: 'live', event }))
  const { setInference } = await import('../server/functions/onnx/inference')
  setInference(relay.infer)
  if (!closers.length) {
    closers.push((await import('../server/queue/queue')).closeQueue, (await import('../server/db/open')).closeDb)
  }
  await runChore(call.chore, { signal, report: (progress, message = '') => say({ type: 'progress', id, progress, message }) })
}

const run = async (id: number, call: Call) => {
  const abort = new AbortController()
  running.set(id, abort)
  try {
    await runCall(id, call, abort.signal)
    say({ type: 'done', id })
  } catch (error) {
    say({ type: 'failed', id, error: packError(error) })
  } finally {
    running.delete(id)
  }
}

const end = async () => {
  for (const close of closers) await close().catch(() => {})
  process.exit(0)
}

self.onmessage = ({ data }) => {
  if (data.type === 'start') setConfig(data.config)
  else if (data.type === 'call') void run(data.id, data.call)
  else if (data.type === 'abort') running.get(data.id)?.abort(new Error('was stopped'))
  else if (data.type === 'inferred') relay.take(data)
  else void end()
}
