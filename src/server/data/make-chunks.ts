// Makes the chunks of a task before anybody asks, for tasks that are created without the cache.
import { getChunk, type TaskMedia } from '../media/media'
import type { Report } from '../requests/service'
import { chunkFrames } from './chunk-frames'
import { findTaskData, mediaOf } from './stored-media'

/** Fills the media cache with the compressed chunks; one that fails is left for the request that needs it. */
export const makeChunksAhead = async (taskId: number, report: Report): Promise<void> => {
  const data = await findTaskData(taskId)
  if (!data) return
  const media: TaskMedia = await mediaOf(data)
  for (let number = 0; number * data.chunkSize < data.size; number++) {
    await report((number * data.chunkSize) / data.size, 'Making chunks')
    try {
      await getChunk(media, chunkFrames(data, number), 'compressed')
    } catch (error) {
      console.error(`task ${taskId}: chunk ${number}: ${(error as Error).message}`)
    }
  }
}
