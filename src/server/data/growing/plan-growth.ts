// Which jobs appended frames make.
import { type Cut, cutJobs } from '../../jobs/service'

export type GrowingTask = {
  /** Frames before. */
  size: number
  segmentSize: number
  overlap: number
  /** As the data keep it: null until the task has grown, 0 = one job for all that come together. */
  growSize: number | null
}
export type Growth = { cuts: Cut[]; growSize: number /** Of the whole task; 0 = its jobs differ in size. */; segmentSize: number }

const isSame = (a: Cut[], b: Cut[]) =>
  a.length === b.length && a.every((cut, i) => cut.startFrame === b[i]!.startFrame && cut.stopFrame === b[i]!.stopFrame)

/** Where every job had its length by the names of its files, new ones do too. */
const cutByLengths = (lengths: number[]): Cut[] => {
  let start = 0
  return lengths.map((length) => {
    const cut = { startFrame: start, stopFrame: start + length - 1 }
    start += length
    return cut
  })
}

/**
 * New jobs have the length of the others; a task of one job gets one more for all frames that come together. They share frames among
 * themselves as the task's jobs do, never with earlier jobs, which stay as they are.
 * @param existing ranges of the annotation jobs that are there
 * @param wanted length that was asked for, or the lengths of all new jobs
 */
export const planGrowth = (task: GrowingTask, count: number, existing: Cut[], wanted: number | number[] | null): Growth => {
  const initial = task.segmentSize > 0 && task.segmentSize < task.size ? task.segmentSize : 0
  const growSize = typeof wanted === 'number' ? wanted : (task.growSize ?? initial)
  const length = growSize > 0 && growSize < count ? growSize : count
  const overlap = Math.min(task.overlap, Math.floor(length / 2))
  const own = Array.isArray(wanted) ? cutByLengths(wanted) : cutJobs(count, length, overlap)
  const cuts = own.map(({ startFrame, stopFrame }) => ({
    startFrame: startFrame + task.size,
    stopFrame: stopFrame + task.size,
  }))
  const size = task.size + count
  const isEven = initial > 0 && isSame([...existing, ...cuts], cutJobs(size, initial, task.overlap))
  return { cuts, growSize, segmentSize: isEven ? initial : 0 }
}
