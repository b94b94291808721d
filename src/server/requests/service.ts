// Background work as its owner sees it: started, followed, cancelled, its result fetched.

import { and, count, desc, eq, inArray, lt, type SQL, sql } from 'drizzle-orm'
import { config } from '../config'
import { isConnectionLost } from '../db/is-connection-lost'
import { type Db, db, type Tx, tx } from '../db/open'
import { type Actor, readActor, recordChange } from '../events/service'
import { forbidden, found, refused } from '../http/errors'
import { float, isoTime, isoTimeOrNull } from '../http/json'
import type { ListOptions, Paging } from '../http/page'
import { log } from '../log'
import { organizations } from '../organizations/schema'
import type { Who } from '../policy/who'
import type { ChoreName } from '../queue/chores'
import * as queue from '../queue/queue'
import { storage } from '../storage/storage'
import { publish } from '../stream/service'
import { loadPeople, showPerson } from '../users/service'
import { findByLegacyId } from './legacy-id'
import { type RequestStatus, requests } from './schema'

export type RequestRow = typeof requests.$inferSelect

const slugOfOrganization = sql`(select ${organizations.slug} from ${organizations} where ${organizations.id} = ${requests.orgId})`

export const listOptions: ListOptions = {
  fields: {
    status: { column: requests.status as any, kind: 'text' },
    action: { column: requests.action as any, kind: 'text' },
    target: { column: requests.target as any, kind: 'text' },
    subresource: { column: requests.subresource as any, kind: 'text' },
    format: { column: requests.format as any, kind: 'text' },
    project_id: { column: requests.projectId as any, kind: 'number' },
    task_id: { column: requests.taskId as any, kind: 'number' },
    job_id: { column: requests.jobId as any, kind: 'number' },
    org_id: { column: requests.orgId as any, kind: 'number' },
    org: { column: slugOfOrganization as any, kind: 'text' },
    created_date: { column: requests.createdDate as any, kind: 'time' },
  },
  search: [],
  simple: ['status', 'action', 'target', 'subresource', 'format', 'project_id', 'task_id', 'job_id'],
}

/** Requests as the API shows them. `result_url` is absolute and needs the same credentials. */
export const showRequests = async (origin: string, rows: RequestRow[], from: Db = db) => {
  const people = await loadPeople(
    rows.map((row) => row.userId),
    from,
  )
  return rows.map((row) => ({
    id: row.id,
    status: row.status,
    message: row.message,
    progress: float(row.progress),
    operation: {
      type: `${row.action}:${row.subresource ?? row.target}`,
      target: row.target,
      project_id: row.projectId,
      task_id: row.taskId,
      job_id: row.jobId,
      org_id: row.orgId,
      format: row.format,
      function_id: (row.payload.function as string | undefined) ?? null,
      lightweight: (row.payload.lightweight as boolean | undefined) ?? null,
    },
    created_date: isoTime(row.createdDate),
    started_date: isoTimeOrNull(row.startedDate),
    finished_date: isoTimeOrNull(row.finishedDate),
    expiry_date: isoTimeOrNull(row.expiryDate),
    owner: row.userId !== null && people.has(row.userId) ? showPerson(origin, people.get(row.userId)!) : null,
    result_url:
      row.status === 'finished' && row.resultFile
        ? `${origin}/api/requests/${encodeURIComponent(row.id)}/result?key=${row.key}`
        : null,
    result_id: row.resultId,
  }))
}
export type ShownRequest = Awaited<ReturnType<typeof showRequests>>[number]

export const listRequests = async (who: Who, conditions: SQL[], order: SQL[], paging: Paging) => {
  const where = and(eq(requests.userId, who.user.id), ...conditions)
  const rows = await db
    .select()
    .from(requests)
    .where(where)
    .orderBy(...order, desc(requests.createdDate))
    .limit(paging.size)
    .offset(paging.offset)
  return { rows, count: (await db.select({ n: count() }).from(requests).where(where))[0]!.n }
}

const readRequest = async (id: string): Promise<RequestRow | undefined> =>
  (await db.select().from(requests).where(eq(requests.id, id)))[0]

/** What everyone may follow who may see the task or project that it is about: reports and merges are shared work. */
const isShared = ({ action }: RequestRow) => action === 'calculate' || action === 'merge'

/** Throws 403 or 404 unless the person may see what the request is about. */
const requirePlace = async (who: Who, { taskId, projectId }: RequestRow) => {
  // Tasks and projects stand on requests.
  if (taskId !== null) await (await import('../tasks/service')).getTask(who, taskId)
  else if (projectId !== null) await (await import('../projects/service')).getProject(who, projectId)
}

/** The request when it is the person's own, about shared work that they may see, or they are an administrator: else 404 or 403. */
export const getRequest = async (who: Who, id: string): Promise<RequestRow> => {
  const row = found((await readRequest(id)) ?? (await findByLegacyId(id)))
  if (who.admin) return row
  if (isShared(row)) await requirePlace(who, row)
  else if (row.userId !== who.user.id) throw forbidden()
  return row
}

export type NewRequest = {
  /** Readable id; the same id while it is running answers the running request. */
  id: string
  action: string
  target: 'task' | 'job' | 'project' | 'events'
  subresource?: string
  projectId?: number | null
  taskId?: number | null
  jobId?: number | null
  orgId?: number | null
  format?: string | null
  chore: ChoreName
  payload?: Record<string, unknown>
  /** Others than our chores do the work, and tell how it goes by beginRequest and its neighbours. */
  isElsewhere?: boolean
  /** Runs in the transaction that records the request, before it does; what it throws refuses the request. */
  check?: (t: Tx) => Promise<void>
}

/** Who asks for work, and with which HTTP request. */
type Asker = Pick<Who, 'user' | 'requestId' | 'origin'>
type Asked = { asked?: { requestId?: string; origin?: string } }

/** The person behind a request, for the audit log; null when they are gone. */
export const findAsker = (row: RequestRow, from: Pick<Tx, 'select'> = db): Promise<Actor | null> => {
  const { asked } = row.payload as Asked
  return readActor(from, row.userId, { requestId: asked?.requestId ?? row.key, origin: asked?.origin })
}

/** Records the request, then adds its chore; a crash between the two is mended by sweepRequests. */
export const startRequest = async (asker: number | Asker, input: NewRequest): Promise<RequestRow> => {
  const { userId, asked } =
    typeof asker === 'number'
      ? { userId: asker, asked: {} }
      : { userId: asker.user.id, asked: { asked: { requestId: asker.requestId, origin: asker.origin } } }
  let replaced: string | null = null
  const row = await tx(async (t) => {
    const [there] = await t.select().from(requests).where(eq(requests.id, input.id))
    if (there && (there.status === 'queued' || there.status === 'started')) return there
    if (there) await t.delete(requests).where(eq(requests.id, input.id))
    replaced = there?.resultFile ?? null
    const { id, payload, check, isElsewhere, ...rest } = input
    await check?.(t)
    const [fresh] = await t
      .insert(requests)
      .values({
        ...rest,
        id,
        payload: { ...asked, ...payload, ...(isElsewhere && { elsewhere: true }) },
        userId,
        status: 'queued',
        key: crypto.randomUUID(),
        createdDate: new Date(),
      })
      .returning()
    return fresh!
  })
  tellRequest(row)
  if (!isElsewhere(row)) await enqueue(row)
  await removeResult(replaced)
  return row
}

/** Tells the person who asked how far their request is. */
const tellRequest = (row: RequestRow, changed: Partial<RequestRow> = {}) => {
  const { id, userId, status, progress, message, action, target, taskId, jobId, projectId } = { ...row, ...changed }
  if (userId === null) return
  publish({
    type: 'request',
    topics: [`requests:${userId}`],
    data: { id, status, progress, message, action, target, task_id: taskId, job_id: jobId, project_id: projectId },
  })
}

const isElsewhere = (row: RequestRow) => row.payload.elsewhere === true

const enqueue = (row: RequestRow) =>
  queue.add(row.chore as ChoreName, { ...row.payload, requestId: row.id } as never, { id: row.key })

const setRequest = (id: string, values: Partial<RequestRow>, from: RequestStatus[]) =>
  tx(
    async (t) =>
      void (await t
        .update(requests)
        .set(values)
        .where(and(eq(requests.id, id), inArray(requests.status, from)))),
  )

/** Later than `before` by at least a millisecond, so that the times of a request are strictly ordered. */
const after = (before: Date) => new Date(Math.max(Date.now(), before.getTime() + 1))

/** What finished work leaves behind. */
export type Result = {
  file?: string
  name?: string
  id?: number
  message?: string
  /** Equal for requests whose files are the same; null when the file is not what others of the key want. */
  shareKey?: string | null
  /** Storage name of what the work was given; removed once nothing can make the work run again. */
  used?: string
}
/** Tells how far the work is, 0…1, and in words what it does. */
export type Report = (progress: number, message?: string) => Promise<void>

/** Whether a run that failed like this is repeated: then what it was given must stay. */
export const isRepeated = (error: unknown): boolean => isConnectionLost(error)

/**
 * Runs the work of a request and records how it went. Errors of the work are recorded as its failure with their message; the
 * server's own go to the log as well. Throws only when the database is away: then the chore is run again (see workers/thread.ts).
 */
export const runRequest = async (id: string, work: (row: RequestRow, report: Report) => Promise<Result>): Promise<void> => {
  const row = await readRequest(id)
  if (!row || row.status === 'finished' || row.status === 'failed') return
  const startedDate = after(row.createdDate)
  await setRequest(id, { status: 'started', startedDate, progress: 0 }, ['queued', 'started'])
  tellRequest(row, { status: 'started', progress: 0 })
  let reported = 0
  const report: Report = async (progress, message = '') => {
    if (Date.now() - reported < 250) return
    reported = Date.now()
    const share = Math.min(1, Math.max(0, progress))
    await setRequest(id, { progress: share, message }, ['started'])
    tellRequest(row, { status: 'started', progress: share, message })
  }
  try {
    const result = await work(row, report)
    await finish(id, startedDate, {
      status: 'finished',
      progress: 1,
      message: result.message ?? '',
      resultFile: result.file,
      resultName: result.name,
      resultId: result.id,
      ...(result.shareKey !== undefined && { shareKey: result.shareKey }),
    })
    if (result.used) await storage().remove(result.used)
  } catch (error) {
    if (isRepeated(error)) throw error
    await finish(id, startedDate, { status: 'failed', message: readMessage(error) })
    if (!isExpected(error)) log().error({ err: error }, `request ${id}`)
  }
}

/** Writes in one transaction how a request ended, the audit log's line about it and the deliveries of webhooks. */
const finish = async (id: string, startedDate: Date, values: Partial<RequestRow>) => {
  const finishedDate = after(startedDate)
  const expiryDate = new Date(finishedDate.getTime() + config().export_lifetime * 1000)
  const ended = await tx(async (t) => {
    const [row] = await t
      .update(requests)
      .set({ ...values, finishedDate, expiryDate })
      .where(and(eq(requests.id, id), inArray(requests.status, ['queued', 'started'])))
      .returning()
    const asker = row && (await findAsker(row, t))
    if (!asker) return row
    const [shown] = await showRequests(asker.origin ?? '', [row], t)
    await recordChange(t, asker, {
      action: 'update',
      resource: 'request',
      id,
      organizationId: row.orgId,
      projectId: row.projectId,
      taskId: row.taskId,
      jobId: row.jobId,
      after: { ...shown, result_url: null },
    })
    return row
  })
  if (ended) tellRequest(ended)
}

/** Errors that tell about the input, by the names of their classes in media, formats and services. */
const expectedErrors = new Set(['MediaError', 'FormatError', 'ApiError', 'StorageError', 'EgressError'])
const isExpected = (error: unknown) => error instanceof Error && expectedErrors.has(error.constructor.name)
const readMessage = (error: unknown) => {
  if (!(error instanceof Error)) return String(error)
  const body = (error as { body?: unknown }).body
  return body
    ? Object.values(body as Record<string, unknown>)
        .flat()
        .join(' ')
    : error.message
}

/** Removes a result unless another request keeps it, too. */
const removeResult = async (file: string | null) => {
  if (!file) return
  const [other] = await db.select({ id: requests.id }).from(requests).where(eq(requests.resultFile, file)).limit(1)
  if (!other) await storage().remove(file)
}

/** Marks a request whose chore was given up. */
export const failRequest = async (id: string, message: string) => {
  const row = await readRequest(id)
  if (row) await finish(id, row.startedDate ?? after(row.createdDate), { status: 'failed', message })
}

/** Work that is done elsewhere has begun, has come so far, or is done. */
export const beginRequest = async (id: string) => {
  const row = await readRequest(id)
  if (row?.status !== 'queued') return
  await setRequest(id, { status: 'started', startedDate: after(row.createdDate), progress: 0 }, ['queued'])
  tellRequest(row, { status: 'started', progress: 0 })
}
export const reportRequest = async (id: string, progress: number, message = '') => {
  const row = await readRequest(id)
  await setRequest(id, { progress, message }, ['started'])
  if (row) tellRequest(row, { progress, message })
}
export const completeRequest = async (id: string, message = '') => {
  const row = await readRequest(id)
  if (row) await finish(id, row.startedDate ?? after(row.createdDate), { status: 'finished', progress: 1, message })
}

/** Ids of open requests of an action whose work others do. */
export const listElsewhere = async (action: string): Promise<string[]> => {
  const open = and(eq(requests.action, action), inArray(requests.status, ['queued', 'started']))
  return (await db.select().from(requests).where(open)).filter(isElsewhere).map(({ id }) => id)
}

/** Takes a request out whatever it is doing; its work has to look whether it is still wanted. Throws 403 or 404. */
export const removeRequest = async (who: Who, id: string) => {
  const row = await getRequest(who, id)
  if (!who.admin && row.userId !== who.user.id) throw forbidden()
  if (row.status === 'queued' && !isElsewhere(row)) await queue.cancel(row.key)
  await tx(async (t) => void (await t.delete(requests).where(eq(requests.id, id))))
  await removeResult(row.resultFile)
}

/** A request whoever asks; for those who have checked that already. */
export const findRequest = (id: string): Promise<RequestRow | undefined> => readRequest(id)

/** Whether a request is there and not over. */
export const isRequestOpen = async (id: string): Promise<boolean> => {
  const status = (await readRequest(id))?.status
  return status === 'queued' || status === 'started'
}

/** Work that looks whether it is still wanted, and so can be stopped while it runs. */
const stoppable = new Set(['autoannotate'])
export const canCancel = ({ status, action }: Pick<RequestRow, 'status' | 'action'>) =>
  status === 'queued' || (status === 'started' && stoppable.has(action))

/** Takes a request back while it waits. Throws 400 once it has started, unless it can be stopped. */
export const cancelRequest = async (who: Who, id: string) => {
  const row = await getRequest(who, id)
  if (!who.admin && row.userId !== who.user.id) throw forbidden()
  if (row.status === 'started' && canCancel(row)) return removeRequest(who, id)
  if (row.status !== 'queued' || !(isElsewhere(row) || (await queue.cancel(row.key))))
    throw refused('Only requests that have not been started yet can be cancelled')
  await tx(async (t) => void (await t.delete(requests).where(eq(requests.id, id))))
}

/** After a restart: drives again what was queued or running when the server ended, if its chore is gone. */
export const sweepRequests = async () => {
  const open = await db
    .select()
    .from(requests)
    .where(inArray(requests.status, ['queued', 'started']))
  for (const row of open.filter((row) => !isElsewhere(row))) {
    const chore = await queue.get(row.key)
    if (!chore || chore.state === 'finished') await enqueue(row)
    else if (chore.state === 'failed') await failRequest(row.id, chore.error)
  }
}

/** Requests whose time is over and which are still there. */
export const countExpiredRequests = () => db.$count(requests, lt(requests.expiryDate, new Date()))

/** Forgets requests whose time is over, with their results. */
export const forgetExpiredRequests = async () => {
  const old = await db.select().from(requests).where(lt(requests.expiryDate, new Date()))
  for (const row of old) {
    await tx(async (t) => void (await t.delete(requests).where(eq(requests.id, row.id))))
    await removeResult(row.resultFile)
  }
}

/** Forgets every request and its result. */
export const forgetAllRequests = async () => {
  await storage().remove('results')
  await tx(async (t) => void (await t.delete(requests)))
}

/** A word of a request id: blanks become `_`, dots `~`. */
export const idPart = (text: string) => text.replaceAll(' ', '_').replaceAll('.', '~')
/** `action=export&target=task&…` in the given order; empty values are left out. */
export const requestId = (parts: Record<string, string | number | null | undefined>) =>
  Object.entries(parts)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([key, value]) => `${key}=${idPart(String(value))}`)
    .join('&')
