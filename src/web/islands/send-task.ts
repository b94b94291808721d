// Makes one task: its record, its files, and the wait until the server has read them.
import { ApiFailure, callApi } from './api'
import { type FollowedRequest, followRequest } from './follow-request'
import { uploadTaskFiles } from './upload'

export type TaskPlan = {
  /** The body of a new task; left out where there is one already. */
  head?: Record<string, unknown>
  taskId?: number | null
  /** Frames are added to a task that has some. */
  isAppending?: boolean
  /** How its files are read. */
  data: Record<string, unknown>
  /** Files of this computer, in their order, or where the server finds them. */
  media: { files: File[] } | { body: Record<string, unknown> }
}
export type TaskWatch = {
  /** How much of each file has arrived. */
  onFile?: (file: File, bytes: number) => void
  onWait?: (isWaiting: boolean) => void
  onSent?: () => void
  onRequest?: (request: FollowedRequest) => void
}

const sendMedia = async (id: number, { isAppending, data, media }: TaskPlan, { onFile, onWait }: TaskWatch): Promise<string> => {
  const url = `/api/tasks/${id}/data/${isAppending ? 'append/' : ''}`
  if ('body' in media) return (await callApi('POST', url, { ...data, ...media.body })).rq_id
  const names = media.files.map(({ name }) => name)
  const parameters = { ...data, ...(data.sorting_method === 'predefined' && { upload_file_order: names }) }
  return uploadTaskFiles(url, media.files, parameters, { onFile: onFile ?? (() => {}), onWait: onWait ?? (() => {}) })
}

/**
 * Answers the task's id when its frames are there. What failed leaves no half task behind.
 * Throws ApiFailure with the server's words, TypeError when the connection stays broken.
 */
export const sendTask = async (plan: TaskPlan, watch: TaskWatch = {}): Promise<number> => {
  const id: number = plan.taskId ?? (await callApi('POST', '/api/tasks', plan.head)).id
  try {
    const request = await sendMedia(id, plan, watch)
    watch.onSent?.()
    await followRequest(request, watch.onRequest)
    return id
  } catch (problem) {
    if (problem instanceof ApiFailure && !plan.taskId) await callApi('DELETE', `/api/tasks/${id}`).catch(() => {})
    throw problem
  }
}
