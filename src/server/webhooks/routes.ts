// /api/webhooks
import { Elysia, t } from 'elysia'
import { signedIn } from '../auth/service'
import { isSince } from '../http/compat'
import { listPage, readConditions, readOrder, readPaging } from '../http/page'
import { eventNames, groupOf } from './event-names'
import { webhookTypes } from './schema'
import * as service from './service'

const id = t.Object({ id: t.Numeric() })
const deliveryId = t.Object({ id: t.Numeric(), deliveryId: t.Numeric() })
const targetUrl = t.String({ minLength: 1, maxLength: 8192 })
const events = t.Array(t.String())
const optional = {
  description: t.Optional(t.String({ maxLength: 128 })),
  content_type: t.Optional(t.Literal('application/json')),
  secret: t.Optional(t.String({ maxLength: 64 })),
  is_active: t.Optional(t.Boolean()),
  enable_ssl: t.Optional(t.Boolean()),
}
const type = t.Union(webhookTypes.map((name) => t.Literal(name)))
const projectId = t.Optional(t.Nullable(t.Integer()))

const show = async (origin: string, webhook: service.Webhook) => (await service.showWebhooks(origin, [webhook]))[0]

/** Clients before 2.80 take plain names, later ones objects with a heading. */
const showNames = (names: string[]) =>
  isSince('2.80') ? names.map((key) => ({ key, group: { display_name: groupOf(key) } })) : names

export const webhooks = new Elysia({ prefix: '/api/webhooks', tags: ['webhooks'] })
  .use(signedIn)
  .get('/', async ({ who, origin, organization, request, query }) => {
    const paging = readPaging(query)
    const options = service.listOptions
    const { rows, count } = await service.listWebhooks(
      who,
      await organization(),
      readConditions(query, options),
      readOrder(query, options, []),
      paging,
    )
    return listPage(request, origin, paging, count, await service.showWebhooks(origin, rows))
  })
  .post(
    '/',
    async ({ who, origin, organization, body, set }) => {
      const webhook = await service.createWebhook(who, organization, body)
      set.status = 201
      return show(origin, webhook)
    },
    { body: t.Object({ target_url: targetUrl, type, events, project_id: projectId, ...optional }) },
  )
  .get('/events', ({ query: { type = 'all' } }) => ({ webhook_type: type, events: showNames(eventNames[type]) }), {
    query: t.Object({ type: t.Optional(t.Union([type, t.Literal('all')])) }, { additionalProperties: true }),
  })
  .get('/:id', async ({ who, origin, params }) => show(origin, await service.getWebhook(who, params.id)), { params: id })
  .patch('/:id', async ({ who, origin, params, body }) => show(origin, await service.updateWebhook(who, params.id, body)), {
    params: id,
    body: t.Object({ target_url: t.Optional(targetUrl), events: t.Optional(events), ...optional }),
  })
  .put('/:id', async ({ who, origin, params, body }) => show(origin, await service.updateWebhook(who, params.id, body)), {
    params: id,
    body: t.Object({ target_url: targetUrl, type, events, project_id: projectId, ...optional }),
  })
  .delete(
    '/:id',
    async ({ who, params }) => {
      await service.removeWebhook(who, params.id)
      return new Response(null, { status: 204 })
    },
    { params: id },
  )
  .post('/:id/ping', async ({ who, params }) => service.showDelivery(await service.pingWebhook(who, params.id)), { params: id })
  .get(
    '/:id/deliveries',
    async ({ who, origin, params, request, query }) => {
      const paging = readPaging(query as Record<string, string>)
      const { rows, count } = await service.listDeliveries(who, params.id, paging)
      return listPage(request, origin, paging, count, rows.map(service.showDelivery))
    },
    { params: id },
  )
  .get(
    '/:id/deliveries/:deliveryId',
    async ({ who, params }) => service.showDelivery(await service.getDelivery(who, params.id, params.deliveryId)),
    { params: deliveryId },
  )
  .post(
    '/:id/deliveries/:deliveryId/redelivery',
    async ({ who, params }) => service.showDelivery(await service.redeliver(who, params.id, params.deliveryId)),
    { params: deliveryId },
  )
