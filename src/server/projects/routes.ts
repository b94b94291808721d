// /api/projects
import { Elysia, t } from 'elysia'
import { signedIn } from '../auth/service'
import { removeTaskFiles } from '../data/service'
import { listPage, readConditions, readOrder, readPaging } from '../http/page'
import { rememberAnswers } from '../http/remember'
import { labelBody, storageBody } from '../labels/service'
import * as service from './service'

const id = t.Object({ id: t.Numeric() })
const fields = {
  labels: t.Optional(t.Array(labelBody)),
  owner_id: t.Optional(t.Nullable(t.Integer())),
  assignee_id: t.Optional(t.Nullable(t.Integer())),
  bug_tracker: t.Optional(t.String({ maxLength: 2000 })),
  source_storage: storageBody,
  target_storage: storageBody,
}
const name = t.String({ minLength: 1, maxLength: 256 })

export const projects = new Elysia({ prefix: '/api/projects', tags: ['projects'] })
  .use(signedIn)
  .use(rememberAnswers)
  .get('/', async ({ who, origin, organization, request, query }) => {
    const paging = readPaging(query)
    const options = service.listOptions
    const { rows, count } = await service.listProjects(
      who,
      await organization(),
      readConditions(query, options),
      readOrder(query, options, []),
      paging,
    )
    return listPage(request, origin, paging, count, await service.showProjects(origin, rows))
  })
  .post(
    '/',
    async ({ who, origin, organization, body, set }) => {
      set.status = 201
      return (await service.showProjects(origin, [await service.createProject(who, await organization(), body as any)]))[0]
    },
    { body: t.Object({ name, ...fields }) },
  )
  .get(
    '/:id',
    async ({ who, origin, params }) => (await service.showProjects(origin, [await service.getProject(who, params.id)]))[0],
    { params: id },
  )
  .patch(
    '/:id',
    async ({ who, origin, params, body }) =>
      (await service.showProjects(origin, [await service.updateProject(who, params.id, body as any)]))[0],
    {
      params: id,
      body: t.Object({ name: t.Optional(name), ...fields, organization_id: t.Optional(t.Nullable(t.Integer())) }),
    },
  )
  .delete(
    '/:id',
    async ({ who, params }) => {
      for (const task of await service.removeProject(who, params.id)) await removeTaskFiles(task)
      return new Response(null, { status: 204 })
    },
    { params: id },
  )
