// The face of validation to other features: planning it for a new task, and writing what was planned.
import type { Tx } from '../db/open'
import { jobs } from '../jobs/schema'
import { validationLayouts } from '../tasks/schema'
import type { ValidationPlan } from './plan'

export { createFrameSelector } from './frame-selector'
export { readValidationParams, type ValidationParams } from './params'
export { type HoneypotPlan, planGroundTruth, planHoneypots, type ValidationPlan } from './plan'

/** Writes the layout of a new task and its ground truth job. @param size frames of the task */
export const insertValidation = async (
  t: Tx,
  taskId: number,
  { mode, frames, framesPerJob }: ValidationPlan,
  size: number,
  now: Date,
) => {
  await t.insert(validationLayouts).values({ taskId, mode, frames, framesPerJob, disabledFrames: [] })
  const span =
    mode === 'gt'
      ? { startFrame: 0, stopFrame: size - 1, frames }
      : { startFrame: frames[0]!, stopFrame: frames.at(-1)!, frames: null }
  await t.insert(jobs).values({ taskId, type: 'ground_truth', ...span, createdDate: now, updatedDate: now })
}
