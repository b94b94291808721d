// /api/organizations and /api/memberships
import { desc } from 'drizzle-orm'
import { Elysia, t } from 'elysia'
import { signedIn } from '../auth/service'
import { listPage, readConditions, readOrder, readPaging } from '../http/page'
import { roles, organizations as table } from './schema'
import * as service from './service'

const id = t.Object({ id: t.Numeric() })
const optional = {
  name: t.Optional(t.String({ maxLength: 64 })),
  description: t.Optional(t.String()),
  contact: t.Optional(t.Nullable(t.Record(t.String(), t.Unknown()))),
}
/** Fields that we do not know are ignored. */
const loose = { additionalProperties: true }
const slug = t.String({ minLength: 1, maxLength: 16 })

const removed = () => new Response(null, { status: 204 })

const organizationRoutes = new Elysia({ prefix: '/api', tags: ['organizations'] })
  .use(signedIn)
  .get('/organizations', async ({ who, origin, request, query }) => {
    const paging = readPaging(query)
    const { rows, count } = await service.listOrganizations(
      who,
      readConditions(query, service.listOptions),
      readOrder(query, service.listOptions, [desc(table.id)]),
      paging,
    )
    return listPage(
      request,
      origin,
      paging,
      count,
      rows.map((row) => service.showOrganization(origin, row)),
    )
  })
  .post(
    '/organizations',
    async ({ who, origin, body, set }) => {
      set.status = 201
      return service.showOrganization(origin, await service.createOrganization(who, body))
    },
    { body: t.Object({ slug, ...optional }, loose) },
  )
  .get(
    '/organizations/:id',
    async ({ who, origin, params }) => service.showOrganization(origin, await service.getOrganization(who, params.id)),
    { params: id },
  )
  .patch(
    '/organizations/:id',
    async ({ who, origin, params, body }) =>
      service.showOrganization(origin, await service.updateOrganization(who, params.id, body)),
    { params: id, body: t.Object({ slug: t.Optional(slug), ...optional }, loose) },
  )
  .delete('/organizations/:id', ({ who, params }) => service.removeOrganization(who, params.id).then(removed), { params: id })

const membershipRoutes = new Elysia({ prefix: '/api', tags: ['memberships'] })
  .use(signedIn)
  .get('/memberships', async ({ who, origin, organization, request, query }) => {
    const paging = readPaging(query)
    const { rows, count } = await service.listMemberships(
      who,
      await organization(),
      readConditions(query, service.memberOptions),
      readOrder(query, service.memberOptions, []),
      paging,
    )
    return listPage(
      request,
      origin,
      paging,
      count,
      rows.map((row) => service.showMembership(origin, row)),
    )
  })
  .get(
    '/memberships/:id',
    async ({ who, origin, params }) => service.showMembership(origin, await service.getMembership(who, params.id)),
    { params: id },
  )
  .patch(
    '/memberships/:id',
    async ({ who, origin, params, body }) => service.showMembership(origin, await service.updateMembership(who, params.id, body)),
    { params: id, body: t.Object({ role: t.Optional(t.Union(roles.map((role) => t.Literal(role)))) }, loose) },
  )
  .delete('/memberships/:id', ({ who, params }) => service.removeMembership(who, params.id).then(removed), { params: id })

export const organizations = new Elysia().use(organizationRoutes).use(membershipRoutes)
