// /api/labels
import { Elysia, t } from 'elysia'
import { signedIn } from '../auth/service'
import { listPage, readConditions, readOrder, readPaging } from '../http/page'
import { rememberAnswers } from '../http/remember'
import { getLabel, listLabels, listOptions, removeLabel, updateLabel } from './access'
import type { LabelInput } from './apply-labels'
import { labelBody } from './body'
import { showLabel } from './tree'

const id = t.Object({ id: t.Numeric() })

export const labels = new Elysia({ prefix: '/api/labels', tags: ['labels'] })
  .use(signedIn)
  .use(rememberAnswers)
  .get('/', async ({ who, origin, organization, request, query }) => {
    const paging = readPaging(query)
    const { rows, count } = await listLabels(
      who,
      await organization(),
      query,
      readConditions(query, listOptions),
      readOrder(query, listOptions, []),
      paging,
    )
    return listPage(request, origin, paging, count, rows.map(showLabel))
  })
  .get('/:id', async ({ who, params }) => showLabel(await getLabel(who, params.id)), { params: id })
  .patch('/:id', async ({ who, params, body }) => showLabel(await updateLabel(who, params.id, body as LabelInput)), {
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
