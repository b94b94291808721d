// Functions that run on somebody's own machine, by the official agent: asked through a queue, answered when an agent comes by.
import { listen } from '../../stream/service'
import type { Answers, Call, CallName, CallOf, FrameImage, FunctionInfo, GivenShape, Provider } from '../contract'
import { FunctionError } from '../contract'
import type { Detection } from '../detect'
import { fullMapping } from '../detect'
import { loadFrameImage } from '../frame-image'
import { judgeAnnotations } from '../judge-annotations'
import { withinTime } from '../providers'
import { listStored, toInfo } from '../stored'
import { type AutoAnnotations, shiftFound } from '../to-annotations'
import { type AgentRequest, addAgentRequest, findAgentRequest, listPresent, removeAgentRequest } from './queue'

/** The answer may have come to another process, which cannot tell us. */
const lookMs = 500

export const idOfAgentFunction = ({ id }: Pick<FunctionInfo, 'id'>) => Number(id.replace('agent-', ''))

type Question = { type: string; params: Record<string, unknown>; taskId: number; userId: number; jobId?: number | null }

/** Puts a question into the queue and waits for its end. The request is gone afterwards. */
export const askAgent = async (info: FunctionInfo, question: Question, signal: AbortSignal): Promise<Record<string, unknown>> => {
  const functionId = idOfAgentFunction(info)
  if (!(await listPresent()).has(functionId)) throw new FunctionError('unavailable', `No agent is running for "${info.name}".`)
  const { id } = await addAgentRequest({
    functionId,
    category: 'interactive',
    type: question.type,
    params: { type: question.type, task: question.taskId, ...question.params },
    userId: question.userId,
    taskId: question.taskId,
    jobId: question.jobId ?? null,
    requestId: null,
    isAwaited: true,
  })
  try {
    const row = await waitForEnd(id, signal)
    if (row.status === 'failed') throw new FunctionError('answer', `The agent of "${info.name}" failed: ${row.error}`)
    return row.result ?? {}
  } finally {
    await removeAgentRequest(id)
  }
}

const waitForEnd = async (id: string, signal: AbortSignal): Promise<AgentRequest> => {
  const ended = Promise.withResolvers<AgentRequest>()
  const look = async () => {
    const row = await findAgentRequest(id)
    if (!row) ended.reject(new FunctionError('unavailable', 'The function was removed.'))
    else if (row.status === 'finished' || row.status === 'failed') ended.resolve(row)
  }
  const lookSafely = () => void look().catch(ended.reject)
  const stop = listen([`function-request:${id}`], lookSafely)
  const timer = setInterval(lookSafely, lookMs)
  const onAbort = () => ended.reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  try {
    lookSafely()
    return await ended.promise
  } finally {
    stop()
    clearInterval(timer)
    signal.removeEventListener('abort', onAbort)
  }
}

/** Where the picture is; agents read it themselves. */
const requirePlace = (info: FunctionInfo, { place }: FrameImage) => {
  if (!place) throw new FunctionError('input', `The agent of "${info.name}" looks at frames of tasks only.`)
  return place
}

type Askers = Partial<{
  [D in CallName]: (info: FunctionInfo, call: CallOf<D>, signal: AbortSignal) => Promise<Answers[D]>
}>

const readShapes = ({ shapes }: Record<string, unknown>) => (shapes ?? []) as GivenShape[]
const readStates = ({ states }: Record<string, unknown>) => (states ?? []) as string[]

const ask = (info: FunctionInfo, image: FrameImage, type: string, params: Record<string, unknown>, signal: AbortSignal) => {
  const { taskId, userId, frame, roi } = requirePlace(info, image)
  return askAgent(info, { type, taskId, userId, params: { frame, ...(roi && { roi }), ...params } }, signal)
}

const askers: Askers = {
  interact: async (info, { image, positive, negative, box }, signal) => {
    const corners = box ? [box.slice(0, 2), box.slice(2)] : []
    const result = await ask(info, image, 'interact', { pos_points: positive, neg_points: negative, obj_bbox: corners }, signal)
    return readShapes(result).map(({ type, points, rotation }) => ({ type, points, ...(rotation && { rotation }) }))
  },
  'start-tracking': async (info, { image, shapes }, signal) => ({
    states: readStates(await ask(info, image, 'init_tracking', { shapes }, signal)),
  }),
  track: async (info, { image, states }, signal) => {
    const result = await ask(info, image, 'track', { states }, signal)
    return { states: readStates(result), shapes: readShapes(result) }
  },
}

/** Agents map labels themselves, so their annotations are those of the task. */
export const detectByAgent = async (detection: Detection, frame: number, signal?: AbortSignal): Promise<AutoAnnotations> => {
  const { info, taskId, labels, threshold, toPolygons, userId } = detection
  const { image, roi } = await loadFrameImage(taskId, frame, detection.roi, userId)
  const params = { mapping: fullMapping(detection), threshold, conv_mask_to_poly: toPolygons }
  const result = await withinTime(info, signal, (either) => ask(info, image, 'annotate_frame', params, either))
  const bounds = { labels, allows: (one: number) => one === frame, sizeOf: () => image }
  const { tags, shapes } = judgeAnnotations(info, bounds, result.annotations)
  return { tags, shapes: shapes.map((shape) => shiftFound(shape as never, roi)) }
}

export const agentProvider: Provider = {
  name: 'agent',
  list: async () => {
    const present = await listPresent()
    return (await listStored('agent')).map((row) => ({ ...toInfo(row), isReady: present.has(row.id) }))
  },
  call: async (info, call, signal) => {
    const asker = askers[(call as Call).do] as ((...args: unknown[]) => Promise<never>) | undefined
    if (!asker) throw new FunctionError('input', `The agent of "${info.name}" cannot do that.`)
    return asker(info, call, signal)
  },
}
