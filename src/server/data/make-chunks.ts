// Makes the chunks of a task before anybody asks, for tasks that are created without the cache.
import { log } from '../log'
import { getChunk } from '../media/media'
import { storage } from '../storage/storage'
import { chunkFrames } from './chunk-frames'
import { findTaskData, mediaOf } from './stored-media'

/** Fills the media cache with the compressed chunks. One that cannot be made is left for the request that needs it, which says why. */
const makeChunks = async (taskId: number): Promise<void> => {
  // Caches of hosts that share a bucket are their own: nobody would find here what was made here.
  if (!storage().root) return
  const data = await findTaskData(taskId)
  if (!data) return
  const media = await mediaOf(data)
  for (let number = 0; number * data.chunkSize < data.size; number++)
    await getChunk(media, chunkFrames(data, number), 'compressed').catch(() => {})
}

let last: Promise<void> = Promise.resolve()

/**
 * Makes the chunks while nobody waits: after those of earlier tasks, and without holding up what this thread does next. A stop of
 * the server ends it; what is missing then is made when it is asked for, with the same bytes.
 */
export const makeChunksAhead = (taskId: number): Promise<void> => {
  last = last.then(() => makeChunks(taskId)).catch((error) => log().error({ err: error }, `chunks of task ${taskId}`))
  return last
}
