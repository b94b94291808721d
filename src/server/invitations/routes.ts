// /api/invitations
import { Elysia, t } from 'elysia'
import { signedIn } from '../auth/service'
import { listPage, readConditions, readOrder, readPaging } from '../http/page'
import { roles } from '../organizations/service'
import * as service from './service'

const params = t.Object({ key: t.String() })
const done = () => new Response(null, { status: 204 })

export const invitations = new Elysia({ prefix: '/api/invitations', tags: ['invitations'] })
  .use(signedIn)
  .get('/', async ({ who, origin, organization, request, query }) => {
    const paging = readPaging(query)
    const { rows, count } = await service.listInvitations(
      who,
      await organization(),
      readConditions(query, service.listOptions),
      readOrder(query, service.listOptions, []),
      paging,
    )
    return listPage(
      request,
      origin,
      paging,
      count,
      rows.map((row) => service.showInvitation(origin, row)),
    )
  })
  .post(
    '/',
    async ({ who, origin, organization, body, set }) => {
      const row = await service.createInvitation(who, await organization(), body)
      set.status = 201
      return service.showInvitation(origin, row)
    },
    {
      body: t.Object(
        {
          role: t.Union(roles.map((role) => t.Literal(role))),
          email: t.String({ minLength: 1, maxLength: 254 }),
        },
        { additionalProperties: true },
      ),
    },
  )
  .get('/:key', async ({ who, origin, params }) => service.showInvitation(origin, await service.getInvitation(who, params.key)), {
    params,
  })
  .delete('/:key', ({ who, params }) => service.removeInvitation(who, params.key).then(done), { params })
  .post('/:key/accept', ({ who, params }) => service.acceptInvitation(who, params.key), { params })
  .post('/:key/decline', ({ who, params }) => service.declineInvitation(who, params.key).then(done), { params })
  .post('/:key/resend', ({ who, params }) => service.resendInvitation(who, params.key).then(done), { params })
