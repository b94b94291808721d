// Reads background work: what the queue knows of a chore, together with the request that it serves.
import { type Lane, lanes } from '../server/queue/chores'
import { type ChoreRecord, type LaneCounts, stats } from '../server/queue/queue'
import { getRequest, type RequestRow } from '../server/requests/service'
import type { User } from '../server/users/service'

/**
 * A chore; `request` is the one that it serves. A chore whose request failed in an orderly way has finished for the queue, but
 * counts as failed here. `isObsolete`: its request was removed or started anew, so that running it again would do nothing.
 */
export type Work = ChoreRecord & { request?: RequestRow; isObsolete: boolean }

/** The console may see and change every request. */
export const administrator = { user: {} as User, admin: true, via: 'session' as const, roles: new Map() }

const seenAtOnce = 500

/** Requests of chores that ended, by chore: they do not change any more, but for being replaced. */
const ended = new Map<string, RequestRow | undefined>()

export const requestIdOf = ({ payload }: ChoreRecord): string | undefined => {
  const id = (payload as { requestId?: unknown } | null)?.requestId
  return typeof id === 'string' ? id : undefined
}

const findRequest = async (chore: ChoreRecord): Promise<RequestRow | undefined> => {
  const id = requestIdOf(chore)
  if (id === undefined || chore.state === 'waiting' || chore.state === 'running') return undefined
  if (!ended.has(chore.id)) {
    const row = await getRequest(administrator, id).catch(() => undefined)
    if (row && row.key === chore.id && row.status !== 'failed' && row.status !== 'finished') return row
    ended.set(chore.id, row?.key === chore.id ? row : undefined)
  }
  return ended.get(chore.id)
}

const toWork = async (chore: ChoreRecord): Promise<Work> => {
  const request = await findRequest(chore)
  const hasEnded = chore.state === 'failed' || chore.state === 'finished'
  const isObsolete = hasEnded && requestIdOf(chore) !== undefined && !request
  return chore.state === 'finished' && request?.status === 'failed'
    ? { ...chore, state: 'failed', error: request.message, request, isObsolete }
    : { ...chore, request, isObsolete }
}

/** To be called after a request was started again or taken back. */
export const forgetRequest = (choreId: string) => ended.delete(choreId)

/** The newest chores and the counts per lane. */
export const readQueue = async (): Promise<{ work: Work[]; lanes: Record<Lane, LaneCounts> }> => {
  const { lanes: counts, recent } = await stats(seenAtOnce)
  const known = new Set(recent.map(({ id }) => id))
  for (const id of ended.keys()) if (!known.has(id)) ended.delete(id)
  const work = await Promise.all(recent.map(toWork))
  const failedIn = (lane: Lane) => work.filter((chore, i) => chore.lane === lane && chore.state !== recent[i]!.state).length
  const all = lanes.map((lane) => [lane, { ...counts[lane], failed: counts[lane].failed + failedIn(lane) }] as const)
  return { work, lanes: Object.fromEntries(all) as Record<Lane, LaneCounts> }
}
