// The only place that knows onnxruntime: opens a model and runs it.
import type { InferenceSession as OrtSession, Tensor as OrtTensor } from 'onnxruntime-node'
import { ModelError } from './model-error'
import type { ValueInfo } from './model-file'
import { type Numbers, showShape, showValue } from './tensor'

type Values = OrtTensor['data']
/** A tensor in the model's own type. */
export type RawTensor = { type: string; dims: readonly number[]; data: Values }
export type Session = {
  inputs: ValueInfo[]
  outputs: ValueInfo[]
  /** Throws ModelError with what the runtime says. */
  run: (
    feeds: Record<string, RawTensor>,
    /** Outputs that are wanted, when not all. */ wanted?: string[],
  ) => Promise<Record<string, RawTensor>>
  close: () => Promise<void>
}

/** The runtime puts its source file and line in front. */
const explain = (error: unknown) =>
  (error instanceof Error ? error.message : String(error))
    .replace(/^.*?(?:Status Message: |: FAIL : |INVALID_\w+ : )/s, '')
    .split('\n')[0]!
    .slice(0, 400)

const toValueInfo = (values: readonly OrtSession.ValueMetadata[]): ValueInfo[] =>
  values.map((value) =>
    value.isTensor
      ? { name: value.name, type: value.type, shape: [...value.shape] }
      : { name: value.name, type: 'not a tensor', shape: [] },
  )

/**
 * The runtime's JavaScript half takes halves as Float16Array where there is one, its native half reads Uint16Array only: the former
 * looks once, with its first tensor, and must not find it.
 */
const loadRuntime = async () => {
  const ort = await import('onnxruntime-node')
  const scope = globalThis as { Float16Array?: unknown }
  const halves = scope.Float16Array
  scope.Float16Array = undefined
  new ort.Tensor('float32', new Float32Array(1), [1])
  scope.Float16Array = halves
  return ort
}

/** @param threads of the runtime, for one run */
export const openSession = async (path: string, name: string, threads: number): Promise<Session> => {
  const ort = await loadRuntime()
  const session = await ort.InferenceSession.create(path, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 4,
  }).catch((error) => {
    throw new ModelError(`${name} cannot be loaded: ${explain(error)}`)
  })
  return {
    inputs: toValueInfo(session.inputMetadata),
    outputs: toValueInfo(session.outputMetadata),
    run: async (feeds, wanted) => {
      try {
        const given = Object.entries(feeds).map(([key, { type, dims, data }]) => [
          key,
          new ort.Tensor(type as 'float32', data as Float32Array, dims),
        ])
        const answered = await session.run(Object.fromEntries(given), wanted ?? session.outputNames)
        return Object.fromEntries(Object.entries(answered).map(([key, { type, dims, data }]) => [key, { type, dims, data }]))
      } catch (error) {
        throw new ModelError(`${name} failed: ${explain(error)}`)
      }
    },
    close: () => session.release(),
  }
}

const casts: Record<string, (values: Float32Array) => Values> = {
  float32: (values) => values,
  float16: (values) => new Uint16Array(new Float16Array(values).buffer),
  float64: (values) => Float64Array.from(values),
  uint8: (values) => Uint8Array.from(values, (value) => Math.min(255, Math.max(0, Math.round(value)))),
  int32: (values) => Int32Array.from(values),
  int64: (values) => BigInt64Array.from(values, (value) => BigInt(Math.round(value))),
}

/** Numbers in the type that an input wants. */
export const toFeed = ({ name, type }: Pick<ValueInfo, 'name' | 'type'>, { dims, data }: Numbers): RawTensor => {
  const cast = casts[type]
  if (!cast) throw new ModelError(`wants ${showValue({ name, type, shape: [...dims] })}, a type that is not known`)
  return { type, dims, data: cast(data) }
}

/** Numbers of an output, whatever their type. */
export const toNumbers = (name: string, { type, dims, data }: RawTensor): Numbers => {
  if (data instanceof Float32Array) return { dims, data }
  if (type === 'float16' && data instanceof Uint16Array)
    return { dims, data: new Float32Array(new Float16Array(data.buffer as ArrayBuffer, data.byteOffset, data.length)) }
  if (type === 'string') throw new ModelError(`gave texts for ${name} ${showShape(dims)}`)
  return { dims, data: Float32Array.from(data as unknown as ArrayLike<number>, Number) }
}
