// Which frames of a task become validation frames.
import { invalid } from '../http/errors'
import { createChooser } from './numpy-random'

export const selectionMethods = ['random_uniform', 'random_per_job', 'manual'] as const
export type SelectionMethod = (typeof selectionMethods)[number]
export type FrameSelection = {
  /** Without: random_uniform. */
  frame_selection_method?: SelectionMethod
  /** Of the whole task. */
  frame_count?: number
  /** 0…1 of the whole task. */
  frame_share?: number
  frames_per_job_count?: number
  /** 0…1 of a job. */
  frames_per_job_share?: number
  random_seed?: number
  /** As random_seed, in the layout of older versions: the last frame is never chosen. */
  seed?: number
  frames?: number[]
}
type Range = { startFrame: number; stopFrame: number }

/** A count that is given, or follows from a share. Throws 400 naming the field. */
const readCount = (input: FrameSelection, count: 'frame_count' | 'frames_per_job_count', size: number): number => {
  const share = count === 'frame_count' ? 'frame_share' : 'frames_per_job_share'
  const given = input[count]
  const part = input[share]
  if (given === undefined && part === undefined) throw invalid({ [count]: `Either ${count} or ${share} must be given.` })
  if (given !== undefined && part !== undefined) throw invalid({ [count]: `Only one of ${count} and ${share} may be given.` })
  if (part !== undefined && !(part > 0 && part <= 1)) throw invalid({ [share]: 'A number above 0 and up to 1 is required.' })
  const wanted = given ?? Math.max(1, Math.floor(part! * size))
  if (wanted < 1 || wanted > size) throw invalid({ [count]: `The number of frames must be from 1 to ${size}, not ${wanted}.` })
  return wanted
}

const randomSeed = () => crypto.getRandomValues(new Uint32Array(1))[0]!

const chooseUniform = (input: FrameSelection, size: number): number[] => {
  const count = readCount(input, 'frame_count', size)
  if (input.seed !== undefined && count < size) return createChooser(input.seed)(size - 1, count)
  return createChooser(input.random_seed ?? randomSeed())(size, count)
}

/** Every job gets as many; frames that two jobs share count for both. */
const choosePerJob = (input: FrameSelection, jobs: Range[]): number[] => {
  const choose = createChooser(input.random_seed ?? randomSeed())
  const chosen = new Set<number>()
  const longest = Math.max(...jobs.map(({ startFrame, stopFrame }) => stopFrame - startFrame + 1))
  const count = readCount(input, 'frames_per_job_count', longest)
  for (const { startFrame, stopFrame } of jobs) {
    const own = Array.from({ length: stopFrame - startFrame + 1 }, (_, i) => startFrame + i)
    const free = own.filter((frame) => !chosen.has(frame))
    const missing = Math.min(free.length, count - (own.length - free.length))
    if (missing > 0) for (const at of choose(free.length, missing)) chosen.add(free[at]!)
  }
  return [...chosen]
}

const checkFrames = (frames: number[] | undefined, size: number): number[] => {
  if (!frames?.length) throw invalid({ frames: 'The list of frames cannot be empty.' })
  if (new Set(frames).size !== frames.length) throw invalid({ frames: 'Frames must not repeat.' })
  const outside = frames.find((frame) => frame < 0 || frame >= size)
  if (outside !== undefined) throw invalid({ frames: `Frame ${outside} is outside of the task (0 to ${size - 1}).` })
  return frames
}

/** Task frames, ascending. @param size frames of the task @param jobs ranges of its annotation jobs */
export const chooseValidationFrames = (input: FrameSelection, size: number, jobs: Range[]): number[] => {
  const chosen =
    input.frame_selection_method === 'manual'
      ? checkFrames(input.frames, size)
      : input.frame_selection_method === 'random_per_job'
        ? choosePerJob(input, jobs)
        : chooseUniform(input, size)
  return [...chosen].sort((a, b) => a - b)
}
