// What the main thread and its worker threads say to each other; plain data only.
import type { Config } from '../server/config'
import { isConnectionLost } from '../server/db/is-connection-lost'
import type { Answer, Ask, ModelRef } from '../server/functions/onnx/answer'
import type { MediaJob } from '../server/media/jobs'
import { MediaError } from '../server/media/task-media'
import { type Chore, RetryLater } from '../server/queue/queue'
import type { LiveEvent } from '../server/stream/service'
import type { PlainInferenceError } from './inference-messages'

export type Call = { type: 'chore'; chore: Chore } | { type: 'media'; job: MediaJob }

export type ToThread =
  | { type: 'start'; config: Config }
  | { type: 'call'; id: number; call: Call }
  | { type: 'abort'; id: number }
  /** Of a question that the thread has put to a model. */
  | { type: 'inferred'; id: number; answer?: Answer; error?: PlainInferenceError }
  /** Close what is open and end. */
  | { type: 'end' }

export type FromThread =
  | { type: 'part'; id: number; part: number }
  | { type: 'progress'; id: number; progress: number; message: string }
  | { type: 'done'; id: number }
  /** A question to a model, which the main thread has asked; and that its answer is not waited for any more. */
  | { type: 'infer'; id: number; model: ModelRef; ask: Ask; isUrgent: boolean }
  | { type: 'forget'; id: number }
  /** What the thread tells those who watch. */
  | { type: 'live'; event: LiveEvent }
  | { type: 'failed'; id: number; error: PlainError }
  /** Process ids of programs that the thread has started and that have ended. */
  | { type: 'child'; started?: number; ended?: number }

export type PlainError = { kind: 'media' | 'retry' | 'other'; message: string; delayMs: number }

/** A database that is away may be back soon, and no chore is given up for it. */
const databaseAwayMs = 2000

/** Errors lose their class between threads; these are the classes that someone asks for. */
export const packError = (error: unknown): PlainError => {
  const message = error instanceof Error ? error.message : String(error)
  if (isConnectionLost(error)) return { kind: 'retry', message, delayMs: databaseAwayMs }
  if (error instanceof RetryLater) return { kind: 'retry', message, delayMs: error.delayMs }
  return { kind: error instanceof MediaError ? 'media' : 'other', message, delayMs: 0 }
}

export const unpackError = ({ kind, message, delayMs }: PlainError): Error => {
  if (kind === 'media') return new MediaError(message)
  return kind === 'retry' ? new RetryLater(delayMs, message) : new Error(message)
}
