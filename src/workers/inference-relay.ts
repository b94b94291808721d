// Questions of a worker thread to models: they go through the main thread, so that all threads share the processes.
import { type Infer, infer } from '../server/functions/onnx/inference'
import { packInferenceError, unpackInferenceError } from './inference-messages'
import type { FromThread, ToThread } from './messages'

type Asked = Extract<FromThread, { type: 'infer' }>
type Inferred = Extract<ToThread, { type: 'inferred' }>

/** The thread's side: what asks, and what takes the answers in. */
export const openRelay = (say: (message: FromThread) => void): { infer: Infer; take: (message: Inferred) => void } => {
  const open = new Map<number, (message: Inferred) => void>()
  let nextId = 1
  return {
    infer: (model, ask, { signal, isUrgent }) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason)
        const id = nextId++
        const leave = () => {
          open.delete(id)
          say({ type: 'forget', id })
          reject(signal.reason)
        }
        signal.addEventListener('abort', leave, { once: true })
        open.set(id, ({ answer, error }) => {
          signal.removeEventListener('abort', leave)
          if (answer) resolve(answer)
          else reject(error ? unpackInferenceError(error) : new Error('the model gave no answer'))
        })
        say({ type: 'infer', id, model, ask, isUrgent })
      }),
    take: (message) => {
      const settle = open.get(message.id)
      open.delete(message.id)
      settle?.(message)
    },
  }
}

export type Switchboard = { ask: (message: Asked) => void; forget: (id: number) => void; close: () => void }

/** The main thread's side, one for each thread. */
export const openSwitchboard = (tell: (message: ToThread) => void): Switchboard => {
  const open = new Map<number, AbortController>()
  return {
    ask: async ({ id, model, ask, isUrgent }) => {
      const abort = new AbortController()
      open.set(id, abort)
      const answered: Inferred = await infer(model, ask, { signal: abort.signal, isUrgent }).then(
        (answer) => ({ type: 'inferred', id, answer }),
        (error) => ({ type: 'inferred', id, error: packInferenceError(error) }),
      )
      if (open.delete(id) && !abort.signal.aborted) tell(answered)
    },
    forget: (id) => open.get(id)?.abort(new Error('was stopped')),
    close: () => {
      for (const abort of open.values()) abort.abort(new Error('the thread ended'))
      open.clear()
    },
  }
}
