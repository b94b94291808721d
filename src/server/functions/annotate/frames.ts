// Which frames an automatic annotation goes over.
import { findDatasetFrames, loadTaskMedia } from '../../data/service'
import { invalid } from '../../http/errors'
import type { Place } from '../place'

/** Frames of the task or job in order, without deleted ones; of those named, where some are. Throws 400 when none is left. */
export const listFrames = async ({ task, job }: Place, wanted?: readonly number[]): Promise<number[]> => {
  const { isExported } = await findDatasetFrames(task.id, job)
  const { size } = await loadTaskMedia(task.id)
  const named = wanted && new Set(wanted)
  const frames = Array.from({ length: size }, (_, frame) => frame).filter(
    (frame) => isExported(frame) && (!named || named.has(frame)),
  )
  if (!frames.length) throw invalid({ [wanted ? 'frames' : 'task']: 'There are no frames to annotate.' })
  return frames
}

/** Size of each frame, in pixels. */
export const loadSizes = async (taskId: number): Promise<(frame: number) => { width: number; height: number }> => {
  const { video, frames } = await loadTaskMedia(taskId)
  return (frame) => video ?? frames?.[frame] ?? { width: 0, height: 0 }
}
