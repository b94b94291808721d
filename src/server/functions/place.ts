// What a call of a function is about: a task, or a job of it; checked against what the person may do.
import { invalid, refused } from '../http/errors'
import { getJob, type Job } from '../jobs/service'
import { type LabelTree, labelsOf } from '../labels/service'
import type { Who } from '../policy/who'
import { getTask, labelParent, type Task } from '../tasks/service'

export type Place = { task: Task; job: Job | null; labels: LabelTree[] }

const readId = (name: string, value: unknown): number | undefined => {
  if (value === undefined || value === null) return undefined
  if (!Number.isInteger(value) || (value as number) < 1) throw invalid({ [name]: 'A valid integer is required.' })
  return value as number
}

/** The job where one is named: who works on a job need not see its task. Throws 400, 403 or 404. */
export const openPlace = async (who: Who, input: { task?: unknown; job?: unknown }, action = 'view'): Promise<Place> => {
  const [taskId, jobId] = [readId('task', input.task), readId('job', input.job)]
  if (taskId === undefined && jobId === undefined) throw invalid({ task: 'This field is required.' })
  const { task, job } =
    jobId === undefined ? { task: (await getTask(who, taskId!, action)).task, job: null } : await getJob(who, jobId, action)
  if (job && taskId !== undefined && job.taskId !== taskId) throw refused('Job task id does not match task id')
  if (task.dimension !== '2d') throw refused('Functions look at pictures; this task has none.')
  return { task, job, labels: await labelsOf(labelParent(task)) }
}

/** Throws 400 unless the job has the frame. Whether the task has it shows when it is loaded. */
export const requireInJob = ({ job }: Place, frame: number, what = 'frame') => {
  if (!job) return
  const isInside = job.frames ? job.frames.includes(frame) : frame >= job.startFrame && frame <= job.stopFrame
  if (!isInside) throw refused(`The ${what} is outside the job range`)
}
