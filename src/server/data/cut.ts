// Which source frames a task has, and how it is cut into chunks and jobs.
import { invalid } from '../http/errors'
import { type Cut, cutJobs } from '../jobs/service'
import type { DataParameters } from './parameters'

export type FrameRange = { startFrame: number; stopFrame: number; step: number; size: number }

/** The frames that are used of `count` source frames. Throws 400 when none is left. */
export const chooseFrames = (
  count: number,
  { startFrame, stopFrame, step }: Pick<DataParameters, 'startFrame' | 'stopFrame' | 'step'>,
): FrameRange => {
  const last = Math.min(stopFrame ?? count - 1, count - 1)
  if (startFrame > last)
    throw invalid({ start_frame: `No frames are left: the source has ${count}, the first wanted is ${startFrame}.` })
  const size = Math.floor((last - startFrame) / step) + 1
  return { startFrame, stopFrame: startFrame + (size - 1) * step, step, size }
}

/** Frames of a chunk: 36 of a video, of pictures as many as have the area of 36 in Full HD, 2 to 72. */
export const chooseChunkSize = (asVideo: boolean, width: number, height: number): number =>
  asVideo ? 36 : Math.max(2, Math.min(72, Math.floor((36 * 1920 * 1080) / (width * height))))

export type Plan = { segmentSize: number; overlap: number; cuts: Cut[] }

const cutByFiles = (jobFiles: string[][]): Cut[] => {
  let start = 0
  return jobFiles.map(({ length }) => {
    const cut = { startFrame: start, stopFrame: start + length - 1 }
    start += length
    return cut
  })
}

/**
 * The jobs of a task. Neighbours of a video share 5 frames unless said otherwise, never more than half of a job.
 * `segmentSize` is that of the whole task for one job, and 0 where the jobs were given by their files.
 */
export const planJobs = (
  size: number,
  task: { segmentSize: number; overlap: number | null },
  isVideo: boolean,
  jobFiles: string[][] | null,
): Plan => {
  if (jobFiles) return { segmentSize: 0, overlap: 0, cuts: cutByFiles(jobFiles) }
  const segmentSize = task.segmentSize > 0 && task.segmentSize < size ? task.segmentSize : size
  const overlap = Math.min(task.overlap ?? (isVideo ? 5 : 0), Math.floor(segmentSize / 2))
  return { segmentSize, overlap, cuts: cutJobs(size, segmentSize, overlap) }
}
