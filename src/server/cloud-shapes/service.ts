// Labels of points and shapes in space: loaded and saved by jobs, one transaction a save, stale saves refused. The door of the feature.
import { readIfMatch } from '../annotations/service'
import { db, type Tx, tx } from '../db/open'
import { ApiError } from '../http/errors'
import { findJob, getJob, type JobRow } from '../jobs/service'
import { labelsOf } from '../labels/service'
import type { Who } from '../policy/who'
import { labelParent } from '../tasks/service'
import { paintSegments, settleSegments } from './paint'
import { type CloudLimits, readContent, readPatch } from './read-body'
import { limitsOf, type Saved, settleSave, tellSaved } from './save'
import {
  clearShapes,
  type FrameRange,
  loadFrame,
  lockRevision,
  putShapes,
  readRevision,
  removeShapes,
  replaceSegments,
  selectSegments,
  selectShapes,
} from './store'
import { writeCloudShapes } from './write-json'

export { savedShapesFile, saveShapes, writeSavedShapes } from './backup'
export { authorizeImport, planExport, planImport, runCloudExport, runCloudImport, type Target } from './exchange'
export { clearCloudFrames, moveCloudShapes, noteLabelsGone } from './follow'
export { readIfMatch }

export type Answer = { text: string; revision: number }

/** Everything of a job, or of a range of its frames. */
export const loadCloudShapes = async (who: Who, id: number, range?: Partial<FrameRange>): Promise<Answer> => {
  const { job, task } = await getJob(who, id)
  const span = range && { from: range.from ?? job.startFrame, to: range.to ?? job.stopFrame }
  const labels = await labelsOf(labelParent(task))
  // Before the rows: what comes in between makes the next save stale, not lost.
  const revision = await readRevision(db, id)
  const [segments, shapes] = [await selectSegments(db, id, span), await selectShapes(db, id, span)]
  return { revision, text: writeCloudShapes(revision, segments, shapes, new Map(labels.map((label) => [label.id, label]))) }
}

/** The one way in which requests change what is drawn on the clouds of a job. */
const changeJob = async (
  who: Who,
  id: number,
  ifMatch: number | undefined,
  work: (row: JobRow, limits: CloudLimits) => Promise<(t: Tx) => Promise<Saved>>,
): Promise<Answer> => {
  const row = await getJob(who, id, 'annotate')
  const labels = await labelsOf(labelParent(row.task))
  const apply = await work(row, await limitsOf(row, labels))
  const { revision, frames } = await tx(async (t) => {
    const before = await lockRevision(t, id)
    if (ifMatch !== undefined && ifMatch !== before)
      throw new ApiError(412, { detail: 'The point clouds have changed since they were loaded.', revision: before })
    const current = await findJob(id, t)
    const saved = await apply(t)
    await settleSave(t, who, current, before + 1, saved)
    return { revision: before + 1, frames: saved.isWhole ? null : saved.frames }
  })
  tellSaved(who, row, revision, frames)
  return { revision, text: JSON.stringify({ revision }) }
}

/** Operations and shapes of some frames, all of them or none. Throws 412 with the current revision when `ifMatch` is stale. */
export const patchCloudShapes = (who: Who, id: number, body: unknown, ifMatch?: number): Promise<Answer> =>
  changeJob(who, id, ifMatch, async (_, limits) => {
    const frames = await readPatch(body, limits)
    return async (t) => {
      const counts = { operations: 0, shapes: 0, removed: 0 }
      for (const { frame, operations, shapes, removed } of frames) {
        if (operations.length) {
          const { segments } = await loadFrame(t, id, frame)
          await replaceSegments(t, id, frame, paintSegments(segments, operations))
        }
        await removeShapes(t, id, removed)
        await putShapes(t, id, shapes)
        counts.operations += operations.length
        counts.shapes += shapes.length
        counts.removed += removed.length
      }
      return { frames: frames.map(({ frame }) => frame), counts }
    }
  })

/** Whole frames in the place of everything that the job has. */
export const replaceCloudShapes = (who: Who, id: number, body: unknown, ifMatch?: number): Promise<Answer> =>
  changeJob(who, id, ifMatch, async (_, limits) => {
    const frames = await readContent(body, limits)
    return async (t) => {
      await clearShapes(t, id)
      for (const { frame, segments, shapes } of frames) {
        await replaceSegments(t, id, frame, settleSegments(segments))
        await putShapes(t, id, shapes)
      }
      const sum = (key: 'segments' | 'shapes') => frames.reduce((total, frame) => total + frame[key].length, 0)
      return {
        frames: frames.map(({ frame }) => frame),
        isWhole: true,
        counts: { segments: sum('segments'), shapes: sum('shapes'), replaced: 1 },
      }
    }
  })
