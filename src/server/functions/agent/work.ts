// What agents do with requests: take one, tell how far they are, complete or fail it. Answers are judged before anything is stored.
import { and, eq } from 'drizzle-orm'
import type { Tx } from '../../db/open'
import { ApiError, forbidden, invalid, notFound } from '../../http/errors'
import { getJob, type Job } from '../../jobs/service'
import { labelsOf } from '../../labels/service'
import type { Who } from '../../policy/who'
import { completeRequest, findRequest } from '../../requests/service'
import { findTask, labelParent } from '../../tasks/service'
import { mayDo } from '../access'
import { listFrames, loadSizes } from '../annotate/frames'
import type { Wanted } from '../annotate/run'
import { storeAnnotations } from '../annotate/store'
import { FunctionError, type FunctionInfo } from '../contract'
import { judgeAnnotations } from '../judge-annotations'
import { functionRequests } from '../schema'
import { findStored, toInfo } from '../stored'
import { type AgentRequest, acquireRequest, type Category, categories, requireHeld, settle, updateRequest } from './queue'

/** `function:5` → 5. Throws 404 for anything else. */
export const readQueueId = (text: string): number => {
  const id = /^function:(\d{1,9})$/.exec(text)?.[1]
  if (!id) throw notFound()
  return Number(id)
}

/** The function whose queue it is. Throws 404 unless the person may see it, 403 unless it is theirs: only an owner's agents may work. */
export const getServed = async (who: Who, functionId: number): Promise<FunctionInfo> => {
  const row = await findStored(functionId)
  const info = row?.provider === 'agent' ? toInfo(row) : undefined
  if (!info || !mayDo(who, 'view', info)) throw notFound()
  if (!mayDo(who, 'serve', info)) throw forbidden()
  return info
}

export type Body = Record<string, unknown>

const readAgentId = ({ agent_id }: Body): string => {
  if (typeof agent_id !== 'string' || !/^\w{1,64}$/.test(agent_id))
    throw invalid({ agent_id: 'Up to 64 letters, digits and _ are required.' })
  return agent_id
}

export const acquire = async (who: Who, functionId: number, body: Body) => {
  await getServed(who, functionId)
  const agentId = readAgentId(body)
  if (!categories.includes(body.request_category as Category))
    throw invalid({ request_category: `"${body.request_category}" is not a valid choice.` })
  const row = await acquireRequest(functionId, { agentId, userId: who.user.id, category: body.request_category as Category })
  return { ar_assignment: row ? { ar_id: row.id, ar_params: row.params, function_id: functionId } : null }
}

const hold = async (who: Who, functionId: number, id: string, body: Body) => {
  const info = await getServed(who, functionId)
  return { info, row: await requireHeld(functionId, id, readAgentId(body)) }
}

export const update = async (who: Who, functionId: number, id: string, body: Body) => {
  const { row } = await hold(who, functionId, id, body)
  const { progress } = body
  if (typeof progress !== 'number' || !(progress >= 0 && progress <= 1))
    throw invalid({ progress: 'A number from 0 to 1 is required.' })
  await updateRequest(row, progress, who.user.id)
}

const maxErrorChars = 4096

export const fail = async (who: Who, functionId: number, id: string, body: Body) => {
  const { row } = await hold(who, functionId, id, body)
  const text = typeof body.exc_info === 'string' && body.exc_info ? body.exc_info.slice(0, maxErrorChars) : 'Unknown error'
  await settle(row, 'failed', { error: text })
}

/** Only one agent ends a request, however late another comes. */
const finishWithin = (row: AgentRequest) => async (t: Tx) => {
  const isHeld = and(
    eq(functionRequests.id, row.id),
    eq(functionRequests.status, 'started'),
    eq(functionRequests.agentId, row.agentId!),
  )
  const finished = await t
    .update(functionRequests)
    .set({ status: 'finished', progress: 1, finishedDate: new Date(), leaseDate: null })
    .where(isHeld)
    .returning({ id: functionRequests.id })
  if (!finished.length) throw new ApiError(409, { detail: 'The annotation request is over.' })
}

const storeTask = async (info: FunctionInfo, row: AgentRequest, annotations: unknown) => {
  const request = row.requestId === null ? undefined : await findRequest(row.requestId)
  if (!request) throw new ApiError(409, { detail: 'The annotation request was taken back.' })
  const wanted = request.payload as unknown as Wanted
  const { task } = await findTask(row.taskId)
  const job: Job | null = row.jobId === null ? null : (await getJob(await askerOf(row), row.jobId, 'annotate')).job
  const labels = await labelsOf(labelParent(task))
  const asked = new Set(await listFrames({ task, job, labels }, wanted.frames))
  const sizeOf = await loadSizes(task.id)
  // The agent looked at the whole task; frames that were not asked about are no mistake.
  const whole = judgeAnnotations(info, { labels, allows: (frame) => sizeOf(frame).width > 0, sizeOf }, annotations)
  const isAsked = ({ frame }: { frame: number }) => asked.has(frame)
  await storeAnnotations(
    { task, job },
    { tags: whole.tags.filter(isAsked), shapes: whole.shapes.filter(isAsked) },
    { cleanup: wanted.cleanup, userId: row.userId, within: finishWithin(row) },
  )
  await completeRequest(request.id)
}

const askerOf = async (row: AgentRequest): Promise<Who> => {
  const { findPerson } = await import('../annotate/run')
  return findPerson(row.userId)
}

/** Takes the result. One that cannot be used fails the request: 400 tells the agent why, and the request tells who asked. */
export const complete = async (who: Who, functionId: number, id: string, body: Body) => {
  const { info, row } = await hold(who, functionId, id, body)
  try {
    if (row.type === 'annotate_task') await storeTask(info, row, body.annotations)
    else {
      const { annotations, shapes, states } = body
      await settle(row, 'finished', { progress: 1, result: { annotations, shapes, states } })
    }
  } catch (error) {
    const isBad = error instanceof FunctionError || (error instanceof ApiError && error.status !== 409)
    if (!isBad) throw error
    const text = error instanceof FunctionError ? error.message : Object.values(error.body).flat().join(' ')
    await settle(row, 'failed', { error: text })
    throw invalid({ annotations: text })
  }
}
