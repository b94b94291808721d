// Where the files of a task lie, and how they go.
import { removeUploadsFor } from '../http/uploads'
import { storage } from '../storage/storage'

/** What the uploads of a task's media are for. */
export const dataPurpose = (taskId: number) => `task-data:${taskId}`
/** What the uploads are for that are appended to a task's frames. */
export const appendPurpose = (taskId: number) => `task-append:${taskId}`
export const rawFolder = (taskId: number) => `data/${taskId}/raw`
/** What came out of the archives, documents and scans among the files. */
export const contentsFolder = (taskId: number) => `${rawFolder(taskId)}/contents`

/** Removes the media of a task and what was being uploaded for it. */
export const removeTaskFiles = async (taskId: number): Promise<void> => {
  await removeUploadsFor(dataPurpose(taskId))
  await removeUploadsFor(appendPurpose(taskId))
  await storage().remove(`data/${taskId}`)
}
