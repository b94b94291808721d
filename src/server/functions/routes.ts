// /api/functions: functions of agents and HTTP addresses, the queues that agents work on, and requests to agents
import { Elysia, t } from 'elysia'
import { signedIn, withRetryAfter } from '../auth/service'
import { invalid, notFound } from '../http/errors'
import { listPage, readConditions, readOrder, readPaging } from '../http/page'
import {
  getRequestOfAgent,
  listRequestsOfAgents,
  removeRequestOfAgent,
  runQuestion,
  showAgentRequest,
  startRequestOfAgent,
} from './agent/requests'
import { openWatch } from './agent/watch'
import { acquire, type Body, complete, fail, getServed, readQueueId, update } from './agent/work'
import { orExplain } from './answer-errors'
import {
  createFunction,
  getStored,
  listFunctions,
  listOptions,
  removeFunction,
  showFunction,
  showFunctions,
  updateFunction,
} from './manage'
import { countCall } from './quotas'
import type { Input } from './read-input'
import { findStored, keyOfStored } from './stored'

const id = t.Object({ id: t.Numeric() })
const queue = t.Object({ id: t.String() })
const held = t.Object({ id: t.String(), request_id: t.String() })
const any = t.Optional(t.Object({}, { additionalProperties: true }))
const maxInteger = 2 ** 31 - 1
const fields = {
  name: t.Optional(t.String({ minLength: 1, maxLength: 128 })),
  description: t.Optional(t.String({ maxLength: 4096 })),
  visibility: t.Optional(t.Union([t.Literal('public'), t.Literal('private')])),
  labels_v2: t.Optional(t.Array(t.Object({}, { additionalProperties: true }))),
  min_pos_points: t.Optional(t.Integer({ minimum: 0, maximum: maxInteger })),
  min_neg_points: t.Optional(t.Integer({ minimum: -1, maximum: maxInteger })),
  startswith_box: t.Optional(t.Boolean()),
  startswith_box_optional: t.Optional(t.Boolean()),
  supported_shape_types: t.Optional(t.Array(t.String())),
  url: t.Optional(t.String({ minLength: 1, maxLength: 256 })),
  api_key: t.Optional(t.String({ maxLength: 64 })),
}
const loose = { additionalProperties: true }
const nothing = () => new Response(null, { status: 204 })

const ofFunctions = new Elysia({ prefix: '/api/functions', tags: ['functions'] })
  .use(signedIn)
  .get('/', async ({ who, origin, organization, request, query }) => {
    const paging = readPaging(query)
    const { rows, count } = await listFunctions(
      who,
      await organization(),
      readConditions(query, listOptions),
      readOrder(query, listOptions, []),
      paging,
    )
    return listPage(request, origin, paging, count, await showFunctions(who, origin, rows))
  })
  .post(
    '/',
    async ({ who, origin, organization, body, set }) => {
      const row = await createFunction(who, await organization(), body)
      set.status = 201
      return showFunction(who, origin, row)
    },
    {
      body: t.Object({ provider: t.String({ minLength: 1, maxLength: 32 }), kind: t.Optional(t.String()), ...fields }, loose),
    },
  )
  .get('/info', async ({ who, origin, query }) => {
    if (!/^\d{1,9}$/.test(query.id ?? '')) throw invalid({ id: 'A valid integer is required.' })
    return showFunction(who, origin, await getStored(who, Number(query.id)))
  })
  .get('/:id', async ({ who, origin, params }) => showFunction(who, origin, await getStored(who, params.id)), { params: id })
  .patch('/:id', async ({ who, origin, params, body }) => showFunction(who, origin, await updateFunction(who, params.id, body)), {
    params: id,
    body: t.Object({ ...fields, note: t.Optional(t.String({ maxLength: 1000 })) }, loose),
  })
  .delete(
    '/:id',
    async ({ who, params }) => {
      await removeFunction(who, params.id)
      return nothing()
    },
    { params: id },
  )
  .get(
    '/:id/preview',
    async ({ who, params }) => {
      const row = await getStored(who, params.id)
      throw notFound(`"${row.name}" has no preview.`)
    },
    { params: id },
  )
  .post(
    '/:id/run',
    async ({ who, params, body, set, request }) => {
      const row = await getStored(who, params.id, 'call')
      if (row.provider !== 'agent') throw invalid({ id: `Call "${keyOfStored(row)}" at /api/lambda/functions.` })
      await withRetryAfter(set as never, async () => countCall(who.user.id))
      const result = await orExplain(() => runQuestion(who, params.id, (body ?? {}) as Input, request.signal))
      return { provider: 'native', ...result }
    },
    { params: id, body: any },
  )

const ofRequests = new Elysia({ prefix: '/api/functions/requests', tags: ['functions'] })
  .use(signedIn)
  .get('/', async ({ who }) => (await listRequestsOfAgents(who)).map(showAgentRequest))
  .post(
    '/',
    async ({ who, body, set }) => {
      const row = await startRequestOfAgent(who, (body ?? {}) as Input)
      set.status = 201
      return showAgentRequest(row)
    },
    { body: any },
  )
  .get('/:id', async ({ who, params }) => showAgentRequest(await getRequestOfAgent(who, params.id)), { params: queue })
  .delete(
    '/:id',
    async ({ who, params }) => {
      await removeRequestOfAgent(who, params.id)
      return nothing()
    },
    { params: queue },
  )

const ofQueues = new Elysia({ prefix: '/api/functions/queues', tags: ['functions'] })
  .use(signedIn)
  .get(
    '/:id/watch',
    async ({ who, params, request }) => {
      const functionId = readQueueId(params.id)
      await getServed(who, functionId)
      return openWatch(functionId, who.user.id, request.signal, async () => (await findStored(functionId)) !== undefined)
    },
    { params: queue },
  )
  .post('/:id/requests/acquire', async ({ who, params, body }) => acquire(who, readQueueId(params.id), (body ?? {}) as Body), {
    params: queue,
    body: any,
  })
  .post(
    '/:id/requests/:request_id/update',
    async ({ who, params, body }) => {
      await update(who, readQueueId(params.id), params.request_id, (body ?? {}) as Body)
      return nothing()
    },
    { params: held, body: any },
  )
  .post(
    '/:id/requests/:request_id/complete',
    async ({ who, params, body }) => {
      await complete(who, readQueueId(params.id), params.request_id, (body ?? {}) as Body)
      return nothing()
    },
    { params: held, body: any },
  )
  .post(
    '/:id/requests/:request_id/fail',
    async ({ who, params, body }) => {
      await fail(who, readQueueId(params.id), params.request_id, (body ?? {}) as Body)
      return nothing()
    },
    { params: held, body: any },
  )

/** Without the types of its routes: together with those of all features they are more than the compiler takes. */
export const functions = new Elysia().use(ofQueues).use(ofRequests).use(ofFunctions) as unknown as Elysia
