// Which frames of a task become validation frames.
import { invalid } from '../http/errors'
import { IntSet } from './int-set'
import { createGenerator, randomSeed } from './numpy-random'

export const selectionMethods = ['random_uniform', 'random_per_job', 'manual'] as const
export type SelectionMethod = (typeof selectionMethods)[number]
export type FrameSelection = {
  /** Without: random_uniform. */
  frame_selection_method?: SelectionMethod | undefined
  /** Of the whole task. */
  frame_count?: number | undefined
  /** 0…1 of the whole task. */
  frame_share?: number | undefined
  frames_per_job_count?: number | undefined
  /** 0…1 of a job. */
  frames_per_job_share?: number | undefined
  random_seed?: number | undefined
  /** As random_seed, in the layout of older versions: the last frame is never chosen. */
  seed?: number | undefined
  frames?: number[] | undefined
}
type Range = { startFrame: number; stopFrame: number }
/** Frames of a task, how long its jobs are and how many frames neighbours share, and the ranges of its annotation jobs in order. */
export type Cutting = { size: number; segmentSize: number; overlap: number; jobs: Range[] }

/** A count that is given, or follows from a share of `size`. Throws 400 naming the field. */
export const readCount = (
  input: FrameSelection,
  count: 'frame_count' | 'frames_per_job_count',
  size: number,
  most = size,
): number => {
  const share = count === 'frame_count' ? 'frame_share' : 'frames_per_job_share'
  const given = input[count]
  const part = input[share]
  if (given === undefined && part === undefined) throw invalid({ [count]: `Either ${count} or ${share} must be given.` })
  if (given !== undefined && part !== undefined) throw invalid({ [count]: `Only one of ${count} and ${share} may be given.` })
  if (part !== undefined && !(part > 0 && part <= 1)) throw invalid({ [share]: 'A number above 0 and up to 1 is required.' })
  const wanted = given ?? Math.min(most, Math.max(1, Math.floor(part! * size)))
  if (wanted < 1 || wanted > most) throw invalid({ [count]: `The number of frames must be from 1 to ${most}, not ${wanted}.` })
  return wanted
}

const chooseUniform = (input: FrameSelection, size: number): number[] => {
  const count = readCount(input, 'frame_count', size)
  if (input.seed !== undefined && count < size) return createGenerator(input.seed).choose(size - 1, count)
  return createGenerator(input.random_seed ?? randomSeed()).choose(size, count)
}

/** Every job gets as many; frames that two jobs share count for both and are drawn for the first. */
const choosePerJob = (input: FrameSelection, { size, segmentSize, overlap, jobs }: Cutting): number[] => {
  const { chooseShuffled } = createGenerator(input.random_seed ?? randomSeed())
  const length = segmentSize || Math.max(...jobs.map(({ startFrame, stopFrame }) => stopFrame - startFrame + 1))
  const count = readCount(input, 'frames_per_job_count', length, size)
  const chosen = new Set<number>()
  for (const { startFrame, stopFrame } of jobs) {
    const own = Array.from({ length: stopFrame - startFrame + 1 }, (_, i) => startFrame + i)
    const taken = new Set(own.filter((frame) => chosen.has(frame)))
    const free = IntSet.from(startFrame === 0 ? own : own.slice(overlap)).without(taken)
    const missing = Math.min(free.length, Math.min(own.length, count) - taken.size)
    if (missing > 0) for (const at of chooseShuffled(free.length, missing)) chosen.add(free[at]!)
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

/** Task frames, ascending. Throws 400 naming the field that is wrong. */
export const chooseValidationFrames = (input: FrameSelection, cutting: Cutting): number[] => {
  const chosen =
    input.frame_selection_method === 'manual'
      ? checkFrames(input.frames, cutting.size)
      : input.frame_selection_method === 'random_per_job'
        ? choosePerJob(input, cutting)
        : chooseUniform(input, cutting.size)
  return [...chosen].sort((a, b) => a - b)
}
