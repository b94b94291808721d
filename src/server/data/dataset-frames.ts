// Which frames of a task or job take part in datasets.
import { eq } from 'drizzle-orm'
import { db } from '../db/open'
import { notFound } from '../http/errors'
import type { Job } from '../jobs/service'
import { validationLayouts } from '../tasks/schema'
import { listHoneypots } from './honeypots'
import { findTaskData } from './stored-media'

export type DatasetFrames = {
  /** Not outside of the job, deleted, or in a task shown as a honeypot only. */
  isExported: (frame: number) => boolean
  /** What may get annotations by its name: honeypots of a task get those of the frame that they show. */
  isImported: (frame: number) => boolean
  /** Whether annotations of the ground truth job are the task's own. */
  ownsGroundTruth: boolean
}

/** Throws 404 while the task has no data. */
export const findDatasetFrames = async (
  taskId: number,
  job: Pick<Job, 'type' | 'startFrame' | 'stopFrame' | 'frames'> | null,
): Promise<DatasetFrames> => {
  const data = await findTaskData(taskId)
  if (!data) throw notFound('The task has no data.')
  const [layout] = await db.select().from(validationLayouts).where(eq(validationLayouts.taskId, taskId))
  const isPool = layout?.mode === 'gt_pool'
  const deleted = new Set([...data.deletedFrames, ...(job?.type === 'ground_truth' ? (layout?.disabledFrames ?? []) : [])])
  const honeypots = new Set(isPool && !job ? (await listHoneypots(taskId)).map(({ frame }) => frame) : [])
  const picked = job?.frames && new Set(job.frames)
  const { startFrame, stopFrame } = job ?? { startFrame: 0, stopFrame: data.size - 1 }
  const isImported = (frame: number) =>
    frame >= startFrame && frame <= stopFrame && !honeypots.has(frame) && (!picked || picked.has(frame))
  return { isImported, isExported: (frame) => isImported(frame) && !deleted.has(frame), ownsGroundTruth: isPool }
}
