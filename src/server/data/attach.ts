// Attaching media to a task: checks what was sent and starts the work; how far it is.
import { and, eq, inArray } from 'drizzle-orm'
import { getCloudStorage } from '../cloud-storages/service'
import { db } from '../db/open'
import { invalid, notFound, refused } from '../http/errors'
import { float } from '../http/json'
import type { UploadContext, UploadEndpoint } from '../http/upload-routes'
import { assignUploads, hasUploads, listUploads, removeUploads, settleUploads } from '../http/uploads'
import { whyUnsupported } from '../media/media-kinds'
import { authorize } from '../policy/can'
import type { Who } from '../policy/who'
import { requests } from '../requests/schema'
import { requestId, startRequest } from '../requests/service'
import { getTask } from '../tasks/service'
import { appendPurpose, dataPurpose } from './files'
import type { IngestPayload } from './ingest'
import { type DataParameters, readFields, readParameters } from './parameters'

const createId = (taskId: number) => requestId({ action: 'create', target: 'task', target_id: taskId })

const findCreation = async (taskId: number) =>
  (
    await db
      .select()
      .from(requests)
      .where(eq(requests.id, createId(taskId)))
  )[0]

export const isOpen = (status: string | undefined) => status === 'queued' || status === 'started'

/** The task of an upload, when this person may add media to it and it has none. */
const authorizeUpload = async ({ who, params }: UploadContext): Promise<string> => {
  if (!/^\d{1,9}$/.test(params.id ?? '')) throw notFound()
  const id = Number(params.id)
  const { data } = await getTask(who, id, 'upload')
  if (data) throw refused('The task has data already; more cannot be added.')
  if (isOpen((await findCreation(id))?.status)) throw refused('Data are being added to the task already.')
  return dataPurpose(id)
}

/** Throws 403 for a share or bucket that this person may not look into, before any work starts. */
export const authorizeOrigins = async (
  who: Who,
  { serverFiles, pattern, cloudStorageId }: Pick<DataParameters, 'serverFiles' | 'pattern' | 'cloudStorageId'>,
): Promise<void> => {
  if (cloudStorageId !== null) await getCloudStorage(who, cloudStorageId)
  else if (serverFiles.length || pattern !== null) authorize(who, 'share', 'view', {})
}

/** Whether files are asked for that do not come with the request. */
export const namesFiles = ({ serverFiles, remoteFiles, cloudStorageId, pattern }: DataParameters): boolean =>
  serverFiles.length > 0 || remoteFiles.length > 0 || cloudStorageId !== null || pattern !== null

/** Someone else's files are theirs to finish; without any the request fails by itself, as clients expect. */
export const refuseForeignUploads = async (purpose: string): Promise<void> => {
  if (await hasUploads(purpose)) throw invalid({ client_files: 'No media data found: no such file were uploaded.' })
}

/** The upload endpoint of a task's media. */
export const dataEndpoint: Omit<UploadEndpoint, 'path' | 'signedIn'> = {
  names: 'kept',
  accepts: (field) => /^client_files(\[\d*\])?$/.test(field),
  authorize: authorizeUpload,
  // A conversation that starts anew forgets what an abandoned one has left.
  onStart: async ({ who }, purpose) => removeUploads(await listUploads(who.user.id, purpose)),
  onFinish: async ({ who, params }, purpose, { body, fields }) => {
    const taskId = Number(params.id)
    const { client_files: listed, ...sent } = { ...body, ...readFields(fields) }
    if (Array.isArray(listed) && listed.length)
      throw invalid({ client_files: 'Files are sent as parts of a form, or beforehand.' })
    const parameters = readParameters(sent)
    const uploads = await settleUploads(who.user.id, purpose)
    await authorizeOrigins(who, parameters)
    if (!uploads.length && !namesFiles(parameters)) await refuseForeignUploads(purpose)
    const problems = uploads.flatMap(({ name }) => whyUnsupported(name) ?? [])
    if (problems.length) throw invalid({ client_files: problems.slice(0, 20) })
    const { task } = await getTask(who, taskId, 'upload')
    const payload: IngestPayload = { taskId, parameters }
    const { id } = await startRequest(who, {
      id: createId(taskId),
      action: 'create',
      target: 'task',
      taskId,
      projectId: task.projectId,
      orgId: task.organizationId,
      chore: 'create-task',
      payload,
    })
    return { rq_id: id }
  },
}

/**
 * Attaches the files of a plain form, which have a purpose of their own until then, and what the body names, as the endpoint does.
 * @param uploads that purpose
 */
export const attachFromForm = async (
  context: UploadContext,
  uploads: string,
  body: Record<string, unknown>,
): Promise<unknown> => {
  const purpose = await authorizeUpload(context)
  await dataEndpoint.onStart!(context, purpose)
  await assignUploads(uploads, purpose)
  return dataEndpoint.onFinish(context, purpose, { announced: false, body, fields: [], files: [] })
}

const stateOf = { queued: 'Queued', started: 'Started', finished: 'Finished', failed: 'Failed' } as const

/** How far the creation of a task is. A task without a record of it has nothing to wait for. */
export const showStatus = async (taskId: number) => {
  const row = await findCreation(taskId)
  return {
    state: row ? stateOf[row.status] : 'Finished',
    message: row?.message ?? '',
    progress: float(row && isOpen(row.status) ? (row.progress ?? 0) : 0),
  }
}

/** Purposes of uploads whose task waits for them. */
export const listBusyPurposes = async (): Promise<Set<string>> => {
  const open = await db
    .select({ taskId: requests.taskId })
    .from(requests)
    .where(and(inArray(requests.chore, ['create-task', 'append-frames']), inArray(requests.status, ['queued', 'started'])))
  return new Set(open.flatMap(({ taskId }) => (taskId === null ? [] : [dataPurpose(taskId), appendPurpose(taskId)])))
}
