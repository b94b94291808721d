// /api/lambda: functions of all providers, called at once or over whole tasks and jobs
import { Elysia, t } from 'elysia'
import { signedIn, withRetryAfter } from '../auth/service'
import { getFunction, mayDo } from './access'
import {
  getAnnotationRequest,
  listAnnotationRequests,
  removeAnnotationRequest,
  showAnnotationRequest,
  startAnnotation,
} from './annotate/requests'
import { orExplain } from './answer-errors'
import { callFunction } from './call-function'
import { packEmbedding } from './embedding'
import { proposeMapping } from './match-labels'
import { openPlace } from './place'
import { listAllFunctions } from './providers'
import { countCall } from './quotas'
import type { Input } from './read-input'
import { showInfo } from './show-info'

const named = t.Object({ func_id: t.String({ pattern: '^[a-zA-Z0-9][a-zA-Z0-9_.-]*$' }) })
const numbered = t.Object({ id: t.String() })
const any = t.Optional(t.Object({}, { additionalProperties: true }))
const toId = (text: string | undefined) => (text === undefined ? undefined : Number(text))

const routes = new Elysia({ prefix: '/api/lambda', tags: ['lambda'] })
  .use(signedIn)
  .get('/functions', async ({ who }) => (await listAllFunctions()).filter((info) => mayDo(who, 'view', info)).map(showInfo))
  .get('/functions/:func_id', async ({ who, params }) => showInfo(await getFunction(who, params.func_id)), { params: named })
  .get(
    '/functions/:func_id/mapping',
    async ({ who, params, query }) => {
      const info = await getFunction(who, params.func_id)
      const { labels } = await openPlace(who, { task: toId(query.task_id), job: toId(query.job_id) })
      return { mapping: proposeMapping(info.labels, labels) }
    },
    { params: named },
  )
  .post(
    '/functions/:func_id',
    async ({ who, params, body, set, request }) => {
      const info = await getFunction(who, params.func_id, 'call')
      await withRetryAfter(set as never, async () => countCall(who.user.id))
      return orExplain(() => callFunction(who, info, (body ?? {}) as Input, request.signal))
    },
    { params: named, body: any },
  )
  .post(
    '/functions/:func_id/embedding',
    async ({ who, params, body, set, request }) => {
      const info = await getFunction(who, params.func_id, 'call')
      await withRetryAfter(set as never, async () => countCall(who.user.id))
      return orExplain(() => packEmbedding(who, info, (body ?? {}) as Input, request.signal))
    },
    { params: named, body: any },
  )
  .get('/requests', async ({ who }) => (await listAnnotationRequests(who)).map(showAnnotationRequest))
  .post('/requests', async ({ who, body }) => showAnnotationRequest(await startAnnotation(who, (body ?? {}) as Input)), {
    body: any,
  })
  .get('/requests/:id', async ({ who, params }) => showAnnotationRequest(await getAnnotationRequest(who, params.id)), {
    params: numbered,
  })
  .delete(
    '/requests/:id',
    async ({ who, params }) => {
      await removeAnnotationRequest(who, params.id)
      return new Response(null, { status: 204 })
    },
    { params: numbered },
  )

/** Without the types of its routes: together with those of all features they are more than the compiler takes. */
export const lambda = routes as unknown as Elysia
