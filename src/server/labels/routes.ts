// /api/labels
import { and } from 'drizzle-orm'
import { Elysia, t } from 'elysia'
import { signedIn } from '../auth/service'
import { listPage, readConditions, readOrder, readPaging } from '../http/page'
import { getLabel, removeLabel, updateLabel, visibleLabels } from './access'
import { labelBody } from './body'
import { listOptions, loadLabels } from './service'

const id = t.Object({ id: t.Numeric() })

export const labels = new Elysia({ prefix: '/api/labels', tags: ['labels'] })
  .use(signedIn)
  .get('/', async ({ who, origin, request, query }) => {
    const paging = readPaging(query)
    const where = and(await visibleLabels(who, query), ...readConditions(query, listOptions))
    const all = await loadLabels(where, undefined, readOrder(query, listOptions, []))
    return listPage(request, origin, paging, all.length, all.slice(paging.offset, paging.offset + paging.size))
  })
  .get('/:id', ({ who, params }) => getLabel(who, params.id), { params: id })
  .patch('/:id', ({ who, params, body }) => updateLabel(who, params.id, body as any), { params: id, body: labelBody })
  .delete(
    '/:id',
    async ({ who, params }) => {
      await removeLabel(who, params.id)
      return new Response(null, { status: 204 })
    },
    { params: id },
  )
