// What clients are told about the media of a task or job, and the frames that people took out.
import { eq } from 'drizzle-orm'
import { type Tx, tx } from '../db/open'
import { forClient } from '../http/compat'
import { invalid } from '../http/errors'
import { isoTime } from '../http/json'
import { jobs } from '../jobs/schema'
import { touchTask } from '../tasks/service'
import type { Span } from './chunk-frames'
import { taskData } from './schema'
import { mediaOf, sourceFrame, type TaskData } from './stored-media'

const showFrame = ({ name, width, height }: { name: string; width: number; height: number }) => ({
  width,
  height,
  name,
  related_files: 0,
  has_related_context: false,
})

const isInside = ({ startFrame, stopFrame }: Span) => {
  return (frame: number) => frame >= startFrame && frame <= stopFrame
}

/** Stands for a frame that a job leaves out. */
const placeholder = { name: 'placeholder.jpg', width: 1, height: 1 }

/** Meta of a task, or of the span of a job: `size` and `deleted_frames` in task frames, `start_frame` and `stop_frame` in source frames. */
export const showMeta = async (data: TaskData, span?: Span) => {
  const media = await mediaOf(data)
  const { startFrame, stopFrame } = span ?? { startFrame: 0, stopFrame: data.size - 1 }
  const own = span?.frames && new Set(span.frames)
  const shown = media.video
    ? [media.video]
    : Array.from({ length: stopFrame - startFrame + 1 }, (_, i) =>
        own && !own.has(startFrame + i) ? placeholder : media.frames![startFrame + i]!,
      )
  return forClient('meta', {
    chunk_size: data.chunkSize,
    size: span?.frames?.length ?? stopFrame - startFrame + 1,
    image_quality: data.imageQuality,
    start_frame: sourceFrame(data, startFrame),
    stop_frame: span ? sourceFrame(data, stopFrame) : data.stopFrame,
    frame_filter: data.frameFilter,
    frames: shown.map(showFrame),
    deleted_frames: data.deletedFrames.filter(isInside({ startFrame, stopFrame })),
    included_frames: span?.frames?.map((frame) => sourceFrame(data, frame)) ?? null,
    chapters: null,
    storage: data.storage,
    cloud_storage_id: null,
    chunks_updated_date: isoTime(data.chunksUpdatedDate),
  })
}

/** Moves the times of a task and all its jobs, by which clients know that what they keep is old. */
const touch = async (t: Tx, taskId: number, now: Date) => {
  await touchTask(t, taskId, now)
  await t.update(jobs).set({ updatedDate: now }).where(eq(jobs.taskId, taskId))
}

/** Replaces the deleted frames inside a span (of a job, or the whole task). Throws 400 for frames outside of it. */
export const updateDeletedFrames = async (data: TaskData, deleted: number[], span: Span): Promise<TaskData> => {
  const inSpan = isInside(span)
  const outside = deleted.find((frame) => !inSpan(frame))
  if (outside !== undefined)
    throw invalid({ deleted_frames: `Frame ${outside} is outside of ${span.startFrame} to ${span.stopFrame}.` })
  return tx(async (t) => {
    const [fresh] = await t.select().from(taskData).where(eq(taskData.id, data.id))
    const kept = (fresh ?? data).deletedFrames.filter((frame) => !inSpan(frame))
    const deletedFrames = [...new Set([...kept, ...deleted])].sort((a, b) => a - b)
    await t.update(taskData).set({ deletedFrames }).where(eq(taskData.id, data.id))
    await touch(t, data.taskId, new Date())
    return { ...data, deletedFrames }
  })
}
