// The seam to where models run: the server does not know the processes, the workers put them in.
import { config } from '../../config'
import type { Answer, Ask, ModelRef, OpenModel } from './answer'

export type InferOptions = {
  signal: AbortSignal
  /** Somebody waits for it: it goes before what is done in the background. */
  isUrgent: boolean
}
/**
 * Asks a model, which is loaded when it has to be. Rejects with ModelError for what the model or its runtime refuses, with the
 * signal's reason after it was aborted, and with Error when the process that ran the model broke down.
 */
export type Infer = (model: ModelRef, ask: Ask, options: InferOptions) => Promise<Answer>

let opened: { key: string; model: Promise<OpenModel> } | undefined

/** In the calling thread, which waits meanwhile: for the command line. Keeps one model loaded. */
const inferHere: Infer = async (ref, ask, { signal }) => {
  signal.throwIfAborted()
  if (opened?.key !== ref.key) {
    await closeModel()
    const { openModel } = await import('./answer')
    opened = { key: ref.key, model: openModel(ref, config().model_threads) }
  }
  try {
    return await (await opened.model).ask(ask)
  } finally {
    signal.throwIfAborted()
  }
}

/** Forgets the model that the calling thread has loaded. */
export const closeModel = async () => {
  const last = opened
  opened = undefined
  await (await last?.model.catch(() => undefined))?.close()
}

let current: Infer = inferHere

/** From now on models are asked through `infer`; undefined asks them in the calling thread again. */
export const setInference = (infer: Infer | undefined) => {
  current = infer ?? inferHere
}

export const infer: Infer = (model, ask, options) => current(model, ask, options)
