// The process that runs one model: what it loads and holds is gone with it, and it can be ended at any time.
import { writeFileSync } from 'node:fs'
import { setPriority } from 'node:os'
import { setConfig } from '../server/config'
import type { OpenModel } from '../server/functions/onnx/answer'
import { type FromProcess, packInferenceError, type ToProcess } from './inference-messages'

/** People who annotate go before models that annotate. */
const niceness = 10
/** Linux ends this process, not the server, when memory runs out. */
const outOfMemoryScore = '800'

const say = (message: FromProcess) => process.send?.(message)

/** Answers the process that has started this one, until that ends or ends it. */
export const runInferenceProcess = () => {
  try {
    setPriority(0, niceness)
    writeFileSync('/proc/self/oom_score_adj', outOfMemoryScore)
  } catch {}
  let model: Promise<OpenModel> | undefined
  const answer = async (message: ToProcess) => {
    if (message.type === 'start') {
      setConfig(message.config)
      const { openModel } = await import('../server/functions/onnx/answer')
      model = openModel(message.model, message.threads)
      model.catch(() => {})
      return
    }
    const { id, ask } = message
    try {
      if (!model) throw new Error('no model was named')
      say({ type: 'answered', id, answer: await (await model).ask(ask) })
    } catch (error) {
      say({ type: 'failed', id, error: packInferenceError(error) })
    }
  }
  let last: Promise<void> = Promise.resolve()
  process.on('message', (message) => {
    last = last.then(() => answer(message as ToProcess))
  })
  process.on('disconnect', () => process.exit(0))
  say({ type: 'ready' })
}

if (import.meta.main && !import.meta.dir.startsWith('/$bunfs')) runInferenceProcess()
