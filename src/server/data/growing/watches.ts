// Watched folders of a task: who may set them up, and how they are shown and changed.
import { and, asc, eq } from 'drizzle-orm'
import { getCloudStorage } from '../../cloud-storages/service'
import { db, tx } from '../../db/open'
import { found, invalid } from '../../http/errors'
import { isoTime, isoTimeOrNull } from '../../http/json'
import { authorize } from '../../policy/can'
import type { Who } from '../../policy/who'
import { checkShareName, readSharePlace } from '../../share/service'
import { isFileName } from '../../storage/object-names'
import { getTask } from '../../tasks/service'
import { loadPeople, showPerson } from '../../users/service'
import { compilePattern } from '../sources/origins/file-pattern'
import { requireGrowable } from './growable'
import { type WatchOrigin, watches } from './schema'

export type Watch = typeof watches.$inferSelect

export const shortestIntervalSeconds = 5
export const longestIntervalSeconds = 86_400
const initialIntervalSeconds = 60
const maxWatches = 50

export type WatchInput = {
  origin?: WatchOrigin
  cloud_storage_id?: number | null
  path?: string
  pattern?: string
  copy_data?: boolean
  /** Seconds. */
  interval?: number
  enabled?: boolean
}

const shownNames = 100

/** Watches as the API shows them. */
export const showWatches = async (origin: string, rows: Watch[]) => {
  const people = await loadPeople(rows.map(({ ownerId }) => ownerId))
  return rows.map((row) => ({
    id: row.id,
    task_id: row.taskId,
    owner: row.ownerId !== null && people.has(row.ownerId) ? showPerson(origin, people.get(row.ownerId)!) : null,
    origin: row.origin,
    cloud_storage_id: row.cloudStorageId,
    path: row.path,
    pattern: row.pattern,
    copy_data: row.copyData,
    interval: row.intervalSeconds,
    enabled: row.enabled,
    /** Files that have been seen and are no frames yet. */
    waiting: Object.keys(row.lastSeen).length,
    unusable: Object.keys(row.unusable).slice(0, shownNames),
    last_scan_date: isoTimeOrNull(row.lastScanDate),
    last_message: row.lastMessage,
    problem: row.problem,
    created_date: isoTime(row.createdDate),
  }))
}
export type ShownWatch = Awaited<ReturnType<typeof showWatches>>[number]

const readPath = async (origin: WatchOrigin, path: string): Promise<string> => {
  if (origin === 'share') {
    const name = checkShareName(path)
    const place = await readSharePlace(name)
    if (place.kind === 'file') throw invalid({ path: `${path}: a file, not a folder.` })
    return name
  }
  const prefix = path.replace(/^\/+/, '')
  if (prefix !== '' && !isFileName(prefix)) throw invalid({ path: 'Not the beginning of names in a bucket.' })
  return prefix
}

const checkPattern = (pattern: string) => {
  try {
    compilePattern(pattern)
  } catch {
    throw invalid({ pattern: `"${pattern}": a range of characters runs backwards.` })
  }
}

/** The values of a watch after a change. Throws 400 naming the field, 403 for a share or bucket that the person may not look into. */
const readWatch = async (who: Who, input: WatchInput, before?: Watch) => {
  const origin = input.origin ?? before?.origin
  if (!origin) throw invalid({ origin: 'This field is required.' })
  const cloudStorageId = input.cloud_storage_id === undefined ? (before?.cloudStorageId ?? null) : input.cloud_storage_id
  if (origin === 'share') authorize(who, 'share', 'view', {})
  else if (cloudStorageId === null) throw invalid({ cloud_storage_id: 'This field is required.' })
  else await getCloudStorage(who, cloudStorageId)
  const pattern = input.pattern ?? before?.pattern ?? ''
  checkPattern(pattern)
  const path = input.path ?? before?.path ?? ''
  const isMoved = before?.origin !== origin || before.path !== path || before.cloudStorageId !== cloudStorageId
  return {
    origin,
    cloudStorageId: origin === 'share' ? null : cloudStorageId,
    path: isMoved ? await readPath(origin, path) : path,
    pattern,
    copyData: input.copy_data ?? before?.copyData ?? false,
    intervalSeconds: input.interval ?? before?.intervalSeconds ?? initialIntervalSeconds,
    enabled: input.enabled ?? before?.enabled ?? true,
    // What was seen elsewhere tells nothing about the new place.
    ...(isMoved && { lastSeen: {}, unusable: {} }),
  }
}

export const listWatches = (taskId: number): Promise<Watch[]> =>
  db.select().from(watches).where(eq(watches.taskId, taskId)).orderBy(asc(watches.id))

/** The watch of a task, when the person may see the task: else 404 or 403. */
export const getWatch = async (who: Who, taskId: number, id: number, action = 'view'): Promise<Watch> => {
  await getTask(who, taskId, action)
  const [row] = await db
    .select()
    .from(watches)
    .where(and(eq(watches.id, id), eq(watches.taskId, taskId)))
  return found(row)
}

export const createWatch = async (who: Who, taskId: number, input: WatchInput): Promise<Watch> => {
  await requireGrowable(taskId, (await getTask(who, taskId, 'upload')).data)
  const values = await readWatch(who, input)
  if ((await listWatches(taskId)).length >= maxWatches)
    throw invalid({ non_field_errors: `A task may watch at most ${maxWatches} folders.` })
  const seen = { lastSeen: {}, unusable: {} }
  return tx(async (t) => {
    const [row] = await t
      .insert(watches)
      .values({ ...seen, ...values, taskId, ownerId: who.user.id, createdDate: new Date() })
      .returning()
    return row!
  })
}

/** Whoever changes a watch becomes its owner: from now on it looks with that person's rights. */
export const updateWatch = async (who: Who, taskId: number, id: number, input: WatchInput): Promise<Watch> => {
  const before = await getWatch(who, taskId, id, 'upload')
  const values = await readWatch(who, input, before)
  return tx(async (t) => {
    const [row] = await t
      .update(watches)
      // The next look comes at once.
      .set({ ...values, ownerId: who.user.id, lastScanDate: null })
      .where(eq(watches.id, id))
      .returning()
    return found(row)
  })
}

export const removeWatch = async (who: Who, taskId: number, id: number): Promise<void> => {
  await getWatch(who, taskId, id, 'upload')
  await tx(async (t) => void (await t.delete(watches).where(eq(watches.id, id))))
}
