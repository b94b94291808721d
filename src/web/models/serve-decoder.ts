// The worker's side of a decoder: opens the model, remembers the embedding of a picture, and answers prompts one after the other.
import type { InferenceSession, Tensor } from 'onnxruntime-web'
import {
  chooseDecoderOutputs,
  type DecoderInput,
  feedPrompt,
  isPromptInput,
  type PromptFacts,
  readPromptedMask,
} from '../../formats/geometry/prompted-masks'
import type { Decoded, FromWorker, LookedAt, ToWorker } from './protocol'

type Ort = typeof import('onnxruntime-web')
type Opened = { session: InferenceSession; inputs: DecoderInput[] }

const views: Record<string, new (buffer: ArrayBuffer) => Tensor.DataType> = {
  float32: Float32Array,
  float16: Uint16Array,
  int64: BigInt64Array,
  int32: Int32Array,
  uint8: Uint8Array,
}
const casts: Record<string, (values: Float32Array) => Tensor.DataType> = {
  float32: (values) => values,
  int64: (values) => BigInt64Array.from(values, (value) => BigInt(Math.round(value))),
  int32: (values) => Int32Array.from(values),
}

const requireKnown = <T>(table: Record<string, T>, type: string): T => {
  const found = table[type]
  if (!found) throw new Error(`The decoder works with ${type}, which is not known`)
  return found
}

const toNumbers = (data: Tensor.DataType): Float32Array =>
  data instanceof Float32Array ? data : Float32Array.from(data as ArrayLike<number>, Number)

/** @param provider `wasm` or `webgpu` */
export const serveDecoder = (ort: Ort, provider: 'wasm' | 'webgpu') => {
  let opened: Opened | undefined
  let embedded: { tensors: Record<string, Tensor>; facts: PromptFacts } | undefined

  const open = async ({ runtime, model }: Extract<ToWorker, { do: 'open' }>) => {
    ort.env.wasm.wasmBinary = runtime
    ort.env.wasm.numThreads = 1
    ort.env.logLevel = 'fatal'
    const session = await ort.InferenceSession.create(model, { executionProviders: [provider], logSeverityLevel: 4 })
    const inputs = session.inputMetadata.flatMap((input) => (input.isTensor ? [{ ...input, shape: [...input.shape] }] : []))
    opened = { session, inputs }
  }

  const look = ({ tensors, facts }: LookedAt) => {
    const made = Object.entries(tensors).map(([name, { type, dims, data }]): [string, Tensor] => {
      const View = requireKnown(views, type)
      return [name, new ort.Tensor(type as 'float32', new View(data.buffer) as Float32Array, dims)]
    })
    embedded = { tensors: Object.fromEntries(made), facts }
  }

  const decode = async ({ prompt }: Extract<ToWorker, { do: 'decode' }>): Promise<Decoded> => {
    if (!opened || !embedded) throw new Error('No picture was looked at')
    const { session, inputs } = opened
    const fed = Object.entries(feedPrompt(inputs, prompt, embedded.facts)).map(([name, { dims, data }]): [string, Tensor] => {
      const { type } = inputs.find((input) => input.name === name)!
      return [name, new ort.Tensor(type as 'float32', requireKnown(casts, type)(data) as Float32Array, dims)]
    })
    const wanted = inputs
      .filter(({ name }) => !isPromptInput(name))
      .map(({ name }): [string, Tensor] => {
        const tensor = embedded!.tensors[name]
        if (!tensor) throw new Error(`The decoder wants ${name}, which the picture's embedding does not have`)
        return [name, tensor]
      })
    const answered = await session.run(Object.fromEntries([...wanted, ...fed]), chooseDecoderOutputs(session.outputNames))
    const outputs = Object.entries(answered).map(([name, { dims, data }]) => [name, { dims, data: toNumbers(data) }])
    return readPromptedMask(Object.fromEntries(outputs), embedded.facts)
  }

  const answer = async (message: ToWorker): Promise<FromWorker> => {
    try {
      if (message.do === 'decode') return { id: message.id, value: await decode(message) }
      if (message.do === 'open') await open(message)
      else look(message.at)
      return { id: message.id, value: null }
    } catch (error) {
      return { id: message.id, problem: error instanceof Error ? error.message : String(error) }
    }
  }

  let last: Promise<void> = Promise.resolve()
  self.onmessage = (event: MessageEvent<ToWorker>) => {
    last = last.then(async () => self.postMessage(await answer(event.data)))
  }
}
