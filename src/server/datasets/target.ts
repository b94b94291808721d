// What a dataset is matched against: the labels and frames of a task, a job, or a project whose tasks are still to come.
import { createFrameLookup, type FrameInfo, type FrameLookup } from '../../formats/match'
import { findDatasetFrames, frameNames, mediaFacts } from '../data/service'
import { findJob, type Job } from '../jobs/service'
import { type LabelTree, labelsOf, type Parent } from '../labels/service'
import type { RequestRow } from '../requests/service'
import { findTask, labelParent, type TaskRow } from '../tasks/service'

export type ImportTarget = {
  /** Whose labels count. */
  parent: Parent
  labels: LabelTree[]
  frames: FrameLookup
  task?: TaskRow['task']
  job: Job | null
}

/** The target of a request. Throws 404 when it is gone. */
export const openTarget = async (row: Pick<RequestRow, 'projectId' | 'taskId' | 'jobId'>): Promise<ImportTarget> => {
  if (row.taskId === null && row.jobId === null) {
    const parent = { projectId: row.projectId! }
    return { parent, labels: await labelsOf(parent), frames: createFrameLookup({ frames: [] }), job: null }
  }
  const { task, job } = row.jobId === null ? { ...(await findTask(row.taskId!)), job: null } : await findJob(row.jobId)
  const { startFrame, step } = await mediaFacts(task.id)
  const { isImported } = await findDatasetFrames(task.id, job)
  const frames: FrameInfo[] = []
  for await (const { number, name, width, height } of frameNames(task.id))
    if (isImported(number)) frames.push({ frame: number, name, width, height })
  const parent = labelParent(task)
  return { parent, labels: await labelsOf(parent), frames: createFrameLookup({ frames, startFrame, step }), task, job }
}
