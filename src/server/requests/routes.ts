// /api/requests
import { Elysia, t } from 'elysia'
import { signedIn } from '../auth/service'
import { sendFile } from '../http/downloads'
import { notFound } from '../http/errors'
import { listPage, readConditions, readOrder, readPaging } from '../http/page'
import { storage } from '../storage/storage'
import * as service from './service'

const id = t.Object({ id: t.String() })
const show = async (origin: string, row: service.RequestRow) => (await service.showRequests(origin, [row]))[0]

export const requests = new Elysia({ prefix: '/api/requests', tags: ['requests'] })
  .use(signedIn)
  .get('/', async ({ who, origin, request, query }) => {
    const paging = readPaging(query)
    const options = service.listOptions
    const { rows, count } = await service.listRequests(who, readConditions(query, options), readOrder(query, options, []), paging)
    return listPage(request, origin, paging, count, await service.showRequests(origin, rows))
  })
  .get('/:id', async ({ who, origin, params }) => show(origin, await service.getRequest(who, params.id)), { params: id })
  .post(
    '/:id/cancel',
    async ({ who, params }) => {
      await service.cancelRequest(who, params.id)
      return new Response(null, { status: 200 })
    },
    { params: id },
  )
  .get(
    '/:id/result',
    async ({ who, params, query, request }) => {
      const row = await service.getRequest(who, params.id)
      if (!row.resultFile || query.key !== row.key || !(await storage().stat(row.resultFile)))
        throw notFound('The result is no longer there.')
      return sendFile(request, {
        path: await storage().local(row.resultFile),
        type: 'application/octet-stream',
        name: row.resultName ?? 'result.zip',
      })
    },
    { params: id },
  )
