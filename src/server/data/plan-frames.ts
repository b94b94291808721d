// The frames and jobs of a new task: as its source has them, or spread over the jobs with honeypots among them.
import { refused } from '../http/errors'
import { type HoneypotPlan, planGroundTruth, planHoneypots, type ValidationPlan } from '../validation/service'
import { type FrameRange, type Plan, planJobs } from './cut'
import { orderFiles } from './order-files'
import type { DataParameters } from './parameters'
import type { Media, Picture } from './probe-files'

/** A picture as one frame of a task; `realFrame` is set for a honeypot. */
export type PlacedPicture = Picture & { realFrame?: number | null }
type Source = {
  task: { segmentSize: number; overlap: number | null }
  media: Media
  range: FrameRange
  parameters: Pick<DataParameters, 'jobFiles' | 'validation'>
}
export type Arranged = { media: Media; range: FrameRange; plan: Plan; validation: ValidationPlan | null }

/** The pictures that are used, in order. */
const listUsed = (pictures: Picture[], { startFrame, step, size }: FrameRange): Picture[] =>
  Array.from({ length: size }, (_, i) => pictures[startFrame + i * step]!)

const place = (pictures: Picture[], { placements }: HoneypotPlan): PlacedPicture[] =>
  placements.map(({ picture, realFrame }) => ({ ...pictures[picture]!, realFrame }))

/** Throws 400 when the validation that is wanted does not fit the media. */
export const arrangeFrames = ({ task, media, range, parameters }: Source): Arranged => {
  const { validation, jobFiles } = parameters
  if (validation?.mode === 'gt_pool') {
    if (media.kind === 'video') throw refused('Validation mode "gt_pool" can only be used with pictures.')
    // Drawn from the natural order, so that a seed means the same layout whatever order the files came in.
    const order = { sortingMethod: 'natural', fileOrder: null, jobFiles: null } as const
    const pictures = orderFiles(listUsed(media.pictures, range), order)
    const honeypots = planHoneypots(
      validation,
      pictures.map(({ name }) => name),
      task.segmentSize,
    )
    const placed = place(pictures, honeypots)
    return {
      media: { ...media, pictures: placed },
      range: { startFrame: 0, stopFrame: placed.length - 1, step: 1, size: placed.length },
      // Jobs of unequal length have no segment size.
      plan: { segmentSize: 0, overlap: 0, cuts: honeypots.cuts },
      validation: honeypots,
    }
  }
  const plan = planJobs(range.size, task, media.kind === 'video', jobFiles)
  if (!validation) return { media, range, plan, validation: null }
  const names = media.kind === 'video' ? null : listUsed(media.pictures, range).map(({ name }) => name)
  const cutting = { size: range.size, segmentSize: plan.segmentSize, overlap: plan.overlap, jobs: plan.cuts }
  return { media, range, plan, validation: planGroundTruth(validation, cutting, names) }
}
