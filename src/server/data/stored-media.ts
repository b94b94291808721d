// The media of a task as the media functions and exports want them, kept in memory between requests.
import { asc, eq } from 'drizzle-orm'
import { fetchObjectOf } from '../cloud-storages/service'
import { db } from '../db/open'
import { notFound } from '../http/errors'
import { getFrame, isVideoFrame, type Related, setFetchObject, sourceFrameOf, type TaskMedia, withFiles } from '../media/media'
import { listRelated, type RelatedByFile } from './related-files'
import { frames, taskData } from './schema'

export type TaskData = typeof taskData.$inferSelect

setFetchObject(fetchObjectOf)

/** Changes whenever frames or quality change, also when data of the same number of frames are attached anew. */
const versionOf = (data: TaskData) => `${data.id}.${data.imageQuality}.${data.chunksUpdatedDate.getTime().toString(36)}`

/** When a chunk of the task last changed; one that gained frames counts. */
export const chunksDateOf = ({ chunksUpdatedDate, grownDate }: TaskData): Date =>
  grownDate && grownDate > chunksUpdatedDate ? grownDate : chunksUpdatedDate

/** Frames of all tasks that may stay in memory together (some 200 bytes each). */
const keptFrames = 300_000
const kept = new Map<number, { media: TaskMedia; weight: number }>()
let weight = 0

const keep = (media: TaskMedia) => {
  drop(media.taskId)
  const own = media.video ? 1 : media.size
  kept.set(media.taskId, { media, weight: own })
  weight += own
  // The newest stays whatever its size: without it every frame of a huge task would read all of them.
  for (const id of kept.keys()) if (weight > keptFrames && id !== media.taskId) drop(id)
}
const drop = (taskId: number) => {
  weight -= kept.get(taskId)?.weight ?? 0
  kept.delete(taskId)
}

const readStep = (data: TaskData) => Number(/^step=(\d+)$/.exec(data.frameFilter)?.[1] ?? 1)
/** Source frame of a task frame. */
export const sourceFrame = (data: TaskData, taskFrame: number) => data.startFrame + taskFrame * readStep(data)

const read = async (data: TaskData): Promise<TaskMedia> => {
  const common = {
    taskId: data.taskId,
    version: versionOf(data),
    imageQuality: data.imageQuality,
    chunkType: { original: data.originalChunkType, compressed: data.compressedChunkType },
    size: data.size,
  }
  if (data.video) return { ...common, video: { ...data.video, startFrame: data.startFrame, step: readStep(data) } }
  const rows = await db
    .select({ file: frames.file, name: frames.name, width: frames.width, height: frames.height })
    .from(frames)
    .where(eq(frames.taskId, data.taskId))
    .orderBy(asc(frames.number))
  const related = await listRelated(data.taskId)
  return { ...common, frames: rows, ...(related.size && { related }) }
}

/** The media of data that have been read already; no query when they are in memory. */
export const mediaOf = async (data: TaskData): Promise<TaskMedia> => {
  const known = kept.get(data.taskId)?.media
  // Appended frames leave the version as it is, and with it whatever was made of the others.
  if (known?.version === versionOf(data) && known.size === data.size) {
    // Most recently used last.
    const entry = kept.get(data.taskId)!
    kept.delete(data.taskId)
    kept.set(data.taskId, entry)
    return known
  }
  const media = await read(data)
  keep(media)
  return media
}

export const findTaskData = async (taskId: number): Promise<TaskData | undefined> =>
  (await db.select().from(taskData).where(eq(taskData.taskId, taskId)))[0]

/** The media of a task; throws 404 while it has none. */
export const loadTaskMedia = async (taskId: number): Promise<TaskMedia> => {
  const data = await findTaskData(taskId)
  if (!data) throw notFound('The task has no data.')
  return mediaOf(data)
}

/** Pictures that are shown beside the frames of a task, by the `file` of a frame. Throws 404 while the task has no data. */
export const relatedOf = async (taskId: number): Promise<RelatedByFile> => (await loadTaskMedia(taskId)).related ?? new Map()

/** One frame as exports see it; pixels as displayed. `file` is a media name: of the picture or cloud, or of the whole video. */
export type NamedFrame = {
  number: number
  name: string
  file: string
  width: number
  height: number
  /** Pictures that are shown beside it, by their paths as uploaded. */
  related: readonly Related[]
}

/** Name of a video frame: `frame_000012`, by its number in the source. */
export const videoFrameName = (source: number) => `frame_${String(source).padStart(6, '0')}`

/** Every frame of a task in order, deleted ones included. */
export const frameNames = async function* (taskId: number): AsyncGenerator<NamedFrame> {
  const media = await loadTaskMedia(taskId)
  for (let number = 0; number < media.size; number++) {
    if (media.video) {
      const { file, width, height } = media.video
      yield { number, name: videoFrameName(sourceFrameOf(media, number)), file, width, height, related: [] }
    } else {
      const frame = media.frames![number]!
      yield { number, ...frame, related: media.related?.get(frame.file) ?? [] }
    }
  }
}

/** `size` in frames of the task, `startFrame`, `stopFrame` and `step` in frames of the source; `video` for one file of moving pictures. */
export type MediaFacts = {
  mode: 'annotation' | 'interpolation'
  size: number
  startFrame: number
  stopFrame: number
  step: number
  deletedFrames: number[]
  video: { name: string; width: number; height: number } | null
}

export const mediaFacts = async (taskId: number): Promise<MediaFacts> => {
  const data = await findTaskData(taskId)
  if (!data) throw notFound('The task has no data.')
  const { size, startFrame, stopFrame, deletedFrames, video } = data
  return {
    mode: video ? 'interpolation' : 'annotation',
    size,
    startFrame,
    stopFrame,
    step: readStep(data),
    deletedFrames,
    video: video && { name: video.name, width: video.width, height: video.height },
  }
}

/** Original bytes of a frame and their extension with the dot: the uploaded picture unchanged, or a PNG of a video's frame. */
export const readFrame = async (media: TaskMedia, number: number): Promise<{ bytes: Uint8Array; extension: string }> => {
  const frame = media.frames?.[number]
  if (media.video || (frame && isVideoFrame(frame.file))) {
    const { path } = await getFrame(media, number, 'original')
    return { bytes: await Bun.file(path).bytes(), extension: '.png' }
  }
  if (!frame) throw notFound(`There is no frame ${number}.`)
  const bytes = await withFiles([frame.file], ([path]) => Bun.file(path!).bytes())
  return { bytes, extension: /\.[^./]+$/.exec(frame.name)?.[0] ?? '' }
}

/** Original bytes of a picture that is shown beside a frame. */
export const readRelated = ({ file }: Related): Promise<Uint8Array> => withFiles([file], ([path]) => Bun.file(path!).bytes())
