// /api/growth: which prompts of the pages a person has seen and what they allow us to send; one row a person, made on first look.
import { and, eq } from 'drizzle-orm'
import { Elysia, t } from 'elysia'
import { signedIn } from '../auth/service'
import { db, tx } from '../db/open'
import { found } from '../http/errors'
import { type ListOptions, listPage, readConditions, readPaging } from '../http/page'
import type { User } from '../policy/who'
import { growth as table } from './schema'
import { showPerson } from './show-user'

type Row = typeof table.$inferSelect

const listOptions: ListOptions = {
  fields: {
    id: { column: table.id as any, kind: 'number' },
    user_id: { column: table.userId as any, kind: 'number' },
  },
  search: [],
  simple: [],
}

const show = (origin: string, owner: User, row: Row) => ({
  id: row.id,
  owner: showPerson(origin, owner),
  github_prompt_shown: row.githubPromptShown,
  github_prompt_support_clicked: row.githubPromptSupportClicked,
  // We ask nobody for stars.
  github_prompt_enabled: false,
  promotion_notifications_allowed: row.promotionNotificationsAllowed,
})

/** Makes the row of a person unless it is there. */
const ensureRow = async (userId: number) => {
  const find = (reader: Pick<typeof db, 'select'>) => reader.select({ id: table.id }).from(table).where(eq(table.userId, userId))
  if (!(await find(db)).length) await tx(async (t) => void (await t.insert(table).values({ userId }).onConflictDoNothing()))
}

const id = t.Object({ id: t.Numeric() })
const ownRow = (user: User, rowId: number) => and(eq(table.id, rowId), eq(table.userId, user.id))

export const growth = new Elysia({ prefix: '/api/growth', tags: ['growth'] })
  .use(signedIn)
  .get('/', async ({ who, origin, request, query }) => {
    await ensureRow(who.user.id)
    const rows = await db
      .select()
      .from(table)
      .where(and(eq(table.userId, who.user.id), ...readConditions(query, listOptions)))
    return listPage(
      request,
      origin,
      readPaging(query),
      rows.length,
      rows.map((row) => show(origin, who.user, row)),
    )
  })
  .get(
    '/:id',
    async ({ who, origin, params }) =>
      show(origin, who.user, found((await db.select().from(table).where(ownRow(who.user, params.id)))[0])),
    { params: id },
  )
  .patch(
    '/:id',
    async ({ who, origin, params, body }) => {
      const row = await tx(async (t) => {
        found((await t.select({ id: table.id }).from(table).where(ownRow(who.user, params.id)))[0])
        const values = {
          githubPromptShown: body.github_prompt_shown,
          githubPromptSupportClicked: body.github_prompt_support_clicked,
          promotionNotificationsAllowed: body.promotion_notifications_allowed,
        }
        const isChange = Object.values(values).some((value) => value !== undefined)
        const [changed] = isChange
          ? await t.update(table).set(values).where(eq(table.id, params.id)).returning()
          : await t.select().from(table).where(eq(table.id, params.id))
        return changed!
      })
      return show(origin, who.user, row)
    },
    {
      params: id,
      body: t.Object(
        {
          github_prompt_shown: t.Optional(t.Boolean()),
          github_prompt_support_clicked: t.Optional(t.Boolean()),
          promotion_notifications_allowed: t.Optional(t.Boolean()),
        },
        { additionalProperties: true },
      ),
    },
  )
