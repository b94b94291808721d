// Requests for automatic annotation of tasks and jobs: started, listed, taken back. Nobody but who asked (and administrators) sees one.
import { and, desc, eq, inArray, ne, or, sql } from 'drizzle-orm'
import { db, type Tx } from '../../db/open'
import { recordChange } from '../../events/service'
import { conflict, invalid, notFound, refused } from '../../http/errors'
import { isoTime, isoTimeOrNull } from '../../http/json'
import type { Who } from '../../policy/who'
import { requests } from '../../requests/schema'
import { getRequest, type NewRequest, type RequestRow, removeRequest, requestId, startRequest } from '../../requests/service'
import { tasks } from '../../tasks/schema'
import { getFunction } from '../access'
import { addAgentRequest, removeAgentRequestOf } from '../agent/queue'
import type { FunctionInfo } from '../contract'
import { fullMapping } from '../detect'
import { readRoi } from '../frame-image'
import { planLabelsOf } from '../match-labels'
import { openPlace, type Place } from '../place'
import { requireRoom } from '../quotas'
import { type Input, readDistance, readFlag, readMapping, readThreshold } from '../read-input'
import { chooseFrames } from './choose-frames'
import { listFrames } from './frames'
import { runners, type Wanted } from './run'

const action = 'autoannotate'
const isOpen = inArray(requests.status, ['queued', 'started'])

const readFrames = ({ frames }: Input): number[] | undefined => {
  if (frames === undefined || frames === null) return undefined
  if (!Array.isArray(frames) || !frames.every((frame) => Number.isInteger(frame) && frame >= 0))
    throw invalid({ frames: 'A list of frame numbers is required.' })
  return frames
}

const readWanted = (info: FunctionInfo, input: Input): Wanted => ({
  function: info.id,
  threshold: readThreshold(input),
  mapping: readMapping(input),
  cleanup: readFlag(input, 'cleanup'),
  // The second name is that of older clients.
  conv_mask_to_poly: readFlag(input, 'conv_mask_to_poly') || readFlag(input, 'convMaskToPoly'),
  max_distance: readDistance(input),
  roi: readRoi(input.roi),
  frames: readFrames(input),
})

const checkWanted = async (info: FunctionInfo, place: Place, wanted: Wanted) => {
  if (!runners[info.kind]) throw refused(`"${info.name}" does not annotate by itself: it is ${info.kind}.`)
  if (info.runs === 'browser') throw refused(`"${info.name}" runs in the browser only.`)
  planLabelsOf(info, place.labels, wanted.mapping)
  if (wanted.frames && wanted.cleanup)
    throw invalid({ cleanup: 'Annotations are removed of a whole task or job, not of some frames.' })
  if (wanted.cleanup && !['detector', 'classifier'].includes(info.kind))
    throw invalid({ cleanup: 'Without annotations there would be nothing to look at.' })
  await listFrames(place, wanted.frames)
}

/** Requests that would write where this one does. The lock makes two that come at once see each other. */
const refuseSecond = async (t: Tx, { task, job }: Place, userId: number) => {
  await t
    .update(tasks)
    .set({ updatedDate: sql`${tasks.updatedDate}` })
    .where(eq(tasks.id, task.id))
  const sameJob = job ? or(eq(requests.target, 'task'), eq(requests.jobId, job.id)) : undefined
  const [other] = await t
    .select({ id: requests.id })
    .from(requests)
    .where(and(eq(requests.action, action), eq(requests.taskId, task.id), isOpen, sameJob))
    .limit(1)
  if (other) throw conflict(`Only one running request is allowed for the same task #${task.id}`)
  const own = await t
    .select({ id: requests.id })
    .from(requests)
    .where(and(eq(requests.action, action), eq(requests.userId, userId), isOpen))
  requireRoom(own.length)
}

/** Agents read the whole task by themselves; what is not of the job or the wanted frames is left out when they are done. */
const askAgents = (who: Who, info: FunctionInfo, { task, job, labels }: Place, wanted: Wanted, id: string) =>
  addAgentRequest({
    functionId: Number(info.id.replace('agent-', '')),
    category: 'batch',
    type: 'annotate_task',
    params: {
      type: 'annotate_task',
      task: task.id,
      mapping: fullMapping({ info, labels, mapping: wanted.mapping }),
      threshold: wanted.threshold,
      conv_mask_to_poly: wanted.conv_mask_to_poly,
    },
    userId: who.user.id,
    taskId: task.id,
    jobId: job?.id ?? null,
    requestId: id,
    isAwaited: false,
  })

/**
 * Starts an automatic annotation. Throws 400 for what cannot work, 403 and 404 about function, task and job, 409 when one is running
 * there, 429 when the person has too many.
 */
export const startAnnotation = async (who: Who, input: Input): Promise<RequestRow> => {
  if (typeof input.function !== 'string' || !input.function) throw invalid({ function: 'This field is required.' })
  if (input.task === undefined && input.job === undefined) throw invalid({ task: 'This field is required.' })
  const info = await getFunction(who, input.function, 'call')
  const place = await openPlace(who, input, 'annotate')
  const read = readWanted(info, input)
  const wanted = { ...read, frames: read.frames ?? (await chooseFrames(who, place, input)) }
  await checkWanted(info, place, wanted)
  const { task, job } = place
  const isAgents = info.provider === 'agent'
  if (isAgents && wanted.roi) throw invalid({ roi: 'Agents annotate tasks as a whole.' })
  const request: NewRequest = {
    // Not to be guessed: no two people ever share one.
    id: requestId({ action, target: job ? 'job' : 'task', target_id: job?.id ?? task.id, id: crypto.randomUUID() }),
    action,
    target: job ? 'job' : 'task',
    taskId: task.id,
    jobId: job?.id ?? null,
    projectId: task.projectId,
    orgId: task.organizationId,
    chore: 'annotate-automatically',
    payload: { ...wanted, version: info.version },
    isElsewhere: isAgents,
    check: async (t) => {
      await refuseSecond(t, place, who.user.id)
      await recordChange(t, who, {
        action: 'call',
        resource: 'function',
        id: info.id,
        organizationId: task.organizationId,
        projectId: task.projectId,
        taskId: task.id,
        jobId: job?.id ?? null,
        after: { name: info.name, function: { id: info.id, version: info.version }, category: 'batch' },
      })
    },
  }
  const row = await startRequest(who, request)
  if (isAgents) await askAgents(who, info, place, wanted, row.id)
  return row
}

const isLambda = (row: RequestRow) => row.action === action

export const getAnnotationRequest = async (who: Who, id: string): Promise<RequestRow> => {
  const row = await getRequest(who, id)
  if (!isLambda(row)) throw notFound()
  return row
}

/** One's own that are waiting, running or done; failures are told where they are asked for by id. */
export const listAnnotationRequests = (who: Who): Promise<RequestRow[]> =>
  db
    .select()
    .from(requests)
    .where(and(eq(requests.action, action), eq(requests.userId, who.user.id), ne(requests.status, 'failed')))
    .orderBy(desc(requests.createdDate))

export const removeAnnotationRequest = async (who: Who, id: string) => {
  const row = await getAnnotationRequest(who, id)
  await removeRequest(who, row.id)
  await removeAgentRequestOf(row.id)
}

/** A request as clients of CVAT know it. */
export const showAnnotationRequest = (row: RequestRow) => {
  const { function: id, threshold = null, version } = row.payload as unknown as Wanted & { version: number }
  return {
    id: row.id,
    function: { id, task: row.taskId, threshold, ...(row.jobId !== null && { job: row.jobId }), version },
    status: row.status,
    progress: Math.floor((row.progress ?? 0) * 100),
    enqueued: isoTime(row.createdDate),
    started: isoTimeOrNull(row.startedDate),
    ended: isoTimeOrNull(row.finishedDate),
    exc_info: row.status === 'failed' ? row.message : null,
  }
}
