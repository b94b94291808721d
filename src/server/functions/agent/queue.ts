// What agents are asked to do: requests wait in the order in which they came, an agent takes one, and loses it when it falls silent.
import { and, asc, eq, inArray, isNull, lt } from 'drizzle-orm'
import { type Db, db, type Tx, tx } from '../../db/open'
import { ApiError, notFound } from '../../http/errors'
import { beginRequest, failRequest, isRequestOpen, listElsewhere, reportRequest } from '../../requests/service'
import { publish } from '../../stream/service'
import { functionAgents, functionRequests } from '../schema'

export type AgentRequest = typeof functionRequests.$inferSelect
export type Category = AgentRequest['category']
export const categories = ['interactive', 'batch'] as const

/** Agents tell how far they are twice a minute, but between frames only. */
const leaseMs: Record<Category, number> = { batch: 300_000, interactive: 90_000 }
/** Agents that a request is given to before it fails. */
const maxAttempts = 3
/** An agent that was heard of so lately is taken to be there; those that do not watch ask once a minute. */
const presentMs = 120_000

export type NewAgentRequest = Pick<
  AgentRequest,
  'functionId' | 'category' | 'type' | 'params' | 'userId' | 'taskId' | 'jobId' | 'requestId' | 'isAwaited'
>

/** Tells the agents that watch that there is something to do. */
const tellAgents = (functionId: number, category: Category) =>
  publish({ type: 'function', topics: [`function:${functionId}`], data: { request_category: category } })
/** Tells who waits for the answer. */
const tellAsker = (id: string) => publish({ type: 'function', topics: [`function-request:${id}`], data: { id } })

export const addAgentRequest = async (input: NewAgentRequest, within: (t: Tx) => Promise<void> = async () => {}) => {
  const id = crypto.randomUUID()
  const row = await tx(async (t) => {
    await within(t)
    const [row] = await t
      .insert(functionRequests)
      .values({ ...input, id, status: 'queued', createdDate: new Date() })
      .returning()
    return row!
  })
  tellAgents(input.functionId, input.category)
  return row
}

export const findAgentRequest = async (id: string, from: Db = db): Promise<AgentRequest | undefined> =>
  (await from.select().from(functionRequests).where(eq(functionRequests.id, id)))[0]

export const removeAgentRequest = async (id: string) => {
  await tx(async (t) => void (await t.delete(functionRequests).where(eq(functionRequests.id, id))))
}
export const removeAgentRequestOf = async (requestId: string) => {
  await tx(async (t) => void (await t.delete(functionRequests).where(eq(functionRequests.requestId, requestId))))
}

/** Notes that an agent is there. `watch` stands for those that only listen so far. */
export const noteAgent = async (functionId: number, agentId: string, userId: number) => {
  const seenDate = new Date()
  await tx(async (t) => {
    await t
      .insert(functionAgents)
      .values({ functionId, agentId, userId, seenDate })
      .onConflictDoUpdate({ target: [functionAgents.functionId, functionAgents.agentId], set: { seenDate } })
  })
}
export const forgetAgent = async (functionId: number, agentId: string) => {
  const where = and(eq(functionAgents.functionId, functionId), eq(functionAgents.agentId, agentId))
  await tx(async (t) => void (await t.delete(functionAgents).where(where)))
}

/** Functions that an agent was heard of for lately. */
export const listPresent = async (now = Date.now()): Promise<Set<number>> => {
  const rows = await db.select().from(functionAgents)
  return new Set(rows.filter(({ seenDate }) => seenDate.getTime() > now - presentMs).map(({ functionId }) => functionId))
}

/** Takes requests back from agents that were not heard of in time; one that several agents lost has failed. */
export const takeBackLost = async (functionId: number, now = new Date()) => {
  const isLost = and(
    eq(functionRequests.functionId, functionId),
    eq(functionRequests.status, 'started'),
    lt(functionRequests.leaseDate, now),
  )
  const lost = await db.select().from(functionRequests).where(isLost)
  for (const row of lost) {
    if (row.attempts >= maxAttempts) {
      await settle(row, 'failed', { error: `No agent finished it: ${row.attempts} fell silent.` })
      continue
    }
    const values = { status: 'queued', agentId: null, leaseDate: null } as const
    await tx(
      async (t) =>
        void (await t
          .update(functionRequests)
          .set(values)
          .where(and(eq(functionRequests.id, row.id), isLost))),
    )
    tellAgents(functionId, row.category)
  }
}

/** Ends a request, and the public one that it is part of if it failed. */
export const settle = async (row: AgentRequest, status: 'finished' | 'failed', values: Partial<AgentRequest>) => {
  const ended = { ...values, status, finishedDate: new Date(), leaseDate: null }
  await tx(async (t) => void (await t.update(functionRequests).set(ended).where(eq(functionRequests.id, row.id))))
  if (status === 'failed' && row.requestId) await failRequest(row.requestId, values.error ?? '')
  tellAsker(row.id)
}

const findNext = async (functionId: number, category: Category): Promise<AgentRequest | undefined> => {
  const isWaiting = and(
    eq(functionRequests.functionId, functionId),
    eq(functionRequests.category, category),
    eq(functionRequests.status, 'queued'),
  )
  const order = [asc(functionRequests.createdDate), asc(functionRequests.id)]
  return (
    await db
      .select()
      .from(functionRequests)
      .where(isWaiting)
      .orderBy(...order)
      .limit(1)
  )[0]
}

/** The oldest request of a category for this agent; nothing when none waits. */
export const acquireRequest = async (
  functionId: number,
  { agentId, userId, category }: { agentId: string; userId: number; category: Category },
): Promise<AgentRequest | undefined> => {
  await noteAgent(functionId, agentId, userId)
  await takeBackLost(functionId)
  for (let next = await findNext(functionId, category); next; next = await findNext(functionId, category)) {
    // What nobody waits for any more is not done.
    if (next.requestId && !(await isRequestOpen(next.requestId))) {
      await removeAgentRequest(next.id)
      continue
    }
    const { id, attempts, startedDate } = next
    const now = new Date()
    const [taken] = await tx((t) =>
      t
        .update(functionRequests)
        .set({
          status: 'started',
          agentId,
          attempts: attempts + 1,
          startedDate: startedDate ?? now,
          leaseDate: new Date(now.getTime() + leaseMs[category]),
        })
        .where(and(eq(functionRequests.id, id), eq(functionRequests.status, 'queued')))
        .returning(),
    )
    if (!taken) continue
    if (taken.requestId) await beginRequest(taken.requestId)
    return taken
  }
  return undefined
}

/** The request that this agent holds. Throws 404 when there is none, 409 when it is somebody else's, or nobody's any more. */
export const requireHeld = async (functionId: number, id: string, agentId: string): Promise<AgentRequest> => {
  const row = await findAgentRequest(id)
  if (!row || row.functionId !== functionId) throw notFound('There is no such annotation request.')
  if (row.status !== 'started' || row.agentId !== agentId)
    throw new ApiError(409, { detail: 'The annotation request is not (or no longer) given to this agent.' })
  return row
}

/** An agent is still at it. */
export const updateRequest = async (row: AgentRequest, progress: number, userId: number) => {
  const leaseDate = new Date(Date.now() + leaseMs[row.category])
  await tx(
    async (t) => void (await t.update(functionRequests).set({ progress, leaseDate }).where(eq(functionRequests.id, row.id))),
  )
  if (row.agentId) await noteAgent(row.functionId, row.agentId, userId)
  if (row.requestId) await reportRequest(row.requestId, progress)
}

/** Public requests that agents of a function have yet to do. */
export const listOpenRequests = async (functionId: number): Promise<string[]> => {
  const isOpen = and(eq(functionRequests.functionId, functionId), inArray(functionRequests.status, ['queued', 'started']))
  const rows = await db.select({ requestId: functionRequests.requestId }).from(functionRequests).where(isOpen)
  return rows.flatMap(({ requestId }) => requestId ?? [])
}

const keepMs = 24 * 3_600_000

/** Forgets old answers and agents; requests whose agent part is gone, with its function or task, have failed. */
export const forgetOldAgentRequests = async (now = Date.now()) => {
  const old = new Date(now - keepMs)
  await tx(async (t) => {
    await t.delete(functionRequests).where(lt(functionRequests.finishedDate, old))
    await t.delete(functionAgents).where(lt(functionAgents.seenDate, old))
    const forgotten = and(
      eq(functionRequests.category, 'interactive'),
      lt(functionRequests.createdDate, old),
      isNull(functionRequests.finishedDate),
    )
    await t.delete(functionRequests).where(forgotten)
  })
  const known = new Set((await db.select({ id: functionRequests.requestId }).from(functionRequests)).map(({ id }) => id))
  for (const id of await listElsewhere('autoannotate')) if (!known.has(id)) await failRequest(id, 'The task or function is gone.')
}
