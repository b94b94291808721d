// /api/tasks/:id/data/append and /api/tasks/:id/watches
import { Elysia, t } from 'elysia'
import { signedIn } from '../../auth/service'
import { createUploadRoutes } from '../../http/upload-routes'
import { getTask } from '../../tasks/service'
import { appendEndpoint } from './endpoint'
import * as service from './watches'

const task = t.Object({ id: t.Numeric() })
const one = t.Object({ id: t.Numeric(), watch: t.Numeric() })

const fields = {
  cloud_storage_id: t.Optional(t.Nullable(t.Integer())),
  path: t.Optional(t.String({ maxLength: 1024 })),
  pattern: t.Optional(t.String({ maxLength: 1024 })),
  copy_data: t.Optional(t.Boolean()),
  interval: t.Optional(t.Integer({ minimum: service.shortestIntervalSeconds, maximum: service.longestIntervalSeconds })),
  enabled: t.Optional(t.Boolean()),
}
const origin = t.Union([t.Literal('share'), t.Literal('cloud_storage')])

const watches = new Elysia({ prefix: '/api/tasks/:id/watches', tags: ['tasks'] })
  .use(signedIn)
  .get(
    '/',
    async ({ who, params, origin: address }) => {
      const { task } = await getTask(who, params.id)
      const results = await service.showWatches(address, await service.listWatches(task.id))
      return { count: results.length, next: null, previous: null, results }
    },
    { params: task },
  )
  .post(
    '/',
    async ({ who, params, origin: address, body, set }) => {
      set.status = 201
      return (await service.showWatches(address, [await service.createWatch(who, params.id, body)]))[0]
    },
    { params: task, body: t.Object({ origin, ...fields }) },
  )
  .get(
    '/:watch',
    async ({ who, params, origin: address }) =>
      (await service.showWatches(address, [await service.getWatch(who, params.id, params.watch)]))[0],
    { params: one },
  )
  .patch(
    '/:watch',
    async ({ who, params, origin: address, body }) =>
      (await service.showWatches(address, [await service.updateWatch(who, params.id, params.watch, body)]))[0],
    { params: one, body: t.Object({ origin: t.Optional(origin), ...fields }) },
  )
  .delete(
    '/:watch',
    async ({ who, params }) => {
      await service.removeWatch(who, params.id, params.watch)
      return new Response(null, { status: 204 })
    },
    { params: one },
  )

export const growing = new Elysia()
  .use(watches)
  .use(createUploadRoutes({ ...appendEndpoint, path: '/api/tasks/:id/data/append', signedIn: signedIn as any }))
