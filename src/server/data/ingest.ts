// Turns uploaded files into the media of a task: adopts, orders and probes them, then writes frames and jobs in one transaction.
import { and, eq, ne } from 'drizzle-orm'
import { db, insertRows, type Tx, tx } from '../db/open'
import { safeFileName } from '../http/downloads'
import { ApiError, conflict, notFound } from '../http/errors'
import { deleteUploadRows, listUploads, moveUploads, removeUploadsFor, type Upload } from '../http/uploads'
import { insertJobs, recordNewJobs } from '../jobs/service'
import { findAsker, isRepeated, type Report, type RequestRow, type Result } from '../requests/service'
import { storage } from '../storage/storage'
import { tasks } from '../tasks/schema'
import { insertValidation } from '../validation/service'
import { calibrationFolder, readCalibrationSources, saveCalibration, storeCalibration } from './calibration-files'
import { chooseChunkSize, chooseFrames, type FrameRange } from './cut'
import { contentsFolder, dataPurpose, rawFolder } from './files'
import { makeChunksAhead } from './make-chunks'
import type { DataParameters } from './parameters'
import { type Arranged, arrangeFrames, type PlacedPicture } from './plan-frames'
import { dimensionOf, judgeMixture, probeFiles, type SourceFile } from './probe-files'
import { insertRelated } from './related-files'
import { type ChunkType, frames, taskData } from './schema'
import { findMedia, removeContainers, removeOpened } from './sources/contents/find-media'
import { gatherFiles } from './sources/origins/gather'
import { placeOf } from './sources/origins/place'
import { findTaskData } from './stored-media'

type Task = typeof tasks.$inferSelect
export type IngestPayload = { taskId: number; parameters: DataParameters }

/** Where the bytes of an upload end up: the same name on every run, so that a run that was cut off can go on. */
const rawName = (folder: string, { id, name }: Upload) =>
  `${folder}/${id.split('_').at(-1)}-${safeFileName(name.split('/').at(-1)!).slice(-80)}`

/** Moves the uploads into a folder of the task; those that an earlier run has moved are there already. */
export const adoptFiles = async (folder: string, uploads: Upload[]): Promise<SourceFile[]> => {
  const files = uploads.map((upload) => ({ name: upload.name, file: rawName(folder, upload) }))
  await moveUploads(uploads.map(({ id }, i) => ({ id, name: files[i]!.file })))
  return files
}

type Calibration = { file: string; names: string[] }
type Found = Arranged & { task: Task; parameters: DataParameters; calibration: Calibration | null }

const describeData = ({ task, media, range, parameters }: Found, now: Date) => {
  const isVideo = media.kind === 'video'
  const first = isVideo ? media.video : media.pictures[range.startFrame]!
  const compressedChunkType: ChunkType = isVideo && !parameters.useZipChunks ? 'video' : 'imageset'
  const originalChunkType: ChunkType = isVideo ? 'video' : 'imageset'
  return {
    taskId: task.id,
    chunkSize: parameters.chunkSize ?? chooseChunkSize(compressedChunkType === 'video', first.width, first.height),
    size: range.size,
    imageQuality: parameters.imageQuality,
    startFrame: range.startFrame,
    stopFrame: range.stopFrame,
    frameFilter: range.step > 1 ? `step=${range.step}` : '',
    compressedChunkType,
    originalChunkType,
    sortingMethod: parameters.sortingMethod,
    storageMethod: parameters.useCache ? 'cache' : 'file_system',
    storage: placeOf(first.file),
    cloudStorageId: parameters.cloudStorageId,
    deletedFrames: [],
    chunksUpdatedDate: now,
    video: isVideo
      ? { file: media.video.file, name: media.video.name, width: media.video.width, height: media.video.height }
      : null,
  }
}

const rowsPerInsert = 5000
const insertFrames = async (t: Tx, taskId: number, pictures: PlacedPicture[], { startFrame, step, size }: FrameRange) => {
  for (let from = 0; from < size; from += rowsPerInsert) {
    const rows = Array.from({ length: Math.min(rowsPerInsert, size - from) }, (_, i) => {
      const { name, file, width, height, realFrame = null } = pictures[startFrame + (from + i) * step]!
      return { taskId, number: from + i, name, file, width, height, realFrame }
    })
    await insertRows(t, frames, rows)
  }
}

/** All tasks of a project are 2D, or all are 3D, as its labels and formats are. */
const checkDimension = async (t: Tx, { id, projectId }: Task, dimension: string) => {
  if (projectId === null) return
  const [other] = await t
    .select({ dimension: tasks.dimension })
    .from(tasks)
    .innerJoin(taskData, eq(taskData.taskId, tasks.id))
    .where(and(eq(tasks.projectId, projectId), ne(tasks.id, id), ne(tasks.dimension, dimension)))
    .limit(1)
  if (!other) return
  const text = `Dimension (${dimension}) of the task must be the same as other tasks in project (${other.dimension})`
  throw new ApiError(400, [text])
}

/** Everything or nothing: data, frames, jobs, and the uploads forgotten. */
const save = (found: Found, uploads: Upload[], row: RequestRow) =>
  tx(async (t) => {
    const [task] = await t.select().from(tasks).where(eq(tasks.id, found.task.id))
    if (!task) throw notFound('The task was removed meanwhile.')
    const [there] = await t.select({ id: taskData.id }).from(taskData).where(eq(taskData.taskId, task.id))
    if (there) throw conflict('The task has data already.')
    const { media, range, plan, validation, calibration } = found
    const { segmentSize, overlap, cuts } = plan
    const now = new Date()
    await t.insert(taskData).values(describeData({ ...found, task }, now))
    const dimension = dimensionOf(media)
    await checkDimension(t, task, dimension)
    if (media.kind === 'pictures') {
      await insertFrames(t, task.id, media.pictures, range)
      await insertRelated(t, task.id, media.pictures, range)
    }
    if (calibration) await saveCalibration(t, task.id, calibration.file, calibration.names, now)
    await insertJobs(t, task.id, cuts, now)
    if (validation) await insertValidation(t, task.id, validation, range.size, now)
    const asker = await findAsker(row, t)
    if (asker) await recordNewJobs(t, asker, task.id)
    const mode = media.kind === 'video' ? 'interpolation' : 'annotation'
    const mediaType = dimension === '3d' ? 'point_cloud' : 'image'
    await t.update(tasks).set({ mode, dimension, mediaType, segmentSize, overlap, updatedDate: now }).where(eq(tasks.id, task.id))
    await deleteUploadRows(t, uploads)
  })

const findTask = async (taskId: number): Promise<Task> => {
  const [task] = await db.select().from(tasks).where(eq(tasks.id, taskId))
  if (!task) throw notFound('The task was removed meanwhile.')
  return task
}

const keepCalibration = async (taskId: number, sources: SourceFile[]): Promise<Calibration | null> => {
  if (!sources.length) return null
  await storage().remove(calibrationFolder(taskId))
  const file = await storeCalibration(taskId, await readCalibrationSources(sources))
  return { file, names: sources.map(({ name }) => name) }
}

const ingest = async (row: RequestRow, report: Report): Promise<void> => {
  const { userId, payload } = row
  const { taskId, parameters } = payload as IngestPayload
  // A run that was cut off after its commit has only files left over.
  if (await findTaskData(taskId)) return removeContainers(rawFolder(taskId))
  const task = await findTask(taskId)
  const uploads = userId === null ? [] : await listUploads(userId, dataPurpose(taskId))
  const options = { folder: rawFolder(taskId), isKnown: () => false }
  const uploaded = await adoptFiles(options.folder, uploads)
  const { files: sources, manifest } = await gatherFiles(options, uploaded, parameters, report)
  if (!sources.length) throw new ApiError(400, { client_files: ['No media data found.'] })
  const tell = (done: number) => report(done * 0.5, 'Looking into the files')
  const { files, calibration, opened } = await findMedia(sources, {
    parameters,
    manifest,
    folder: contentsFolder(taskId),
    report: tell,
  })
  const media = judgeMixture(await probeFiles(files, (done) => report(0.5 + done * 0.4, 'Looking at the files')))
  if (media.kind === 'video' && parameters.jobFiles)
    throw new ApiError(400, { job_file_mapping: ['Only pictures can be distributed over jobs by name.'] })
  const range = chooseFrames(media.kind === 'video' ? media.video.frames : media.pictures.length, parameters)
  await report(0.95, 'Writing frames and jobs')
  const arranged = arrangeFrames({ task, media, range, parameters })
  await save({ task, parameters, ...arranged, calibration: await keepCalibration(taskId, calibration) }, uploads, row)
  await removeOpened(opened, rawFolder(taskId))
}

/** Leaves the task as it was before, ready to be given data again. */
const forgetFiles = async (taskId: number) => {
  if (await findTaskData(taskId)) return
  await removeUploadsFor(dataPurpose(taskId))
  await storage().remove(rawFolder(taskId))
  await storage().remove(calibrationFolder(taskId))
}

/**
 * The work of a `create-task` request, for runRequest: media of the task from the uploads of the person who asked. May be repeated
 * at any time. An error names the file at fault and leaves no data behind.
 */
export const ingestTask = async (row: RequestRow, report: Report): Promise<Result> => {
  const { taskId, parameters } = row.payload as IngestPayload
  try {
    await ingest(row, report)
  } catch (error) {
    if (!isRepeated(error)) await forgetFiles(taskId)
    throw error
  }
  if (!parameters.useCache) void makeChunksAhead(taskId)
  return {}
}
