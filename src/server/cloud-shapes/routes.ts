// /api/jobs/:id/cloud-shapes: labels of points and shapes in space, which clients of CVAT's API never see.
import { Elysia, t } from 'elysia'
import { signedIn } from '../auth/service'
import { ApiError, invalid, refused } from '../http/errors'
import { jsonResponse } from '../http/json'
import { createUploadRoutes, type UploadContext } from '../http/upload-routes'
import { takeUpload, uploadNamed } from '../http/uploads'
import { startRequest } from '../requests/service'
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

for (const target of ['task', 'job'] as const)
  routes.post(
    `/${target}s/:id/cloud-shapes/export`,
    async ({ who, params, query, set }: any) => {
      const saveClouds = /^(1|true|yes)$/i.test(query.save_clouds ?? '')
      const plan = await service.planExport(who, target, params.id, { format: query.format, saveClouds })
      set.status = 202
      return { rq_id: (await startRequest(who, plan)).id }
    },
    { params: id },
  )

const readId = ({ params }: UploadContext) => {
  if (!/^\d{1,9}$/.test(params.id ?? '')) throw new ApiError(404, { detail: 'Not found.' })
  return Number(params.id)
}

const createImportRoutes = (target: service.Target) =>
  createUploadRoutes({
    path: `/api/${target}s/:id/cloud-shapes/import`,
    signedIn,
    names: 'fresh',
    accepts: (field) => field === 'file',
    authorize: async (context) => {
      await service.authorizeImport(context.who, target, readId(context), context.query.format)
      return `${target}-cloud-shapes:${readId(context)}`
    },
    onFinish: async ({ who, query, ...context }, purpose, { announced, files }) => {
      if (!announced && !files.length) throw invalid({ file: 'No file was submitted.' })
      if (files.length > 1) throw refused('Only one file can be imported at a time.')
      const upload = files[0] ?? (await uploadNamed(who.user.id, purpose, query.filename ?? ''))
      const file = `data/imports/${crypto.randomUUID()}`
      const id = readId({ who, query, ...context })
      const plan = await service.planImport(who, target, id, file, { format: query.format, mode: query.mode })
      await takeUpload(upload, file)
      return { rq_id: (await startRequest(who, plan)).id }
    },
  })

/** Without the types of its routes: together with those of all features they are more than the compiler takes. */
export const cloudShapes = new Elysia()
  .use(routes as unknown as Elysia)
  .use(createImportRoutes('task') as unknown as Elysia)
  .use(createImportRoutes('job') as unknown as Elysia) as unknown as Elysia
