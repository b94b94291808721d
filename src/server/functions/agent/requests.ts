// Annotation requests of agents' functions as their own API has them: whole tasks in the background, single questions at once.
import { and, desc, eq } from 'drizzle-orm'
import { db } from '../../db/open'
import { forbidden, invalid, notFound } from '../../http/errors'
import { isoTime, isoTimeOrNull } from '../../http/json'
import type { Who } from '../../policy/who'
import { removeRequest } from '../../requests/service'
import { getFunction } from '../access'
import { startAnnotation } from '../annotate/requests'
import type { FunctionInfo } from '../contract'
import { fullMapping } from '../detect'
import { readRoi } from '../frame-image'
import { type Mapping, planLabelsOf } from '../match-labels'
import { openPlace, type Place, requireInJob } from '../place'
import { withinTime } from '../providers'
import { type Input, readBox, readFlag, readFrameNumber, readMapping, readPoints, readShapes, readThreshold } from '../read-input'
import { functionRequests } from '../schema'
import { askAgent } from './provider'
import { type AgentRequest, addAgentRequest, findAgentRequest, removeAgentRequest } from './queue'

/** A request as it is shown; `result` is that of single questions. */
export const showAgentRequest = (row: AgentRequest) => ({
  id: row.id,
  function: { id: row.functionId, task: row.taskId },
  status: row.status,
  progress: Math.floor(row.progress * 100),
  enqueued: isoTime(row.createdDate),
  started: isoTimeOrNull(row.startedDate),
  ended: isoTimeOrNull(row.finishedDate),
  exc_info: row.error,
  ...(row.result && { result: row.result }),
})

/** What is asked by its type, with every field that agents read. */
type Reader = (info: FunctionInfo, place: Place, input: Input) => Record<string, unknown>
const maxStates = 32
const readers: Record<string, Reader> = {
  annotate_frame: (info, { labels }, input) => {
    const mapping: Mapping | undefined = readMapping(input)
    planLabelsOf(info, labels, mapping)
    return {
      mapping: fullMapping({ info, labels, mapping }),
      threshold: readThreshold(input),
      conv_mask_to_poly: readFlag(input, 'conv_mask_to_poly'),
    }
  },
  interact: (_info, _place, input) => {
    const box = readBox(input, 'obj_bbox')
    return {
      pos_points: readPoints(input, 'pos_points'),
      neg_points: readPoints({ neg_points: [], ...input }, 'neg_points'),
      obj_bbox: box ? [box.slice(0, 2), box.slice(2)] : [],
    }
  },
  init_tracking: (_info, _place, input) => ({
    shapes: readShapes(input, 'shapes').map(({ type, points }) => ({ type, points })),
  }),
  track: (_info, _place, { states }) => {
    if (!Array.isArray(states) || states.length > maxStates || !states.every((state) => typeof state === 'string'))
      throw invalid({ states: `At most ${maxStates} texts are required.` })
    return { states }
  },
}
const kindOf: Record<string, FunctionInfo['kind']> = {
  annotate_frame: 'detector',
  interact: 'interactor',
  init_tracking: 'tracker',
  track: 'tracker',
}

const readQuestion = async (who: Who, functionId: number, input: Input) => {
  const info = await getFunction(who, `agent-${functionId}`, 'call')
  const type = String(input.type ?? 'annotate_frame')
  const reader = Object.hasOwn(readers, type) ? readers[type] : undefined
  if (!reader) throw invalid({ type: `"${type}" is not a valid choice.` })
  if (kindOf[type] !== info.kind) throw invalid({ type: `"${info.name}" is of kind ${info.kind}.` })
  const place = await openPlace(who, input)
  const frame = readFrameNumber(input)
  requireInJob(place, frame)
  const roi = readRoi(input.roi)
  const params = { frame, ...(roi && { roi }), ...reader(info, place, input) }
  return { info, type, params, taskId: place.task.id, userId: who.user.id, jobId: place.job?.id ?? null }
}

/** Asks and waits. What is found is in the coordinates of the region, if one is given, as the agent answers it. */
export const runQuestion = async (who: Who, functionId: number, input: Input, signal: AbortSignal) => {
  const question = await readQuestion(who, functionId, input)
  return withinTime(question.info, signal, (either) => askAgent(question.info, question, either))
}

/** Starts a request that nobody waits for. */
export const startRequestOfAgent = async (who: Who, input: Input): Promise<AgentRequest> => {
  const functionId = input.function
  if (!Number.isInteger(functionId)) throw invalid({ function: 'A valid integer is required.' })
  if ((input.type ?? 'annotate_task') === 'annotate_task') {
    const request = await startAnnotation(who, { ...input, function: `agent-${functionId}` })
    const [row] = await db.select().from(functionRequests).where(eq(functionRequests.requestId, request.id))
    return row!
  }
  const { type, params, taskId, userId, jobId } = await readQuestion(who, functionId as number, input)
  return addAgentRequest({
    functionId: functionId as number,
    category: 'interactive',
    type,
    params: { type, task: taskId, ...params },
    userId,
    taskId,
    jobId,
    requestId: null,
    isAwaited: false,
  })
}

/** One's own that nobody waits for, newest first. */
export const listRequestsOfAgents = (who: Who): Promise<AgentRequest[]> =>
  db
    .select()
    .from(functionRequests)
    .where(and(eq(functionRequests.userId, who.user.id), eq(functionRequests.isAwaited, false)))
    .orderBy(desc(functionRequests.createdDate))

/** Throws 404 for one that is not there, 403 for somebody else's. */
export const getRequestOfAgent = async (who: Who, id: string): Promise<AgentRequest> => {
  const row = await findAgentRequest(id)
  if (!row || row.isAwaited) throw notFound()
  if (row.userId !== who.user.id && !who.admin) throw forbidden()
  return row
}

export const removeRequestOfAgent = async (who: Who, id: string) => {
  const row = await getRequestOfAgent(who, id)
  if (row.requestId !== null) await removeRequest(who, row.requestId).catch(() => {})
  await removeAgentRequest(row.id)
}
