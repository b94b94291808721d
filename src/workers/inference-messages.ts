// What the server and a process that runs a model say to each other; plain data only.
import type { Config } from '../server/config'
import type { Answer, Ask, ModelRef } from '../server/functions/onnx/answer'
import { ModelError } from '../server/functions/onnx/model-error'
import { MediaError } from '../server/media/task-media'

export type ToProcess =
  | { type: 'start'; config: Config; model: ModelRef; threads: number }
  | { type: 'ask'; id: number; ask: Ask }
export type FromProcess =
  | { type: 'ready' }
  | { type: 'answered'; id: number; answer: Answer }
  | { type: 'failed'; id: number; error: PlainInferenceError }

export type PlainInferenceError = { kind: 'model' | 'media' | 'other'; message: string }

export const packInferenceError = (error: unknown): PlainInferenceError => ({
  kind: error instanceof ModelError ? 'model' : error instanceof MediaError ? 'media' : 'other',
  message: error instanceof Error ? error.message : String(error),
})

export const unpackInferenceError = ({ kind, message }: PlainInferenceError): Error =>
  kind === 'model' ? new ModelError(message) : kind === 'media' ? new MediaError(message) : new Error(message)
