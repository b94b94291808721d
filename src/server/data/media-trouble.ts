// What a client is told when media cannot be sent: frames, chunks, previews and tiles.
import { toApiError } from '../cloud-storages/service'
import { ApiError, notFound } from '../http/errors'
import { MediaError } from '../media/media'
import { findTaskData } from './stored-media'

const isGone = (error: unknown) => (error as { code?: string }).code === 'ENOENT'

/** 404 for what was removed while it was asked for, 400 naming a file that cannot be read, 404 or 400 for trouble with a bucket. */
const explain = async (taskId: number, error: unknown): Promise<unknown> => {
  if (error instanceof ApiError) return error
  if (isGone(error) || !(await findTaskData(taskId))) return notFound()
  if (error instanceof MediaError) return new ApiError(400, [error.message])
  return toApiError(error)
}

/** Waits for work on the media of a task; its trouble becomes an answer of the API. */
export const orRefuse = async <T>(taskId: number, work: Promise<T>): Promise<T> => {
  try {
    return await work
  } catch (error) {
    throw await explain(taskId, error)
  }
}
