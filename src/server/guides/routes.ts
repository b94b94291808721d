// /api/guides and /api/assets
import { Elysia, t } from 'elysia'
import { signedIn } from '../auth/service'
import { loadPeople } from '../users/service'
import { createAsset, removeAsset, sendAsset, showAsset } from './assets'
import * as service from './service'

const id = t.Object({ id: t.Numeric() })
const uuid = t.Object({ uuid: t.String() })
const maxMarkdownLength = 2 ** 20
const body = t.Object(
  {
    task_id: t.Optional(t.Nullable(t.Integer())),
    project_id: t.Optional(t.Nullable(t.Integer())),
    markdown: t.Optional(t.String({ maxLength: maxMarkdownLength })),
  },
  { additionalProperties: true },
)

/** The body is read by hand, with bounds. */
const keepStream = { parse: () => null } as const

const guideRoutes = new Elysia({ prefix: '/api/guides', tags: ['guides'] })
  .use(signedIn)
  .post(
    '/',
    async ({ who, body, set }) => {
      set.status = 201
      return service.showGuide(await service.createGuide(who, body))
    },
    { body },
  )
  .get('/:id', async ({ who, params }) => service.showGuide((await service.getGuide(who, params.id)).guide), { params: id })
  .patch('/:id', async ({ who, params, body }) => service.showGuide(await service.updateGuide(who, params.id, body)), {
    params: id,
    body,
  })
  .delete(
    '/:id',
    async ({ who, params }) => {
      await service.removeGuide(who, params.id)
      return new Response(null, { status: 204 })
    },
    { params: id },
  )

const assetRoutes = new Elysia({ prefix: '/api/assets', tags: ['assets'] })
  .use(signedIn)
  .post(
    '/',
    async ({ who, origin, request, set }) => {
      const asset = await createAsset(who, origin, request)
      set.status = 201
      return showAsset(origin, asset, (await loadPeople([asset.ownerId])).get(asset.ownerId ?? 0))
    },
    keepStream,
  )
  .get('/:uuid', ({ who, request, params }) => sendAsset(who, request, params.uuid), { params: uuid })
  .delete(
    '/:uuid',
    async ({ who, origin, params }) => {
      await removeAsset(who, origin, params.uuid)
      return new Response(null, { status: 204 })
    },
    { params: uuid },
  )

export const guides = new Elysia({ name: 'guides' }).use(guideRoutes).use(assetRoutes)
