// Plans the validation of a new task: which frames are validated, and where they hide in the jobs as honeypots.
import { refused } from '../http/errors'
import {
  type Cut,
  type Cutting,
  chooseValidationFrames,
  createGenerator,
  type FrameSelection,
  randomSeed,
  readCount,
} from '../jobs/service'
import type { ValidationMode } from '../tasks/schema'
import { createFrameSelector } from './frame-selector'
import type { ValidationParams } from './params'

/** What becomes the validation layout: task frames, ascending. */
export type ValidationPlan = { mode: ValidationMode; frames: number[]; framesPerJob: number | null }

const toSelection = (params: ValidationParams, frames?: number[]): FrameSelection => ({
  frame_selection_method: params.method,
  frame_count: params.frameCount,
  frame_share: params.frameShare,
  frames_per_job_count: params.framesPerJobCount,
  frames_per_job_share: params.framesPerJobShare,
  random_seed: params.randomSeed,
  frames,
})

/** Numbers of named pictures. Throws 400 with the names that no picture has. */
const findNamed = (wanted: string[], names: readonly string[]): number[] => {
  const numbers = new Map(names.map((name, number) => [name, number]))
  const unknown = wanted.filter((name) => !numbers.has(name))
  if (unknown.length) throw refused(`Unknown validation frames requested: ${unknown.sort().slice(0, 20).join(', ')}`)
  return wanted.map((name) => numbers.get(name)!)
}

/**
 * Frames that get a job of their own. `names` of all task frames; null for a video, whose frames have none.
 * Throws 400 for more frames than there are and for unknown names.
 */
export const planGroundTruth = (params: ValidationParams, cutting: Cutting, names: readonly string[] | null): ValidationPlan => {
  if (params.method === 'manual' && !names)
    throw refused('Frames can be named at the creation of a task of pictures only. Create the ground truth job after the task.')
  const count = params.framesPerJobCount
  if (params.method === 'random_per_job' && count !== undefined && cutting.segmentSize > 0 && count >= cutting.segmentSize)
    throw refused('The number of validation frames per job must be less than the segment size.')
  const frames = params.method === 'manual' ? findNamed(params.frames!, names!) : undefined
  return { mode: 'gt', frames: chooseValidationFrames(toSelection(params, frames), cutting), framesPerJob: null }
}

const choosePool = (
  params: ValidationParams,
  size: number,
  choose: (size: number, count: number) => number[],
  names: string[],
) => {
  if (params.method === 'manual') return findNamed(params.frames!, names)
  const count = readCount(toSelection(params), 'frame_count', size)
  if (count >= size)
    throw refused(`The number of validation frames requested (${count}) must be less than the number of task frames (${size})`)
  return choose(size, count)
}

const readPerJob = (params: ValidationParams, pool: number, segmentSize: number): number => {
  const count = params.framesPerJobCount ?? Math.max(1, Math.floor(params.framesPerJobShare! * segmentSize))
  if (params.framesPerJobCount !== undefined && params.frameCount !== undefined && count > pool)
    throw refused(`The number of validation frames per job (${count}) is greater than the validation pool size (${pool})`)
  return Math.min(pool, count)
}

/** A frame of the new task: which of the pictures it shows, and for a honeypot the frame of the pool that has the same picture. */
export type Placement = { picture: number; realFrame: number | null }
export type HoneypotPlan = ValidationPlan & { placements: Placement[]; cuts: Cut[] }

/**
 * Spreads a pool of validation pictures over the jobs: every job gets its share of the other pictures and some of the pool in random
 * order, the pool itself follows at the end. The same seed gives the same layout, as with CVAT.
 * @param names of the pictures in natural order @param segmentSize pictures of a job without its honeypots; 0 = all
 */
export const planHoneypots = (params: ValidationParams, names: string[], segmentSize: number): HoneypotPlan => {
  const size = names.length
  const seed = params.randomSeed ?? randomSeed()
  const random = createGenerator(seed)
  const pool = choosePool(params, size, random.choose, names).sort((a, b) => a - b)
  const isPool = new Set(pool)
  const others = Array.from({ length: size }, (_, i) => i).filter((picture) => !isPool.has(picture))
  if (!others.length) throw refused('Too few frames are left for the jobs after selecting validation frames.')
  const length = segmentSize || size
  const framesPerJob = readPerJob(params, pool.length, length)
  const mixed = random.shuffle(others)
  const select = createFrameSelector(new Map(pool.map((picture) => [picture, 0])), random)
  // The order inside of jobs has a generator of its own, so that it does not depend on what was drawn before.
  const order = createGenerator(seed)

  const jobs: number[][] = []
  for (let from = 0; from < mixed.length; from += length)
    jobs.push(order.shuffle([...mixed.slice(from, from + length), ...select(framesPerJob)]))
  const poolStart = jobs.reduce((sum, job) => sum + job.length, 0)
  const realFrames = new Map(pool.map((picture, i) => [picture, poolStart + i]))
  const placements = [
    ...jobs.flat().map((picture) => ({ picture, realFrame: realFrames.get(picture) ?? null })),
    ...pool.map((picture) => ({ picture, realFrame: null })),
  ]
  let start = 0
  const cuts = jobs.map((job) => {
    const cut = { startFrame: start, stopFrame: start + job.length - 1 }
    start += job.length
    return cut
  })
  return { mode: 'gt_pool', frames: [...realFrames.values()], framesPerJob, placements, cuts }
}
