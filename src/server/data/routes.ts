// /api/tasks/:id/data, /api/jobs/:id/data and the previews
import { and, asc, eq } from 'drizzle-orm'
import { Elysia, t } from 'elysia'
import { signedIn } from '../auth/service'
import { getCloudStorage } from '../cloud-storages/service'
import { db } from '../db/open'
import { invalid, notFound } from '../http/errors'
import { createUploadRoutes } from '../http/upload-routes'
import { getJob } from '../jobs/service'
import type { Who } from '../policy/who'
import { getProject } from '../projects/service'
import { tasks } from '../tasks/schema'
import { getTask } from '../tasks/service'
import { dataEndpoint, showStatus } from './attach'
import { showMeta, updateDeletedFrames } from './meta'
import { taskData } from './schema'
import { requireData, sendMedia, sendPreview } from './send-media'
import { moveToStorage } from './sources/origins/move-storage'
import type { TaskData } from './stored-media'

const id = t.Object({ id: t.Numeric() })
const metaBody = t.Object({
  deleted_frames: t.Optional(t.Array(t.Integer({ minimum: 0 }))),
  cloud_storage_id: t.Optional(t.Nullable(t.Integer())),
})

/** The data with the bucket that the person wants its frames to be read from. */
const readFromStorage = async (who: Who, data: TaskData, storageId: number | null | undefined): Promise<TaskData> => {
  if (storageId === undefined || storageId === data.cloudStorageId) return data
  if (storageId === null) throw invalid({ cloud_storage_id: 'The frames need the storage that they lie in.' })
  return moveToStorage(data, (await getCloudStorage(who, storageId)).id)
}

const ofTasks = new Elysia({ prefix: '/api/tasks', tags: ['tasks'] })
  .use(signedIn)
  .get('/:id/data', async ({ who, params, query, request }) => sendMedia(request, (await getTask(who, params.id)).data, query), {
    params: id,
  })
  .get('/:id/data/meta', async ({ who, params }) => showMeta(requireData((await getTask(who, params.id)).data)), { params: id })
  .patch(
    '/:id/data/meta',
    async ({ who, params, body }) => {
      const given = requireData((await getTask(who, params.id, 'update')).data)
      const data = await readFromStorage(who, given, body.cloud_storage_id)
      return showMeta(body.deleted_frames ? await updateDeletedFrames(data, body.deleted_frames) : data)
    },
    { params: id, body: metaBody },
  )
  .get('/:id/preview', async ({ who, params, request }) => sendPreview(request, (await getTask(who, params.id)).data), {
    params: id,
  })
  .get('/:id/status', async ({ who, params }) => showStatus((await getTask(who, params.id)).task.id), { params: id })

const ofJobs = new Elysia({ prefix: '/api/jobs', tags: ['jobs'] })
  .use(signedIn)
  .get(
    '/:id/data',
    async ({ who, params, query, request }) => {
      const { data, job } = await getJob(who, params.id)
      return sendMedia(request, data, query, job)
    },
    { params: id },
  )
  .get(
    '/:id/data/meta',
    async ({ who, params }) => {
      const { data, job } = await getJob(who, params.id)
      return showMeta(requireData(data), job)
    },
    { params: id },
  )
  .patch(
    '/:id/data/meta',
    async ({ who, params, body }) => {
      const { data, job } = await getJob(who, params.id, 'annotate')
      const current = requireData(data)
      return showMeta(body.deleted_frames ? await updateDeletedFrames(current, body.deleted_frames, job) : current, job)
    },
    { params: id, body: metaBody },
  )
  .get(
    '/:id/preview',
    async ({ who, params, request }) => {
      const { data, job } = await getJob(who, params.id)
      return sendPreview(request, data, job.frames?.[0] ?? job.startFrame)
    },
    { params: id },
  )

const ofProjects = new Elysia({ prefix: '/api/projects', tags: ['projects'] }).use(signedIn).get(
  '/:id/preview',
  async ({ who, params, request }) => {
    const project = await getProject(who, params.id)
    const [first] = await db
      .select({ data: taskData })
      .from(tasks)
      .innerJoin(taskData, eq(taskData.taskId, tasks.id))
      .where(and(eq(tasks.projectId, project.id)))
      .orderBy(asc(tasks.id))
      .limit(1)
    if (!first) throw notFound('The project has no pictures yet.')
    return sendPreview(request, first.data)
  },
  { params: id },
)

export const data = new Elysia()
  .use(ofTasks)
  .use(ofJobs)
  .use(ofProjects)
  .use(createUploadRoutes({ ...dataEndpoint, path: '/api/tasks/:id/data', signedIn: signedIn as any }))
