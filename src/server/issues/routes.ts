// /api/issues and /api/comments
import { Elysia, t } from 'elysia'
import { signedIn } from '../auth/service'
import { listPage, readConditions, readOrder, readPaging } from '../http/page'
import * as comment from './comments'
import * as service from './service'

const id = t.Object({ id: t.Numeric() })
const position = t.Array(t.Number(), { maxItems: 10_000 })
const message = t.String({ minLength: 1, maxLength: 100_000 })
const changeable = { assignee: t.Optional(t.Nullable(t.Integer())), resolved: t.Optional(t.Boolean()) }
const maxInteger = 2 ** 31 - 1
/** Clients send whole objects back; what cannot be changed is ignored. */
const loose = { additionalProperties: true }

const show = async (origin: string, row: service.Issue) => (await service.showIssues(origin, [row]))[0]
const showComment = async (origin: string, row: comment.Comment) => (await comment.showComments(origin, [row]))[0]

const issueRoutes = new Elysia({ prefix: '/api/issues', tags: ['issues'] })
  .use(signedIn)
  .get('/', async ({ who, origin, organization, request, query }) => {
    const paging = readPaging(query)
    const options = service.listOptions
    const { rows, count } = await service.listIssues(
      who,
      await organization(),
      readConditions(query, options),
      readOrder(query, options, []),
      paging,
    )
    return listPage(request, origin, paging, count, await service.showIssues(origin, rows))
  })
  .post(
    '/',
    async ({ who, origin, organization, body, set }) => {
      await organization()
      set.status = 201
      return show(origin, await service.createIssue(who, origin, body))
    },
    {
      body: t.Object(
        {
          frame: t.Integer({ minimum: 0, maximum: maxInteger }),
          position,
          job: t.Integer(),
          message,
          ...changeable,
        },
        loose,
      ),
    },
  )
  .get('/:id', async ({ who, origin, params }) => show(origin, (await service.getIssue(who, params.id)).issue), { params: id })
  .patch('/:id', async ({ who, origin, params, body }) => show(origin, await service.updateIssue(who, origin, params.id, body)), {
    params: id,
    body: t.Object({ position: t.Optional(position), ...changeable }, loose),
  })
  .delete(
    '/:id',
    async ({ who, origin, params }) => {
      await service.removeIssue(who, origin, params.id)
      return new Response(null, { status: 204 })
    },
    { params: id },
  )

const commentRoutes = new Elysia({ prefix: '/api/comments', tags: ['comments'] })
  .use(signedIn)
  .get('/', async ({ who, origin, organization, request, query }) => {
    const paging = readPaging(query)
    const options = comment.commentOptions
    const { rows, count } = await comment.listComments(
      who,
      await organization(),
      readConditions(query, options),
      readOrder(query, options, []),
      paging,
    )
    return listPage(request, origin, paging, count, await comment.showComments(origin, rows))
  })
  .post(
    '/',
    async ({ who, origin, organization, body, set }) => {
      await organization()
      set.status = 201
      return showComment(origin, await comment.createComment(who, origin, body))
    },
    { body: t.Object({ issue: t.Integer(), message: t.Optional(message) }, loose) },
  )
  .get('/:id', async ({ who, origin, params }) => showComment(origin, (await comment.getComment(who, params.id)).comment), {
    params: id,
  })
  .patch(
    '/:id',
    async ({ who, origin, params, body }) =>
      showComment(origin, await comment.updateComment(who, origin, params.id, body.message)),
    { params: id, body: t.Object({ message: t.Optional(message) }, loose) },
  )
  .delete(
    '/:id',
    async ({ who, origin, params }) => {
      await comment.removeComment(who, origin, params.id)
      return new Response(null, { status: 204 })
    },
    { params: id },
  )

export const issues = new Elysia({ name: 'issues' }).use(issueRoutes).use(commentRoutes)
