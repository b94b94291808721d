// Which file each frame of a restored task shows, and which frames its jobs hold.
import { FormatError } from '../../formats/format-error'
import { taskFile } from './layout'
import type { FrameUse, JobPlan, TaskPlan } from './read-manifest'
import type { SourcePicture, StagedMedia } from './stage-media'

/** A frame of pictures; `realFrame` is set for a honeypot: the validation frame that is shown there. */
export type LaidFrame = SourcePicture & { realFrame: number | null }
export type LaidJob = {
  type: 'annotation' | 'ground_truth' | 'replica'
  startFrame: number
  stopFrame: number
  frames: number[] | null
  status: string
}
export type LaidTask = {
  size: number
  /** Undefined for a video. */
  frames: LaidFrame[] | undefined
  startFrame: number
  stopFrame: number
  frameFilter: string
  jobs: LaidJob[]
  segmentSize: number
  overlap: number
  layout: { mode: 'gt' | 'gt_pool'; framesPerJob: number | null; frames: number[]; disabledFrames: number[] } | undefined
}

const fail = (field: string, reason: string) => new FormatError(reason, { file: taskFile, field })
const rangeOf = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i)

/** Frames of a range in a source of `count`. */
const countFrames = ({ startFrame, stopFrame, step }: FrameUse, count: number): number => {
  if (stopFrame !== undefined && stopFrame >= count)
    throw fail('data.stop_frame', `${stopFrame} is beyond the ${count} frames that lie in the backup`)
  if (startFrame >= count) throw fail('data.start_frame', `${startFrame} is beyond the ${count} frames that lie in the backup`)
  return Math.floor(((stopFrame ?? count - 1) - startFrame) / step) + 1
}

/** Task frames of a job that names frames of the source; older backups name task frames. */
const toTaskFrames = (job: JobPlan, at: string, use: FrameUse): number[] | null => {
  if (!job.frames) return null
  const isInside = (frame: number) => Number.isInteger(frame) && frame >= job.start_frame && frame <= job.stop_frame
  const scaled = job.frames.map((frame) => (frame - use.startFrame) / use.step)
  const frames = scaled.every(isInside) ? scaled : job.frames
  if (!frames.every(isInside)) throw fail(`${at}.frames`, `must lie from ${job.start_frame} to ${job.stop_frame}`)
  return [...new Set(frames)].sort((a, b) => a - b)
}

const typeOf = { annotation: 'annotation', ground_truth: 'ground_truth', consensus_replica: 'replica' } as const

const layJobs = ({ jobs }: TaskPlan, use: FrameUse): LaidJob[] =>
  jobs.map((job, i) => ({
    type: typeOf[job.type],
    startFrame: job.start_frame,
    stopFrame: job.stop_frame,
    frames: toTaskFrames(job, `jobs[${i}]`, use),
    status: job.status,
  }))

const checkJobs = (jobs: LaidJob[], size: number) => {
  if (jobs.filter(({ type }) => type === 'ground_truth').length > 1) throw fail('jobs', 'there is more than one ground truth job')
  let parent: LaidJob | undefined
  for (const [i, job] of jobs.entries()) {
    if (job.stopFrame >= size) throw fail(`jobs[${i}].stop_frame`, `${job.stopFrame} is beyond the ${size} frames of the task`)
    if (job.type === 'annotation') parent = job
    if (job.type === 'replica' && (parent?.startFrame !== job.startFrame || parent.stopFrame !== job.stopFrame))
      throw fail(`jobs[${i}].type`, 'a replica must follow the job that it is a copy of')
  }
}

/** The name of the file of every frame, as the jobs tell it. */
const nameByJobs = (plan: TaskPlan, jobs: LaidJob[]): string[] => {
  const names: string[] = []
  for (const [i, { files }] of plan.jobs.entries()) {
    const { type, frames, startFrame, stopFrame } = jobs[i]!
    if (type === 'replica' || (type === 'ground_truth' && !plan.data.pool)) continue
    const own = frames ?? rangeOf(startFrame, stopFrame)
    if (files?.length !== own.length) throw fail(`jobs[${i}].files`, `${own.length} names are needed, one a frame`)
    own.forEach((frame, at) => {
      names[frame] = files[at]!
    })
  }
  for (let frame = 0; frame < names.length; frame++)
    if (names[frame] === undefined) throw fail('jobs', `no job tells the file of frame ${frame}`)
  return names
}

const layPool = (plan: TaskPlan, jobs: LaidJob[], names: string[]) => {
  const pool = plan.data.pool!
  const job = jobs.find(({ type }) => type === 'ground_truth')
  if (!job) throw fail('jobs', 'the ground truth job of the validation layout is missing')
  const numbers = job.frames ?? rangeOf(job.startFrame, job.stopFrame)
  const byName = new Map(numbers.map((frame) => [names[frame]!, frame]))
  const find = (file: string) => {
    const frame = byName.get(file)
    if (frame === undefined) throw fail('data.validation_layout.frames', `"${file}" is no frame of the ground truth job`)
    return frame
  }
  const frames = pool.files.map(find).sort((a, b) => a - b)
  if (frames.length !== numbers.length) throw fail('data.validation_layout.frames', 'must be the frames of the ground truth job')
  const own = new Set(numbers)
  const realFrames = names.map((name, frame) => (own.has(frame) ? null : (byName.get(name) ?? null)))
  const disabledFrames = pool.disabledFiles.map(find).sort((a, b) => a - b)
  return { layout: { mode: 'gt_pool' as const, framesPerJob: pool.framesPerJob, frames, disabledFrames }, realFrames }
}

const layGroundTruth = (jobs: LaidJob[]): LaidTask['layout'] => {
  const job = jobs.find(({ type }) => type === 'ground_truth')
  if (!job) return undefined
  const frames = job.frames ?? rangeOf(job.startFrame, job.stopFrame)
  return { mode: 'gt', framesPerJob: null, frames, disabledFrames: [] }
}

const findPictures = (pictures: SourcePicture[], names: string[]): SourcePicture[] => {
  const byName = new Map(pictures.map((picture) => [picture.name, picture]))
  return names.map((name) => {
    const picture = byName.get(name)
    if (!picture) throw fail('jobs', `"${name}" is not among the media of the backup`)
    return picture
  })
}

/** Length and overlap of jobs, as the first two tell them. */
const measureJobs = (plan: TaskPlan, jobs: LaidJob[]) => {
  if (plan.data.hasOwnSegments) return { segmentSize: 0, overlap: 0 }
  const [first, second] = jobs.filter(({ type }) => type === 'annotation')
  const overlap = second ? Math.max(0, first!.stopFrame - second.startFrame + 1) : 0
  return { segmentSize: first!.stopFrame - first!.startFrame + 1, overlap }
}

/** What the task says of its source. */
const describeUse = (plan: TaskPlan, use: FrameUse, size: number) => {
  const shown = plan.data.shownUse ?? use
  const stopFrame = shown.stopFrame ?? shown.startFrame + (size - 1) * shown.step
  if (Math.floor((stopFrame - shown.startFrame) / shown.step) + 1 !== size)
    throw fail('data.used_frames', `does not make the ${size} frames of the task`)
  return { startFrame: shown.startFrame, stopFrame, frameFilter: shown.frameFilter }
}

const everything: FrameUse = { startFrame: 0, stopFrame: undefined, frameFilter: '', step: 1 }

/** Throws FormatError naming the field that does not fit the media or the other fields. */
export const layFrames = (plan: TaskPlan, media: StagedMedia): LaidTask => {
  const { data } = plan
  const isNamed = media.kind === 'pictures' && (data.hasOwnSegments || data.pool !== undefined)
  const use = isNamed ? everything : data.use
  const jobs = layJobs(plan, use)
  const names = isNamed ? nameByJobs(plan, jobs) : undefined
  const size = names?.length ?? countFrames(use, media.kind === 'video' ? media.video.frames : media.pictures.length)
  checkJobs(jobs, size)
  const deleted = data.deletedFrames.find((frame) => frame >= size)
  if (deleted !== undefined) throw fail('data.deleted_frames', `${deleted} is beyond the ${size} frames of the task`)
  const pool = names && data.pool ? layPool(plan, jobs, names) : undefined
  const pictures =
    media.kind === 'video'
      ? undefined
      : names
        ? findPictures(media.pictures, names)
        : Array.from({ length: size }, (_, i) => media.pictures[use.startFrame + i * use.step]!)
  return {
    size,
    frames: pictures?.map((picture, frame) => ({ ...picture, realFrame: pool?.realFrames[frame] ?? null })),
    ...describeUse(plan, use, size),
    jobs,
    ...measureJobs(plan, jobs),
    layout: pool?.layout ?? layGroundTruth(jobs),
  }
}
