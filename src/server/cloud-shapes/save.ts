// What all saves of drawings on point clouds have in common: limits, revision and dates, the log, who is told.
import { and, eq } from 'drizzle-orm'
import { isInSpan, mediaOf } from '../data/service'
import type { Tx } from '../db/open'
import { recordChange } from '../events/service'
import { invalid, refused } from '../http/errors'
import { jobs } from '../jobs/schema'
import type { JobRow } from '../jobs/service'
import type { LabelTree } from '../labels/service'
import { MediaError } from '../media/task-media'
import type { Who } from '../policy/who'
import { publish } from '../stream/service'
import { tasks } from '../tasks/schema'
import { countPoints } from './count-points'
import type { CloudLimits } from './read-body'
import { setRevision } from './store'

/** What may be drawn in a job whose labels are these. */
export const limitsOf = async (row: JobRow, labels: readonly LabelTree[]): Promise<CloudLimits> => {
  const { job, data } = row
  if (!data) throw refused('The task has no data.')
  const media = await mediaOf(data)
  return {
    labels: new Map(labels.map((label) => [label.id, label])),
    allows: (frame) => isInSpan(frame, job),
    range: `job #${job.id} (frames ${job.startFrame} to ${job.stopFrame})`,
    countPoints: async (frame) => {
      try {
        return await countPoints(media, frame)
      } catch (error) {
        if (error instanceof MediaError) throw invalid({ [`frame ${frame}`]: error.message })
        throw error
      }
    },
  }
}

/** What a save did, for the log and those who watch. */
/** `isWhole`: frames that are not named have lost what they had. */
export type Saved = { frames: number[]; isWhole?: boolean; counts: Record<string, number> }

/** Notes a change in the log, moves the revision and the dates; a new job that somebody draws in is in progress. */
export const settleSave = async (t: Tx, who: Who, { job, task }: JobRow, revision: number, { frames, counts }: Saved) => {
  const now = new Date()
  await setRevision(t, job.id, revision)
  await t.update(jobs).set({ updatedDate: now }).where(eq(jobs.id, job.id))
  await t
    .update(jobs)
    .set({ state: 'in progress' })
    .where(and(eq(jobs.id, job.id), eq(jobs.state, 'new')))
  await t.update(tasks).set({ updatedDate: now }).where(eq(tasks.id, task.id))
  await recordChange(t, who, {
    action: 'update',
    resource: 'cloudshapes',
    id: job.id,
    organizationId: task.organizationId,
    projectId: task.projectId,
    taskId: task.id,
    jobId: job.id,
    after: { ...counts, frames: frames.length },
    count: Math.max(1, frames.length),
  })
}

export const tellSaved = (who: Who, { job, task }: JobRow, revision: number, frames: number[] | null) =>
  publish({
    type: 'cloud',
    topics: [`job:${job.id}`, `task:${task.id}`],
    data: {
      job_id: job.id,
      task_id: task.id,
      revision,
      user: { id: who.user.id, username: who.user.username },
      // Many frames are better loaded anew.
      frames: frames && frames.length <= 1000 ? frames : null,
    },
  })
