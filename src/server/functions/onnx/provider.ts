// Models that lie in the folder of models as functions.
import { MediaError } from '../../media/task-media'
import { type Answers, type CallName, FunctionError, type FunctionInfo, type Provider } from '../contract'
import type { Ask, Picture } from './answer'
import { currentOf, findModel, type GoodVersion, isGood, listModels, type Model } from './catalogue'
import { infer } from './inference'
import { ModelError } from './model-error'
import { kindOfFamily } from './spec'

/** Of an interactor, where a browser gets its decoder. */
export const decoderUrl = (id: string, version: number) => `/api/models/${encodeURIComponent(id)}/versions/${version}/decoder`

const describeInteraction = ({ id, version, ref }: GoodVersion): FunctionInfo['interaction'] => ({
  minPositivePoints: 1,
  minNegativePoints: 0,
  startsWithBox: false,
  boxIsOptional: true,
  decoder: {
    url: decoderUrl(id, version),
    family: ref.spec.family,
    inputs: Object.fromEntries(ref.spec.decoder!.inputs.map(({ name, type, shape }) => [name, { type, shape }])),
  },
})

export const toFunction = (model: Model, current: GoodVersion): FunctionInfo => {
  const { spec } = current.ref
  const kind = kindOfFamily[spec.family]
  return {
    id: model.id,
    provider: 'onnx',
    name: current.title,
    description: current.about,
    kind,
    labels: spec.labels,
    version: current.version,
    versions: model.versions.filter(isGood).map(({ version, created, note }) => ({ version, created, note })),
    runs: 'server',
    ...(kind === 'interactor' && { interaction: describeInteraction(current) }),
    ...(kind === 'tracker' && { shapeTypes: ['rectangle'] }),
    ...(kind !== 'interactor' && { threshold: spec.threshold }),
  }
}

const isThread = () => process.env.ANNOLITH_THREAD === '1'

const explain = (name: string, error: unknown): Error => {
  if (error instanceof ModelError)
    return new FunctionError(/cannot be loaded/.test(error.message) ? 'unavailable' : 'answer', `"${name}": ${error.message}.`)
  if (error instanceof MediaError) return new FunctionError('input', `"${name}": ${error.message}.`)
  return error instanceof Error
    ? new FunctionError('unavailable', `"${name}" broke down: ${error.message}.`)
    : new Error(String(error))
}

type Call = Parameters<Provider['call']>[1]
type Question = (picture: Picture) => Ask

const questions: { [D in CallName]?: (call: any) => Question } = {
  detect:
    ({ threshold }) =>
    (picture) => ({ do: 'detect', picture, threshold }),
  interact:
    ({ positive, negative, box }) =>
    (picture) => ({ do: 'interact', picture, positive, negative, box }),
  embed: () => (picture) => ({ do: 'embed', picture }),
  'start-tracking':
    ({ shapes }) =>
    (picture) => ({ do: 'start-tracking', picture, shapes }),
  track:
    ({ states }) =>
    (picture) => ({ do: 'track', picture, states }),
}
const callsOf: Record<string, CallName[]> = {
  detector: ['detect'],
  classifier: ['detect'],
  interactor: ['interact', 'embed'],
  tracker: ['start-tracking', 'track'],
}

/** Asks a version of a model. The picture is read only when the model does not remember it. */
export const askModel = async <D extends CallName>(
  { title, ref }: GoodVersion,
  call: Extract<Call, { do: D }>,
  signal: AbortSignal,
): Promise<Answers[D]> => {
  const toQuestion = questions[call.do]?.(call)
  if (!toQuestion || !('image' in call) || !callsOf[kindOfFamily[ref.spec.family]]?.includes(call.do))
    throw new FunctionError('input', `"${title}" cannot be asked to ${call.do}.`)
  const options = { signal, isUrgent: !isThread() }
  const { image } = call
  const remembers = call.do === 'interact' || call.do === 'embed'
  try {
    const first = remembers ? await infer(ref, toQuestion({ key: image.key }), options) : undefined
    if (first && 'value' in first) return first.value as Answers[D]
    const answer = await infer(ref, toQuestion({ key: image.key, bytes: await image.read() }), options)
    if ('value' in answer) return answer.value as Answers[D]
    throw new Error('it did not take the picture')
  } catch (error) {
    signal.throwIfAborted()
    throw error instanceof FunctionError ? error : explain(title, error)
  }
}

export const onnxProvider: Provider = {
  name: 'onnx',
  list: async () => {
    const models = await listModels()
    return models.flatMap((model) => {
      const current = currentOf(model)
      return current ? [toFunction(model, current)] : []
    })
  },
  call: async (info, call, signal) => {
    const model = await findModel(info.id, info.version)
    if (!model) throw new FunctionError('unavailable', `"${info.name}" is gone.`)
    return askModel(model, call as any, signal) as any
  },
}
