// Writes a task of a backup into the database: everything of it in the transaction of the restore.
import { FormatError } from '../../formats/format-error'
import type { DatasetFile } from '../../formats/io/dataset-files'
import { insertAll, readAnnotations } from '../annotations/service'
import { saveShapes } from '../cloud-shapes/service'
import { type ChunkType, frames, relatedFiles, taskData } from '../data/schema'
import type { CalibrationFile } from '../data/service'
import { rawFolder } from '../data/service'
import { insertRows, type Tx } from '../db/open'
import { recordChange } from '../events/service'
import { ApiError } from '../http/errors'
import { jobs } from '../jobs/schema'
import { recordNewJobs } from '../jobs/service'
import { applyLabels, type LabelTree, labelsOf } from '../labels/service'
import { cloudName } from '../media/media'
import type { Who } from '../policy/who'
import { tasks, validationLayouts } from '../tasks/schema'
import { findTask, showTasks } from '../tasks/service'
import type { LaidFrame, LaidJob, LaidTask } from './lay-frames'
import { taskFile } from './layout'
import type { JobAnnotations } from './read-annotations'
import { type PreparedGuide, saveGuide } from './read-guide'
import type { TaskPlan } from './read-manifest'
import type { StagedMedia } from './stage-media'

/** A task whose media lie in a temporary folder, ready to be written. */
export type PreparedTask = {
  plan: TaskPlan
  media: StagedMedia
  laid: LaidTask
  /** `read` answers the bodies of the jobs in their order, with the ids of these labels; `file` is what errors name. */
  annotations: { file: string; read: (labels: LabelTree[]) => AsyncIterable<JobAnnotations> }
  /** What is drawn on point clouds. */
  cloudShapes?: DatasetFile | undefined
  guide: PreparedGuide | undefined
  /** Files as they were given; absent where there are none. */
  calibration?: CalibrationFile[]
  /** Storage name of the temporary folder with its raw files; undefined when they lie in a bucket. */
  folder: string | undefined
  /** The bucket of a lightweight backup, when the person may use it. */
  cloudStorageId: number | null
}

/** `ownerId`: without, the task belongs to the person. */
export type Place = {
  who: Who
  now: Date
  organizationId: number | null
  projectId: number | null
  ownerId?: number | null
}

/** Errors of other features are about bodies of the API; here they are about a file of the backup. */
const about = async <T>(file: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const [field, reason] = Object.entries(error.body)[0] ?? ['', '']
    throw new FormatError(String(reason), { file, ...(Number.isNaN(Number(field)) && { field }) })
  }
}

const insertTask = async (t: Tx, { plan, laid, media }: PreparedTask, place: Place) => {
  const { who, now, organizationId, projectId, ownerId = who.user.id } = place
  const [task] = await t
    .insert(tasks)
    .values({
      name: plan.name,
      projectId,
      ownerId,
      organizationId,
      bugTracker: plan.bugTracker,
      status: plan.status,
      subset: plan.subset,
      dimension: media.dimension,
      mediaType: media.dimension === '3d' ? 'point_cloud' : 'image',
      mode: media.kind === 'video' ? 'interpolation' : 'annotation',
      overlap: laid.overlap,
      segmentSize: laid.segmentSize,
      consensusReplicas: plan.replicas,
      createdDate: now,
      updatedDate: now,
    })
    .returning({ id: tasks.id })
  return task!.id
}

/** Where a file of the source lies once the task has its id. */
const fileNamer =
  ({ folder, cloudStorageId }: PreparedTask, taskId: number) =>
  (name: string) =>
    folder === undefined ? cloudName(cloudStorageId ?? 0, name) : `${rawFolder(taskId)}/${name}`

/** As many as have the area of 36 pictures in Full HD. */
const chooseChunkSize = (chunkType: ChunkType, { width, height }: { width: number; height: number }) =>
  chunkType === 'video' ? 36 : Math.max(2, Math.min(72, Math.floor((36 * 1920 * 1080) / (width * height))))

const insertData = async (t: Tx, taskId: number, prepared: PreparedTask, now: Date) => {
  const { plan, laid, media, folder, cloudStorageId } = prepared
  const fileOf = fileNamer(prepared, taskId)
  const video = media.kind === 'video' ? media.video : undefined
  const compressedChunkType: ChunkType = video ? (plan.data.chunkType ?? 'video') : 'imageset'
  await t.insert(taskData).values({
    taskId,
    chunkSize: plan.data.chunkSize ?? chooseChunkSize(compressedChunkType, video ?? laid.frames![0]!),
    size: laid.size,
    imageQuality: plan.data.imageQuality,
    startFrame: laid.startFrame,
    stopFrame: laid.stopFrame,
    frameFilter: laid.frameFilter,
    compressedChunkType,
    originalChunkType: video ? 'video' : 'imageset',
    sortingMethod: plan.data.sortingMethod,
    storageMethod: plan.data.storageMethod,
    storage: folder === undefined ? 'cloud_storage' : 'local',
    cloudStorageId,
    deletedFrames: [...new Set(plan.data.deletedFrames)].sort((a, b) => a - b),
    chunksUpdatedDate: now,
    video: video ? { file: fileOf(video.name), name: video.name, width: video.width, height: video.height } : null,
  })
  if (laid.frames) await insertFrames(t, taskId, laid.frames, fileOf)
}

const rowsPerInsert = 5000
const insertFrames = async (t: Tx, taskId: number, own: LaidFrame[], fileOf: (name: string) => string) => {
  for (let from = 0; from < own.length; from += rowsPerInsert) {
    const rows = own.slice(from, from + rowsPerInsert).map(({ name, width, height, realFrame }, i) => {
      return { taskId, number: from + i, name, file: fileOf(name), width, height, realFrame }
    })
    await insertRows(t, frames, rows)
  }
  // A honeypot shares the pictures beside the frame that it shows.
  const related = own.flatMap((frame) => (frame.realFrame === null ? frame.related.map((name) => ({ frame, name })) : []))
  for (let from = 0; from < related.length; from += rowsPerInsert) {
    const rows = related.slice(from, from + rowsPerInsert).map(({ frame, name }) => {
      return { taskId, frameFile: fileOf(frame.name), name, file: fileOf(name) }
    })
    await insertRows(t, relatedFiles, rows)
  }
}

/** Ids of the jobs in their order; replicas belong to the job before them. */
const insertJobs = async (t: Tx, taskId: number, own: LaidJob[], now: Date): Promise<number[]> => {
  const ids: number[] = []
  let parentJobId: number | null = null
  for (const job of own) {
    const values: typeof jobs.$inferInsert = {
      ...job,
      taskId,
      parentJobId: job.type === 'replica' ? parentJobId : null,
      createdDate: now,
      updatedDate: now,
    }
    const [row]: { id: number }[] = await t.insert(jobs).values(values).returning({ id: jobs.id })
    ids.push(row!.id)
    if (job.type === 'annotation') parentJobId = row!.id
  }
  return ids
}

const insertAnnotations = async (
  t: Tx,
  { file, read }: PreparedTask['annotations'],
  labels: LabelTree[],
  ids: number[],
  own: LaidJob[],
) => {
  const byId = new Map(labels.map((label) => [label.id, label]))
  let at = 0
  for await (const body of read(labels)) {
    const job = own[at]
    const jobId = ids[at]
    if (!job || jobId === undefined) throw new FormatError(`There are more lists than the ${own.length} jobs`, { file })
    const range = `job ${at} (frames ${job.startFrame} to ${job.stopFrame})`
    const allows = (frame: number) => frame >= job.startFrame && frame <= job.stopFrame
    const rows = await about(own.length > 1 ? `${file}, job ${at}` : file, async () =>
      readAnnotations(body, { labels: byId, allows, range }),
    )
    await insertAll(t, jobId, rows)
    at++
  }
}

/** Answers the id of the new task; its files are to be moved to `rawFolder(id)` before the transaction ends. */
export const saveTask = async (t: Tx, prepared: PreparedTask, place: Place): Promise<number> => {
  const { who, now, organizationId, projectId } = place
  const { plan, laid } = prepared
  const taskId = await insertTask(t, prepared, place)
  const parent = projectId === null ? { taskId } : { projectId }
  if (projectId === null) await about(taskFile, () => applyLabels(t, parent, plan.labels, { who, now, organizationId }))
  await insertData(t, taskId, prepared, now)
  if (laid.layout) await t.insert(validationLayouts).values({ taskId, ...laid.layout })
  const ids = await insertJobs(t, taskId, laid.jobs, now)
  const labels = await labelsOf(parent, t)
  await insertAnnotations(t, prepared.annotations, labels, ids, laid.jobs)
  const own = ids.map((id, i) => ({ id, startFrame: laid.jobs[i]!.startFrame, stopFrame: laid.jobs[i]!.stopFrame }))
  if (prepared.cloudShapes) await saveShapes(t, prepared.cloudShapes, own, labels)
  if (prepared.guide) await saveGuide(t, { taskId }, prepared.guide, place)
  const [after] = await showTasks(who.origin ?? '', [await findTask(taskId, t)], t)
  await recordChange(t, who, { action: 'create', resource: 'task', id: taskId, organizationId, projectId, after: after! })
  await recordNewJobs(t, who, taskId)
  return taskId
}
