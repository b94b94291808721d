// The audit log as CSV: who may have which rows, and the file that a request makes of them.
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { and, asc, eq, gt, gte, lte, ne, or, type SQL } from 'drizzle-orm'
import { actAs } from '../auth/service'
import { findCloudStorage, getCloudStorage, openCloudStorage } from '../cloud-storages/service'
import { config } from '../config'
import { eventDb } from '../db/open-events'
import { safeFileName } from '../http/downloads'
import { invalid, notFound } from '../http/errors'
import { authorize, scope } from '../policy/can'
import type { OrgContext, Who } from '../policy/who'
import { findAsker, type NewRequest, type Report, type RequestRow, type Result, requestId } from '../requests/service'
import { storage } from '../storage/storage'
import { writeRow } from './csv'
import { settleEvents } from './settle'
import { eventLog } from './store-schema'

type Query = Record<string, string | undefined>
/** What is asked for, as it is kept with the request. Times in ms. */
export type Wanted = {
  from: number
  to: number
  projectId?: number
  taskId?: number
  jobId?: number
  userId?: number
  context: OrgContext
  filename?: string
  /** Where the file goes; none: kept here to be fetched. */
  cloudStorageId?: number
}

const readNumber = (query: Query, name: string) => {
  const text = query[name]
  if (text === undefined || text === '') return undefined
  if (!/^\d{1,9}$/.test(text)) throw invalid({ [name]: 'A valid integer is required.' })
  return Number(text)
}
const readTime = (query: Query, name: string) => {
  const text = query[name]
  if (text === undefined || text === '') return undefined
  // A plus sign that nobody has escaped arrives as a blank.
  const ms = Date.parse(text.replace(/ (\d\d:?\d\d)$/, '+$1'))
  if (Number.isNaN(ms)) throw invalid({ [name]: 'Datetime has wrong format.' })
  return ms
}

const readCloud = (query: Query) => {
  const id = readNumber(query, 'cloud_storage_id')
  const wantsCloud = query.location === 'cloud_storage'
  if (wantsCloud && id === undefined) throw invalid({ cloud_storage_id: 'This field is required for this location.' })
  return wantsCloud ? id : undefined
}

/** Reads what is asked for; without any time everything. Throws 400 naming the parameter. */
export const readWanted = (query: Query, context: OrgContext, now = Date.now()): Wanted => {
  const [from, to] = [readTime(query, 'from'), readTime(query, 'to')]
  const wanted = { from: from ?? 0, to: to ?? now }
  if (wanted.from > wanted.to) throw invalid({ from: '"from" must be before "to".' })
  return {
    ...wanted,
    projectId: readNumber(query, 'project_id'),
    taskId: readNumber(query, 'task_id'),
    jobId: readNumber(query, 'job_id'),
    userId: readNumber(query, 'user_id'),
    context,
    filename: query.filename || undefined,
    cloudStorageId: readCloud(query),
  }
}

/** Checks that the person may have events at all, and use the cloud storage if any; answers the request to start. */
export const planExport = async (who: Who, wanted: Wanted, queryId: string): Promise<NewRequest> => {
  const { context, cloudStorageId } = wanted
  const organizationId = context.kind === 'organization' ? context.id : null
  authorize(who, 'event', 'export', { organizationId, ownerId: who.user.id })
  if (cloudStorageId !== undefined) await getCloudStorage(who, cloudStorageId)
  return {
    id: requestId({ action: 'export', target: 'events', id: queryId, user_id: who.user.id }),
    action: 'export',
    target: 'events',
    orgId: organizationId,
    chore: 'export-events',
    payload: wanted,
  }
}

const columns = { organizationId: eventLog.orgId as any, ownerId: eventLog.userId as any }

const conditionsOf = (who: Who, wanted: Wanted): SQL | undefined =>
  and(
    scope(who, 'event', 'export', columns, wanted.context),
    // Faults in the browsers of people are nobody's work, and what they tell is long.
    ne(eventLog.scope, 'send:exception'),
    gte(eventLog.timestamp, new Date(wanted.from)),
    lte(eventLog.timestamp, new Date(wanted.to)),
    wanted.projectId === undefined ? undefined : eq(eventLog.projectId, wanted.projectId),
    wanted.taskId === undefined ? undefined : eq(eventLog.taskId, wanted.taskId),
    wanted.jobId === undefined ? undefined : eq(eventLog.jobId, wanted.jobId),
    wanted.userId === undefined ? undefined : eq(eventLog.userId, wanted.userId),
  )

type EventRow = typeof eventLog.$inferSelect
/** The columns of the CSV, in order. */
const csvColumns: [string, keyof EventRow][] = [
  ['scope', 'scope'],
  ['obj_name', 'objName'],
  ['obj_id', 'objId'],
  ['obj_val', 'objVal'],
  ['source', 'source'],
  ['timestamp', 'timestamp'],
  ['count', 'count'],
  ['duration', 'duration'],
  ['project_id', 'projectId'],
  ['task_id', 'taskId'],
  ['job_id', 'jobId'],
  ['user_id', 'userId'],
  ['user_name', 'userName'],
  ['user_email', 'userEmail'],
  ['org_id', 'orgId'],
  ['org_slug', 'orgSlug'],
  ['payload', 'payload'],
]

const rowsAtOnce = 2000

/** The CSV in pieces, in the order of time. */
export async function* streamCsv(who: Who, wanted: Wanted): AsyncGenerator<string> {
  await settleEvents()
  yield writeRow(csvColumns.map(([title]) => title))
  const where = conditionsOf(who, wanted)
  for (let last: EventRow | undefined; ; ) {
    const after = last && [
      gte(eventLog.timestamp, last.timestamp),
      or(gt(eventLog.timestamp, last.timestamp), gt(eventLog.id, last.id)),
    ]
    const rows = await eventDb
      .select()
      .from(eventLog)
      .where(and(where, ...(after ?? [])))
      .orderBy(asc(eventLog.timestamp), asc(eventLog.id))
      .limit(rowsAtOnce)
    if (!rows.length) return
    yield rows.map((row) => writeRow(csvColumns.map(([, key]) => row[key]))).join('')
    last = rows.at(-1)
  }
}

/** The same as bytes, for answers that need no request. Throws 403 unless the person may have events at all. */
export const streamEvents = (who: Who, wanted: Wanted): ReadableStream<Uint8Array> => {
  const organizationId = wanted.context.kind === 'organization' ? wanted.context.id : null
  authorize(who, 'event', 'export', { organizationId, ownerId: who.user.id })
  const parts = streamCsv(who, wanted)
  const encoder = new TextEncoder()
  return new ReadableStream({
    pull: async (controller) => {
      const { value, done } = await parts.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    cancel: async () => void (await parts.return(undefined)),
  })
}

const stamp = (date: Date) => date.toISOString().slice(0, 19).replace(/[-T:]/g, '_')

const sendToCloud = async (id: number, name: string, localFile: string) => {
  const row = await findCloudStorage(id)
  if (!row) throw notFound('The cloud storage is gone.')
  await (await openCloudStorage(row)).put(name, Bun.file(localFile))
}

/** The work of an `export-events` request, for runRequest. */
export const runEventsExport = async (row: RequestRow, report: Report): Promise<Result> => {
  const wanted = row.payload as Wanted
  const asker = await findAsker(row)
  if (!asker) throw notFound('The person who asked is gone.')
  const who = await actAs(asker.user)
  await report(0, 'Collecting events')
  const tempDir = join(config().dataDir, 'cache', `events-${row.key}`)
  await mkdir(tempDir, { recursive: true })
  try {
    const tempFile = join(tempDir, 'events.csv')
    const sink = Bun.file(tempFile).writer({ highWaterMark: 1 << 20 })
    for await (const text of streamCsv(who, wanted)) {
      sink.write(text)
      await sink.flush()
    }
    await sink.end()
    const name = wanted.filename ?? `logs_${stamp(new Date())}.csv`
    if (wanted.cloudStorageId !== undefined) {
      await sendToCloud(wanted.cloudStorageId, name, tempFile)
      return {}
    }
    const file = `results/${row.key}.csv`
    await storage().adopt(file, tempFile)
    return { file, name: safeFileName(name) }
  } finally {
    await rm(tempDir, { recursive: true, force: true })
  }
}
