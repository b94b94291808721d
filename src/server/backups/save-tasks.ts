// Writes prepared tasks in one transaction and gives them their files.
import { rawFolder, saveCalibration, storeCalibration } from '../data/service'
import { type Tx, tx } from '../db/open'
import { moveFolder, storage } from '../storage/storage'
import { type Place, type PreparedTask, saveTask } from './save-task'

/** Moves the raw files of a new task to their place. What a crash may have left of another task with this id goes. */
const moveFiles = async ({ folder }: PreparedTask, taskId: number) => {
  if (folder === undefined) return
  await storage().remove(`data/${taskId}`)
  await moveFolder(folder, rawFolder(taskId))
}

/** After the move, which clears the folder of the task. */
const keepCalibration = async (t: Tx, { calibration }: PreparedTask, taskId: number, now: Date) => {
  if (!calibration?.length) return
  const names = calibration.map(({ name }) => name)
  await saveCalibration(t, taskId, await storeCalibration(taskId, calibration), names, now)
}

export type Saved = { projectId: number | null; taskIds: number[] }

/**
 * All of it or nothing; the files are moved just before the commit, and removed again when it fails.
 * @param begin comes first in the transaction and answers the project that the tasks belong to
 * @param end notes in the same transaction that the work is done, so that a run which a crash cut off after it is not repeated
 */
export const saveTasks = async (
  tasks: readonly PreparedTask[],
  place: Omit<Place, 'projectId'>,
  begin: (t: Tx) => Promise<number | null>,
  end: (t: Tx, saved: Saved) => Promise<unknown>,
): Promise<Saved> => {
  const moved: number[] = []
  try {
    return await tx(async (t) => {
      const projectId = await begin(t)
      const taskIds: number[] = []
      for (const task of tasks) taskIds.push(await saveTask(t, task, { ...place, projectId }))
      await end(t, { projectId, taskIds })
      for (const [i, id] of taskIds.entries()) {
        moved.push(id)
        await moveFiles(tasks[i]!, id)
        await keepCalibration(t, tasks[i]!, id, place.now)
      }
      return { projectId, taskIds }
    })
  } catch (error) {
    for (const id of moved) await storage().remove(`data/${id}`)
    throw error
  }
}
