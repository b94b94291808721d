// Saves that a stream has missed, out of the revision log.
import { readActions } from '../revisions/service'

/** As the event of a save; `ids` are null, as after a large one: load the job again. */
export type SaveData = { revision: number } & Record<string, unknown>

/** Whoever has missed more loads the job anew, and is told the newest ones only. */
const maxSaves = 1000

/** The saves of a job after a revision, the oldest first. */
export const listSaves = async (jobId: number, taskId: number, after: number): Promise<SaveData[]> =>
  (await readActions(jobId, after, maxSaves)).map(({ revision, action, user, counts }) => ({
    job_id: jobId,
    task_id: taskId,
    revision,
    action,
    user,
    counts,
    ids: null,
  }))
