// Ground truth jobs: made of some frames of a task to check the others against.
import { eq } from 'drizzle-orm'
import { tx } from '../db/open'
import { invalid, refused } from '../http/errors'
import { authorize } from '../policy/can'
import type { Who } from '../policy/who'
import { requirePerson } from '../projects/service'
import { validationLayouts } from '../tasks/schema'
import { findTask } from '../tasks/service'
import { chooseValidationFrames, type FrameSelection } from './choose-frames'
import { jobs } from './schema'
import { findJob, type JobRow, jobsOfTask, recordJob } from './service'

export type GroundTruthInput = FrameSelection & { type: string; task_id: number; assignee?: number | null }

/** Errors: 400 for another type, a task without data or with ground truth already, wrong frames; 403; 404 for an unknown task. */
export const createGroundTruthJob = async (who: Who, input: GroundTruthInput): Promise<JobRow> => {
  const { task, project, data } = await findTask(input.task_id)
  authorize(who, 'job', 'create', { organizationId: task.organizationId, parents: project ? [task, project] : [task] })
  if (input.type !== 'ground_truth') throw invalid({ type: 'Only ground truth jobs can be added to a task.' })
  if (!data) throw refused('A ground truth job needs a task with data.')
  const now = new Date()
  return tx(async (t) => {
    const [layout] = await t.select().from(validationLayouts).where(eq(validationLayouts.taskId, task.id))
    if (layout) throw refused(`Task with validation mode "${layout.mode}" cannot have more than 1 GT job`)
    await requirePerson(t, 'assignee', input.assignee)
    const own = (await jobsOfTask(task.id, t)).filter(({ type }) => type === 'annotation')
    const cutting = { size: data.size, segmentSize: task.segmentSize, overlap: task.overlap ?? 0, jobs: own }
    const frames = chooseValidationFrames(input, cutting)
    await t.insert(validationLayouts).values({ taskId: task.id, mode: 'gt', frames, disabledFrames: [] })
    const [job] = await t
      .insert(jobs)
      .values({
        taskId: task.id,
        type: 'ground_truth',
        startFrame: 0,
        stopFrame: data.size - 1,
        frames,
        assigneeId: input.assignee ?? null,
        assigneeUpdatedDate: input.assignee ? now : null,
        createdDate: now,
        updatedDate: now,
      })
      .returning({ id: jobs.id })
    const row = await findJob(job!.id, t)
    await recordJob(t, who, 'create', row)
    return row
  })
}
