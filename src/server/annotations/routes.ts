// /api/jobs/{id}/annotations and /api/tasks/{id}/annotations
import { Elysia, t } from 'elysia'
import { signedIn } from '../auth/service'
import { invalid } from '../http/errors'
import { jsonResponse } from '../http/json'
import { keepAnswer, rememberAnswers } from '../http/remember'
import * as service from './service'

const id = t.Object({ id: t.Numeric() })
const actions: service.Action[] = ['create', 'update', 'delete']
const readAction = (action: string | undefined) => {
  if (!actions.includes(action as service.Action))
    throw invalid({ action: 'Please specify a correct "action": create, update or delete.' })
  return action as service.Action
}

const send = (request: Request, { text, revision }: service.Answer) => {
  const headers = { etag: `"${revision}"` }
  keepAnswer(request, text, headers)
  return jsonResponse(request, text, { headers })
}
const ifMatch = (request: Request) => service.readIfMatch(request.headers.get('if-match'))
const noContent = () => new Response(null, { status: 204 })
const readSave = (body: unknown): service.SaveBody => {
  if (typeof (body as { save_id?: unknown })?.save_id !== 'string') throw invalid({ save_id: 'This field is required.' })
  return body as service.SaveBody
}

export const annotations = new Elysia({ prefix: '/api', tags: ['annotations'] })
  .use(signedIn)
  .use(rememberAnswers)
  .get(
    '/jobs/:id/annotations/',
    async ({ who, params, query, request }) =>
      send(request, await service.loadJob(who, params.id, { from: query.frame_from, to: query.frame_to })),
    {
      params: id,
      query: t.Object({ frame_from: t.Optional(t.Integer()), frame_to: t.Optional(t.Integer()) }, { additionalProperties: true }),
    },
  )
  .patch(
    '/jobs/:id/annotations/',
    async ({ who, params, query, body, request }) =>
      send(
        request,
        query.action === 'save'
          ? await service.saveJob(who, params.id, readSave(body), ifMatch(request))
          : await service.patchJob(who, params.id, readAction(query.action), body, ifMatch(request)),
      ),
    { params: id },
  )
  .put(
    '/jobs/:id/annotations/',
    async ({ who, params, body, request }) => send(request, await service.replaceJob(who, params.id, body, ifMatch(request))),
    { params: id },
  )
  .delete(
    '/jobs/:id/annotations/',
    async ({ who, params, request }) => {
      await service.clearJob(who, params.id, ifMatch(request))
      return noContent()
    },
    { params: id },
  )
  .get('/tasks/:id/annotations/', async ({ who, params, request }) => send(request, await service.loadTask(who, params.id)), {
    params: id,
  })
  .patch(
    '/tasks/:id/annotations/',
    async ({ who, params, query, body, request }) =>
      send(request, await service.patchTask(who, params.id, readAction(query.action), body, ifMatch(request))),
    { params: id },
  )
  .put(
    '/tasks/:id/annotations/',
    async ({ who, params, body, request }) => send(request, await service.replaceTask(who, params.id, body, ifMatch(request))),
    { params: id },
  )
  .delete(
    '/tasks/:id/annotations/',
    async ({ who, params, request }) => {
      await service.clearTask(who, params.id, ifMatch(request))
      return noContent()
    },
    { params: id },
  )
