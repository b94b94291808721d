// Background work as administrators see it: what the queue knows of a chore, together with the request that it serves.
import { conflict, found } from '../http/errors'
import type { Who } from '../policy/who'
import { type Lane, lanes } from '../queue/chores'
import { add, type ChoreRecord, cancel, get, type LaneCounts, stats } from '../queue/queue'
import { cancelRequest, findRequest, type NewRequest, type RequestRow, startRequest } from '../requests/service'
import { loadPeople } from '../users/service'

/**
 * A chore; `request` is the one that it serves. A chore whose request failed in an orderly way has finished for the queue, but
 * counts as failed here. `isObsolete`: its request was removed or started anew, so that running it again would do nothing.
 */
type Work = ChoreRecord & { request?: RequestRow; isObsolete: boolean }

const seenAtOnce = 500

/** Requests of chores that ended, by chore: they do not change any more, but for being replaced. */
const ended = new Map<string, RequestRow | undefined>()

const requestIdOf = ({ payload }: ChoreRecord): string | undefined => {
  const id = (payload as { requestId?: unknown } | null)?.requestId
  return typeof id === 'string' ? id : undefined
}

const readRequest = async (chore: ChoreRecord): Promise<RequestRow | undefined> => {
  const id = requestIdOf(chore)
  if (id === undefined) return undefined
  if (ended.has(chore.id) && chore.state !== 'waiting' && chore.state !== 'running') return ended.get(chore.id)
  const row = await findRequest(id)
  const own = row?.key === chore.id ? row : undefined
  if (!own || own.status === 'failed' || own.status === 'finished') ended.set(chore.id, own)
  return own ?? (chore.state === 'waiting' || chore.state === 'running' ? row : undefined)
}

const toWork = async (chore: ChoreRecord): Promise<Work> => {
  const request = await readRequest(chore)
  const hasEnded = chore.state === 'failed' || chore.state === 'finished'
  const isObsolete = hasEnded && requestIdOf(chore) !== undefined && !request
  return chore.state === 'finished' && request?.status === 'failed'
    ? { ...chore, state: 'failed', error: request.message, request, isObsolete }
    : { ...chore, request, isObsolete }
}

const showWork = (work: Work, people: Map<number, { username: string }>) => ({
  id: work.id,
  name: work.name as string,
  lane: work.lane,
  state: work.state,
  attempts: work.attempts,
  error: work.error,
  payload: work.payload,
  can_retry: work.state === 'failed' && !work.isObsolete,
  created_date: work.createdAt.toISOString(),
  started_date: work.startedAt?.toISOString() ?? null,
  finished_date: work.finishedAt?.toISOString() ?? null,
  request: work.request
    ? {
        id: work.request.id,
        status: work.request.status,
        message: work.request.message,
        progress: work.request.progress,
        owner: (work.request.userId !== null && people.get(work.request.userId)?.username) || null,
        project_id: work.request.projectId,
        task_id: work.request.taskId,
        job_id: work.request.jobId,
        format: work.request.format,
      }
    : null,
})
export type ShownWork = ReturnType<typeof showWork>
export type ShownQueue = { lanes: Record<Lane, LaneCounts>; work: ShownWork[] }

const showAll = async (all: Work[]) => {
  const people = await loadPeople(all.map(({ request }) => request?.userId ?? null))
  return all.map((work) => showWork(work, people))
}

/** The newest chores and the counts per lane. */
export const readQueue = async (): Promise<ShownQueue> => {
  const { lanes: counts, recent } = await stats(seenAtOnce)
  const known = new Set(recent.map(({ id }) => id))
  for (const id of ended.keys()) if (!known.has(id)) ended.delete(id)
  const work = await Promise.all(recent.map(toWork))
  const failedIn = (lane: Lane) => work.filter((chore, i) => chore.lane === lane && chore.state !== recent[i]!.state).length
  const all = lanes.map((lane) => [lane, { ...counts[lane], failed: counts[lane].failed + failedIn(lane) }] as const)
  return { work: await showAll(work), lanes: Object.fromEntries(all) as Record<Lane, LaneCounts> }
}

const findWork = async (id: string): Promise<Work> => toWork(found(await get(id)))

/** One chore. Throws 404 when it is not known any more. */
export const getWork = async (id: string): Promise<ShownWork> => (await showAll([await findWork(id)]))[0]!

/** Starts the request of a failed chore anew; a chore without one is added under its own id, which runs it again. Throws 409. */
export const retryWork = async (id: string): Promise<void> => {
  const { name, payload, request, state, isObsolete } = await findWork(id)
  if (state !== 'failed' || isObsolete)
    throw conflict(`${name} has not failed, or its request was replaced: there is nothing to run again.`)
  if (!request) return void (await add(name, payload as never, { id }))
  if (request.userId === null) throw conflict('The person who asked for it is gone, so nobody would get the result.')
  const { action, target, subresource, projectId, taskId, jobId, orgId, format, payload: input } = request
  const what = { action, target, subresource, projectId, taskId, jobId, orgId, format, chore: name, payload: input }
  await startRequest(request.userId, { ...what, id: request.id } as NewRequest)
  ended.delete(id)
}

/** Takes a waiting chore out, with the request that it serves; a running one only where its work can be stopped. Throws 409 else. */
export const cancelWork = async (who: Who, id: string): Promise<void> => {
  const { name, request } = await findWork(id)
  // A chore whose request is gone still has to leave the queue.
  const isTaken =
    request !== undefined &&
    (await cancelRequest(who, request.id).then(
      () => true,
      () => false,
    ))
  if (!isTaken && !(await cancel(id))) throw conflict(`${name} does not wait any more: it was started meanwhile.`)
  ended.delete(id)
}

/** For the status: how much waits, runs and failed in all lanes together. */
export const countWork = async () => {
  const all = Object.values((await readQueue()).lanes)
  const sum = (key: keyof LaneCounts) => all.reduce((total, lane) => total + lane[key], 0)
  return { waiting: sum('waiting'), running: sum('running'), failed: sum('failed') }
}
