// /api/jobs/:id/cloud-shapes: labels of points and shapes in space, which clients of CVAT's API never see.
import { Elysia, t } from 'elysia'
import { signedIn } from '../auth/service'
import { jsonResponse } from '../http/json'
import * as service from './service'

const id = t.Object({ id: t.Numeric() })
const frame = t.Optional(t.Integer({ minimum: 0 }))

const send = (request: Request, { text, revision }: service.Answer) =>
  jsonResponse(request, text, { headers: { etag: `"${revision}"`, 'cache-control': 'private, no-cache' } })
const ifMatch = (request: Request) => service.readIfMatch(request.headers.get('if-match'))

const rangeOf = (query: { frame?: number; frame_from?: number; frame_to?: number }) =>
  query.frame !== undefined
    ? { from: query.frame, to: query.frame }
    : query.frame_from !== undefined || query.frame_to !== undefined
      ? { from: query.frame_from, to: query.frame_to }
      : undefined

const routes = new Elysia({ prefix: '/api', tags: ['jobs'] })
  .use(signedIn)
  .get(
    '/jobs/:id/cloud-shapes',
    async ({ who, params, query, request }) => {
      const { from, to } = rangeOf(query) ?? {}
      const range = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) }
      return send(request, await service.loadCloudShapes(who, params.id, Object.keys(range).length ? range : undefined))
    },
    { params: id, query: t.Object({ frame, frame_from: frame, frame_to: frame }, { additionalProperties: true }) },
  )
  .patch(
    '/jobs/:id/cloud-shapes',
    async ({ who, params, body, request }) =>
      send(request, await service.patchCloudShapes(who, params.id, body, ifMatch(request))),
    { params: id },
  )
  .put(
    '/jobs/:id/cloud-shapes',
    async ({ who, params, body, request }) =>
      send(request, await service.replaceCloudShapes(who, params.id, body, ifMatch(request))),
    { params: id },
  )

/** Without the types of its routes: together with those of all features they are more than the compiler takes. */
export const cloudShapes = routes as unknown as Elysia
