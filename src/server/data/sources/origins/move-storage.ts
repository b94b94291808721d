// Points the frames of a task at another bucket that holds the same objects.
import { and, eq, like, sql } from 'drizzle-orm'
import { tx } from '../../../db/open'
import { invalid } from '../../../http/errors'
import { cloudName } from '../../../media/media'
import { touchTask } from '../../../tasks/service'
import { frames, taskData } from '../../schema'
import type { TaskData } from '../../stored-media'

const prefixOf = (storageId: number) => cloudName(storageId, '')

/**
 * The pictures of the task are read from this bucket from now on. Throws 400 for a task whose files do not lie in a bucket.
 * The caller has asked whether the person may see the bucket.
 */
export const moveToStorage = async (data: TaskData, storageId: number): Promise<TaskData> => {
  if (data.storage !== 'cloud_storage')
    throw invalid({ cloud_storage_id: 'The files of this task do not lie in a cloud storage.' })
  if (data.cloudStorageId === storageId) return data
  const now = new Date()
  await tx(async (t) => {
    const [first] = await t
      .select({ file: frames.file })
      .from(frames)
      .where(and(eq(frames.taskId, data.taskId), like(frames.file, 'cloud:%')))
      .limit(1)
    // The old storage may be gone, and with it its id in the data.
    const old = /^cloud:\d+\//.exec(first?.file ?? '')?.[0]
    if (old)
      await t
        .update(frames)
        .set({ file: sql`${prefixOf(storageId)} || substr(${frames.file}, ${old.length + 1})` })
        .where(and(eq(frames.taskId, data.taskId), like(frames.file, `${old}%`)))
    await t.update(taskData).set({ cloudStorageId: storageId, chunksUpdatedDate: now }).where(eq(taskData.id, data.id))
    await touchTask(t, data.taskId, now)
  })
  return { ...data, cloudStorageId: storageId, chunksUpdatedDate: now }
}
