// /api/labels
import { and } from 'drizzle-orm'
import { Elysia, t } from 'elysia'
import { signedIn } from '../auth/service'
import { listPage, readConditions, readOrder, readPaging } from '../http/page'
import { getLabel, removeLabel, updateLabel, visibleLabels } from './access'
import { labelBody } from './body'
import { type LabelTree, listOptions, loadLabels } from './service'

/** Of a sublabel the API tells no more than this. */
const showSublabel = ({ id, name, color, attributes, type, has_parent }: LabelTree) => ({
  id,
  name,
  color,
  attributes,
  type,
  has_parent,
})
const show = (label: LabelTree) => ({ ...label, sublabels: label.sublabels.map(showSublabel) })

const id = t.Object({ id: t.Numeric() })

export const labels = new Elysia({ prefix: '/api/labels', tags: ['labels'] })
  .use(signedIn)
  .get('/', async ({ who, origin, request, query }) => {
    const paging = readPaging(query)
    const where = and(await visibleLabels(who, query), ...readConditions(query, listOptions))
    const all = await loadLabels(where, undefined, readOrder(query, listOptions, []))
    return listPage(request, origin, paging, all.length, all.slice(paging.offset, paging.offset + paging.size).map(show))
  })
  .get('/:id', async ({ who, params }) => show(await getLabel(who, params.id)), { params: id })
  .patch('/:id', async ({ who, params, body }) => show(await updateLabel(who, params.id, body as any)), {
    params: id,
    body: labelBody,
  })
  .delete(
    '/:id',
    async ({ who, params }) => {
      await removeLabel(who, params.id)
      return new Response(null, { status: 204 })
    },
    { params: id },
  )
