// Looks into watched folders and appends what has arrived and is complete.
import { eq } from 'drizzle-orm'
import { actAs, isAdmitted } from '../../auth/service'
import { defaultPrefix, findCloudStorage, openCloudStorage } from '../../cloud-storages/service'
import { db, tx } from '../../db/open'
import { ApiError } from '../../http/errors'
import { kindOfName } from '../../media/media-kinds'
import * as queue from '../../queue/queue'
import { readSharePlace } from '../../share/service'
import { listAllObjects } from '../../storage/object-store'
import { StorageError } from '../../storage/storage'
import { getTask } from '../../tasks/service'
import { getUser } from '../../users/service'
import { authorizeOrigins } from '../attach'
import type { DataParameters } from '../parameters'
import { isObjectFile } from '../sources/origins/cloud'
import { compilePattern } from '../sources/origins/file-pattern'
import { mediaOf } from '../stored-media'
import { startAppend } from './append'
import { requireGrowable } from './growable'
import { type FileMarks, watches } from './schema'
import type { Watch } from './watches'

/** What is watched for; archives and videos are no frames. */
const watchedKinds = new Set<string | undefined>(['picture', 'pages', 'cloud'])

/** Files that one look appends; the others wait for the next. */
const maxFiles = 20_000

type Seen = { name: string; mark: string /** Whether it can no longer be in the middle of being written. */; isWhole: boolean }

/** A file of the share may still grow: it counts once it has not changed between two looks. */
const listShare = async ({ path }: Watch): Promise<Seen[]> => {
  const place = await readSharePlace(path)
  const files = place.kind === 'file' ? [place.file] : place.files
  return files.map(({ name, size, modified }) => ({ name, mark: `${size} ${modified.getTime()}`, isWhole: false }))
}

/** An object appears in a bucket as a whole. */
const listBucket = async ({ path, cloudStorageId }: Watch): Promise<Seen[]> => {
  const row = cloudStorageId === null ? undefined : await findCloudStorage(cloudStorageId)
  if (!row) throw new StorageError('The cloud storage was removed', 'missing')
  const store = await openCloudStorage(row)
  const initial = defaultPrefix(row)
  const seen: Seen[] = []
  for await (const { name, size, etag } of listAllObjects(store, initial.startsWith(path) ? initial : path))
    if (name.startsWith(initial) && size > 0 && isObjectFile(name)) seen.push({ name, mark: `${size} ${etag}`, isWhole: true })
  return seen.sort((a, b) => (a.name < b.name ? -1 : 1))
}

const listPlace = { share: listShare, cloud_storage: listBucket }

const parametersOf = ({ origin, cloudStorageId, copyData }: Watch, serverFiles: string[]): DataParameters => ({
  imageQuality: 70,
  chunkSize: null,
  startFrame: 0,
  stopFrame: null,
  step: 1,
  sortingMethod: 'natural',
  fileOrder: null,
  jobFiles: null,
  useZipChunks: false,
  useCache: true,
  serverFiles,
  exclude: [],
  pattern: null,
  remoteFiles: [],
  cloudStorageId: origin === 'share' ? null : cloudStorageId,
  copyData,
  validation: null,
})

type Look = { lastSeen: FileMarks; known: ReadonlySet<string> }

/** What is new, and the request that appends what is complete. Throws ApiError or StorageError saying why nothing can be appended. */
const look = async (watch: Watch): Promise<Look> => {
  const owner = watch.ownerId === null ? undefined : await getUser(watch.ownerId)
  if (!owner || !isAdmitted(owner)) throw new StorageError('The person who set this up is gone; save it anew to go on')
  const who = await actAs(owner)
  const { data: found } = await getTask(who, watch.taskId, 'upload')
  await authorizeOrigins(who, parametersOf(watch, ['']))
  const data = await requireGrowable(watch.taskId, found)
  const fits = compilePattern(watch.pattern || '*')
  const known = new Set(Object.values((await mediaOf(data)).frames ?? {}).map(({ name }) => name))
  const seen = (await listPlace[watch.origin](watch)).filter(
    ({ name, mark }) =>
      watchedKinds.has(kindOfName(name)) &&
      !known.has(name) &&
      fits(name.slice(name.lastIndexOf('/') + 1)) &&
      watch.unusable[name] !== mark,
  )
  const lastSeen = Object.fromEntries(seen.map(({ name, mark }) => [name, mark]))
  const whole = seen.filter(({ name, mark, isWhole }) => isWhole || watch.lastSeen[name] === mark).slice(0, maxFiles)
  if (whole.length) {
    const names = whole.map(({ name }) => name)
    const marks = Object.fromEntries(whole.map(({ name, mark }) => [name, mark]))
    const start = { parameters: parametersOf(watch, names), segmentSize: null, watch: { id: watch.id, marks } }
    await startAppend(who, watch.taskId, start).catch((error) => {
      // Another request appends at the moment; these files wait for the next look.
      if (!(error instanceof ApiError) || error.status !== 409) throw error
    })
  }
  return { lastSeen, known }
}

/** Without files that have changed, or are frames by now. */
const keepUnusable = (unusable: FileMarks, { lastSeen, known }: Look): FileMarks =>
  Object.fromEntries(Object.entries(unusable).filter(([name, mark]) => !known.has(name) && (lastSeen[name] ?? mark) === mark))

const describe = (error: unknown): string => {
  if (error instanceof ApiError) return Object.values(error.body).flat().join(' ')
  if (error instanceof StorageError) return error.message
  throw error
}

/** One look at a watched folder. Trouble is noted in the watch, and the next look comes all the same. */
export const scanWatch = async (id: number): Promise<void> => {
  const [watch] = await db.select().from(watches).where(eq(watches.id, id))
  if (!watch?.enabled) return
  const result: Look | { problem: string } = await look(watch).catch((error) => ({ problem: describe(error) }))
  await tx(async (t) => {
    const [now] = await t.select().from(watches).where(eq(watches.id, id))
    if (!now) return
    // Work that was started meanwhile may have found more that is unusable.
    const changes =
      'lastSeen' in result ? { problem: '', lastSeen: result.lastSeen, unusable: keepUnusable(now.unusable, result) } : result
    await t
      .update(watches)
      .set({ ...changes, lastScanDate: new Date() })
      .where(eq(watches.id, id))
  })
}

/** Adds a look for every watch whose time has come; the same look of several servers counts once. */
export const addDueScans = async (now = Date.now()): Promise<void> => {
  const rows = await db
    .select({ id: watches.id, intervalSeconds: watches.intervalSeconds, lastScanDate: watches.lastScanDate })
    .from(watches)
    .where(eq(watches.enabled, true))
  for (const { id, intervalSeconds, lastScanDate } of rows) {
    const last = lastScanDate?.getTime() ?? 0
    if (last + intervalSeconds * 1000 <= now) await queue.add('scan-watch', { watchId: id }, { id: `scan-watch-${id}-${last}` })
  }
}
