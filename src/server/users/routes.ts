// /api/users
import { asc } from 'drizzle-orm'
import { Elysia, t } from 'elysia'
import { signedIn } from '../auth/service'
import { listPage, readConditions, readOrder, readPaging } from '../http/page'
import { rememberAnswers } from '../http/remember'
import { users as table } from './schema'
import { getVisibleUser, listOptions, listUsers, removeUser, showFor, showPerson, showUser, updateUser } from './service'
import { settings } from './settings'

const id = t.Object({ id: t.Numeric() })
/** Fields that we do not know are ignored. */
const loose = { additionalProperties: true }
const oneOf = <const T extends readonly string[]>(words: T) => t.Union(words.map((word: T[number]) => t.Literal(word)))
const usageReasons = ['', 'work_project', 'academic_research', 'teaching_or_coursework', 'personal_project'] as const
const activities = [
  'set_up_projects',
  'annotate_data',
  'review_quality',
  'manage_annotators',
  'connect_models',
  'evaluate_for_organization',
] as const

export const users = new Elysia({ prefix: '/api/users', tags: ['users'] })
  .use(signedIn)
  .use(rememberAnswers)
  .get('/', async ({ who, origin, organization, request, query }) => {
    const paging = readPaging(query)
    const { rows, count } = await listUsers(
      who,
      await organization(),
      readConditions(query, listOptions),
      readOrder(query, listOptions, [asc(table.id)]),
      paging,
    )
    return listPage(
      request,
      origin,
      paging,
      count,
      // In a list others see of everybody the same few fields, of themselves too.
      rows.map((user) => (who.admin ? showUser : showPerson)(origin, user)),
    )
  })
  .use(settings)
  .get('/self', ({ who, origin }) => showUser(origin, who.user))
  .get('/:id', async ({ who, origin, params }) => showFor(who, origin, await getVisibleUser(who, params.id)), { params: id })
  .patch('/:id', async ({ who, origin, params, body }) => showFor(who, origin, await updateUser(who, params.id, body)), {
    params: id,
    body: t.Object(
      {
        username: t.Optional(t.String({ minLength: 1, maxLength: 150, pattern: '^[\\w.@+-]+$' })),
        first_name: t.Optional(t.String({ maxLength: 150 })),
        last_name: t.Optional(t.String({ maxLength: 150 })),
        email: t.Optional(t.String({ maxLength: 254 })),
        groups: t.Optional(t.Array(t.String())),
        is_staff: t.Optional(t.Boolean()),
        is_superuser: t.Optional(t.Boolean()),
        is_active: t.Optional(t.Boolean()),
        cvat_usage_reason: t.Optional(oneOf(usageReasons)),
        primary_role: t.Optional(t.String({ maxLength: 255 })),
        planned_activities: t.Optional(t.Array(oneOf(activities), { maxItems: 6 })),
        data_types: t.Optional(t.Array(t.String({ maxLength: 255 }), { maxItems: 6 })),
        discovery_source: t.Optional(t.String({ maxLength: 255 })),
      },
      loose,
    ),
  })
  .delete(
    '/:id',
    async ({ who, params }) => {
      await removeUser(who, params.id)
      return new Response(null, { status: 204 })
    },
    { params: id },
  )
