// What clients are told about the media of a task or job, and the frames that people took out.
import { eq } from 'drizzle-orm'
import { db, type Tx, tx } from '../db/open'
import { forClient } from '../http/compat'
import { invalid } from '../http/errors'
import { isoTime } from '../http/json'
import { jobs } from '../jobs/schema'
import { validationLayouts } from '../tasks/schema'
import { touchTask } from '../tasks/service'
import { isInSpan, type Span } from './chunk-frames'
import { type Honeypot, listHoneypots, lockData } from './honeypots'
import { taskData } from './schema'
import { chunksDateOf, mediaOf, sourceFrame, type TaskData } from './stored-media'

type ShownFrame = { name: string; width: number; height: number; file?: string }
const showFrame = ({ name, width, height }: ShownFrame, related: number) => ({
  width,
  height,
  name,
  related_files: related,
  has_related_context: related > 0,
})

const isInside = ({ startFrame, stopFrame }: Span) => {
  return (frame: number) => frame >= startFrame && frame <= stopFrame
}

/** Frames that count no longer for validation; clients of the ground truth job see them as deleted. */
const findDisabled = async ({ taskId }: TaskData): Promise<number[]> =>
  (
    await db
      .select({ frames: validationLayouts.disabledFrames })
      .from(validationLayouts)
      .where(eq(validationLayouts.taskId, taskId))
  )[0]?.frames ?? []

/** Meta of a task, or of the span of a job: `size` and `deleted_frames` in task frames, `start_frame` and `stop_frame` in source frames. */
export const showMeta = async (data: TaskData, span?: Span & { type?: string }) => {
  const media = await mediaOf(data)
  const disabled = span?.type === 'ground_truth' ? await findDisabled(data) : []
  const { startFrame, stopFrame } = span ?? { startFrame: 0, stopFrame: data.size - 1 }
  const own = span?.frames && new Set(span.frames)
  const shown = media.video
    ? [media.video]
    : Array.from({ length: stopFrame - startFrame + 1 }, (_, i) => {
        const frame = media.frames![startFrame + i]!
        return own && !own.has(startFrame + i) ? { ...frame, name: 'placeholder.jpg' } : frame
      })
  return forClient('meta', {
    chunk_size: data.chunkSize,
    size: span?.frames?.length ?? stopFrame - startFrame + 1,
    image_quality: data.imageQuality,
    start_frame: sourceFrame(data, startFrame),
    stop_frame: span ? sourceFrame(data, stopFrame) : data.stopFrame,
    frame_filter: data.frameFilter,
    frames: shown.map((frame) => showFrame(frame, media.related?.get(frame.file)?.length ?? 0)),
    deleted_frames: sorted([...data.deletedFrames, ...disabled].filter(isInside({ startFrame, stopFrame }))),
    included_frames: span?.frames?.map((frame) => sourceFrame(data, frame)) ?? null,
    chapters: null,
    storage: data.storage,
    cloud_storage_id: data.cloudStorageId,
    chunks_updated_date: isoTime(chunksDateOf(data)),
  })
}

/** Moves the times of a task and all its jobs, by which clients know that what they keep is old. */
const touch = async (t: Tx, taskId: number, now: Date) => {
  await touchTask(t, taskId, now)
  await t.update(jobs).set({ updatedDate: now }).where(eq(jobs.taskId, taskId))
}

const sorted = (frames: Iterable<number>) => [...new Set(frames)].sort((a, b) => a - b)

type Job = Span & { type: string }
type Layout = typeof validationLayouts.$inferSelect
/** What a change of deleted frames does; absent = left alone. */
type Outcome = { deletedFrames?: number[]; disabledFrames?: number[] }

const checkFrames = (deleted: number[], belongs: (frame: number) => boolean, where: 'job' | 'task') => {
  if (where === 'task' && new Set(deleted).size !== deleted.length)
    throw invalid({ deleted_frames: 'Deleted frames cannot repeat.' })
  const unknown = deleted.filter((frame) => !belongs(frame)).slice(0, 20)
  if (unknown.length) throw invalid({ deleted_frames: `Frames ${unknown.join(', ')} do not belong to the ${where}.` })
}

/**
 * Through the ground truth job. A pool owns its frames: they go from the whole task together with the honeypots that show them, and come
 * back with them. Otherwise they only stop to count for validation.
 */
const changeGroundTruth = (current: number[], deleted: number[], layout: Layout, honeypots: Honeypot[]): Outcome => {
  const disabledFrames = sorted(deleted)
  if (layout.mode === 'gt') return { disabledFrames }
  const [before, after] = [new Set(layout.disabledFrames), new Set(disabledFrames)]
  const pool = new Set(layout.frames)
  const back = new Set(
    honeypots.filter(({ realFrame }) => before.has(realFrame) && !after.has(realFrame)).map(({ frame }) => frame),
  )
  const gone = honeypots.filter(({ realFrame }) => after.has(realFrame) && !before.has(realFrame)).map(({ frame }) => frame)
  const others = current.filter((frame) => !pool.has(frame) && !back.has(frame))
  return { disabledFrames, deletedFrames: sorted([...others, ...gone, ...disabledFrames]) }
}

/** Through the whole task, where the frames of a pool come back together or not at all. */
const changeTask = (current: number[], deleted: number[], layout: Layout | undefined): Outcome => {
  if (layout?.mode !== 'gt_pool') return { deletedFrames: sorted(deleted) }
  const pool = new Set(layout.frames)
  const [had, has] = [current, deleted].map((frames) => frames.filter((frame) => pool.has(frame)))
  if (has!.length && String(sorted(had!)) !== String(sorted(has!)))
    throw invalid({
      deleted_frames:
        'When task validation mode is gt_pool, GT frames can only be deleted and restored via the GT job or the validation layout.',
    })
  return { deletedFrames: sorted(deleted), disabledFrames: sorted(has!) }
}

/** Through an annotation job: its frames only. */
const changeJob = (current: number[], deleted: number[], job: Job): Outcome => {
  const inJob = isInside(job)
  return { deletedFrames: sorted([...current.filter((frame) => !inJob(frame)), ...deleted]) }
}

/** `updateDeletedFrames` inside a transaction that does more. */
export const changeDeletedFrames = async (t: Tx, data: TaskData, deleted: number[], job?: Job): Promise<TaskData> => {
  checkFrames(deleted, job ? (frame) => isInSpan(frame, job) : (frame) => frame < data.size, job ? 'job' : 'task')
  const fresh = await lockData(t, data.taskId)
  const [layout] = await t.select().from(validationLayouts).where(eq(validationLayouts.taskId, data.taskId))
  const { deletedFrames: current } = fresh
  const { deletedFrames, disabledFrames } =
    job?.type === 'ground_truth' && layout
      ? changeGroundTruth(current, deleted, layout, await listHoneypots(data.taskId, t))
      : job
        ? changeJob(current, deleted, job)
        : changeTask(current, deleted, layout)
  if (deletedFrames) await t.update(taskData).set({ deletedFrames }).where(eq(taskData.id, data.id))
  if (disabledFrames && layout)
    await t.update(validationLayouts).set({ disabledFrames }).where(eq(validationLayouts.id, layout.id))
  await touch(t, data.taskId, new Date())
  return { ...fresh, ...(deletedFrames && { deletedFrames }) }
}

/**
 * Replaces the deleted frames of a job, or of the whole task. Throws 400 for frames outside of it, for repeated ones, and for single
 * frames of a validation pool that are not changed through its ground truth job.
 */
export const updateDeletedFrames = (data: TaskData, deleted: number[], job?: Job): Promise<TaskData> =>
  tx((t) => changeDeletedFrames(t, data, deleted, job))
