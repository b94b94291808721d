// /api/tasks
import { Elysia, t } from 'elysia'
import { signedIn } from '../auth/service'
import { removeTaskFiles } from '../data/service'
import { listPage, readConditions, readOrder, readPaging } from '../http/page'
import { rememberAnswers } from '../http/remember'
import { labelBody, storageBody } from '../labels/service'
import * as service from './service'

const id = t.Object({ id: t.Numeric() })
const name = t.String({ minLength: 1, maxLength: 256 })
const fields = {
  project_id: t.Optional(t.Nullable(t.Integer())),
  owner_id: t.Optional(t.Nullable(t.Integer())),
  assignee_id: t.Optional(t.Nullable(t.Integer())),
  bug_tracker: t.Optional(t.String({ maxLength: 2000 })),
  labels: t.Optional(t.Array(labelBody)),
  subset: t.Optional(t.String({ maxLength: 64 })),
  source_storage: storageBody,
  target_storage: storageBody,
}

const show = async (origin: string, row: service.TaskRow) => (await service.showTasks(origin, [row]))[0]

export const tasks = new Elysia({ prefix: '/api/tasks', tags: ['tasks'] })
  .use(signedIn)
  .use(rememberAnswers)
  .get('/', async ({ who, origin, organization, request, query }) => {
    const paging = readPaging(query)
    const options = service.listOptions
    const { rows, count } = await service.listTasks(
      who,
      await organization(),
      readConditions(query, options),
      readOrder(query, options, []),
      paging,
    )
    return listPage(request, origin, paging, count, await service.showTasks(origin, rows))
  })
  .post(
    '/',
    async ({ who, origin, organization, body, set }) => {
      set.status = 201
      return show(origin, await service.createTask(who, await organization(), body as any))
    },
    {
      body: t.Object({
        name,
        ...fields,
        overlap: t.Optional(t.Nullable(t.Integer({ minimum: 0 }))),
        segment_size: t.Optional(t.Integer({ minimum: 0 })),
        initial_replicas: t.Optional(t.Integer()),
        consensus_replicas: t.Optional(t.Integer()),
      }),
    },
  )
  .get('/:id', async ({ who, origin, params }) => show(origin, await service.getTask(who, params.id)), { params: id })
  .patch('/:id', async ({ who, origin, params, body }) => show(origin, await service.updateTask(who, params.id, body as any)), {
    params: id,
    body: t.Object({ name: t.Optional(name), ...fields, organization_id: t.Optional(t.Nullable(t.Integer())) }),
  })
  .delete(
    '/:id',
    async ({ who, params }) => {
      await service.removeTask(who, params.id)
      await removeTaskFiles(params.id)
      return new Response(null, { status: 204 })
    },
    { params: id },
  )
