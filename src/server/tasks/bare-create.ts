// New tasks, and files for tasks that lack them, by plain forms: the files come with the form, as parts of it.
import { type Fields, type Page, readId, receiveParcel, type Visit } from '../auth/service'
import { attachFromForm, removeTaskFiles } from '../data/service'
import { type FormTexts, readLines, readNumber, readText, textOf } from '../http/form-fields'
import { redirectTo } from '../http/html'
import { readRawLabels } from '../labels/service'
import { readStorage } from '../projects/service'
import { createTask, getTask, removeTask } from './service'

const withoutNothing = (values: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== ''))

/** What the form says about the data, as the API takes it. */
const readMedia = (fields: FormTexts): Record<string, unknown> => {
  const step = readNumber(fields, 'frame_step', 1)
  return withoutNothing({
    image_quality: textOf(fields, 'image_quality') || '70',
    sorting_method: textOf(fields, 'sorting_method'),
    // A form without these boxes leaves them on.
    use_zip_chunks: fields.sorting_method === undefined || fields.use_zip_chunks !== undefined,
    use_cache: fields.sorting_method === undefined || fields.use_cache !== undefined,
    chunk_size: textOf(fields, 'chunk_size'),
    start_frame: textOf(fields, 'start_frame'),
    stop_frame: textOf(fields, 'stop_frame'),
    frame_filter: step && `step=${step}`,
    server_files: readLines(fields, 'server_files'),
    remote_files: readLines(fields, 'remote_files'),
    filename_pattern: textOf(fields, 'filename_pattern'),
    cloud_storage_id: textOf(fields, 'cloud_storage_id'),
    copy_data: fields.copy_data !== undefined,
  })
}

const attach = (visit: Visit, taskId: number, fields: FormTexts, uploads: string) => {
  const { who, request, origin, context } = visit
  const params = { id: String(taskId) }
  return attachFromForm(
    { who, request, origin, params, query: {}, organization: async () => context },
    uploads,
    readMedia(fields),
  )
}

type Refuse = (visit: Visit, fields: Fields, error: unknown, params: Record<string, string>) => Promise<Page | Response>

/** @param refuse shows the form again */
export const receiveNewTask = (refuse: Refuse) =>
  receiveParcel('client_files', async (visit, fields, uploads, params) => {
    const { who, context } = visit
    try {
      const projectId = readNumber(fields, 'project_id', 1)
      const tracker = readText(fields, 'bug_tracker', 2000)
      const labels = readRawLabels(textOf(fields, 'labels'))
      const overlap = readNumber(fields, 'overlap')
      const segment = readNumber(fields, 'segment_size', 1)
      const replicas = readNumber(fields, 'consensus_replicas')
      const { task } = await createTask(who, context, {
        name: readText(fields, 'name', 256, true),
        ...(projectId !== undefined && { project_id: projectId }),
        ...(labels.length && { labels }),
        ...(tracker && { bug_tracker: tracker }),
        ...(overlap !== undefined && { overlap }),
        ...(segment !== undefined && { segment_size: segment }),
        ...(replicas !== undefined && { consensus_replicas: replicas }),
        subset: projectId === undefined ? '' : readText(fields, 'bare_subset', 64),
        source_storage: readStorage(fields, 'source_storage'),
        target_storage: readStorage(fields, 'target_storage'),
      })
      try {
        await attach(visit, task.id, fields, uploads)
      } catch (error) {
        // No half task stays behind.
        await removeTask(who, task.id)
        await removeTaskFiles(task.id)
        throw error
      }
      return redirectTo(fields.then?.[0] === 'continue' ? '/tasks/create' : `/tasks/${task.id}`)
    } catch (error) {
      return refuse(visit, fields, error, params)
    }
  })

/** @param refuse shows the page of the task with what is wrong */
export const receiveTaskFiles = (refuse: Refuse) =>
  receiveParcel('client_files', async (visit, fields, uploads, params) => {
    const { task } = await getTask(visit.who, readId(params), 'upload')
    try {
      await attach(visit, task.id, fields, uploads)
      return redirectTo(`/tasks/${task.id}`)
    } catch (error) {
      return refuse(visit, fields, error, params)
    }
  })
