// People: read, create, change, remove.
import { and, asc, count, eq, inArray, type SQL } from 'drizzle-orm'
import { endUserSessions, hashPassword, judgePassword } from '../auth/service'
import { contains } from '../db/dialect'
import { type Db, db, tx } from '../db/open'
import { forClient } from '../http/compat'
import { forbidden, found, invalid } from '../http/errors'
import { isoTime, isoTimeOrNull } from '../http/json'
import type { ListOptions, Paging } from '../http/page'
import { memberships } from '../organizations/schema'
import { can } from '../policy/can'
import type { OrgContext, User, Who } from '../policy/who'
import { apiTokens, users } from './schema'

export type { User }
export const groups = ['admin', 'user', 'worker'] as const

export const listOptions: ListOptions = {
  fields: {
    id: { column: users.id as any, kind: 'number' },
    username: { column: users.username as any, kind: 'text' },
    first_name: { column: users.firstName as any, kind: 'text' },
    last_name: { column: users.lastName as any, kind: 'text' },
    is_active: { column: users.isActive as any, kind: 'boolean' },
  },
  search: ['username', 'first_name', 'last_name'],
  simple: ['username', 'first_name', 'last_name', 'is_active'],
}

/** What everybody may see of a person. */
export const showPerson = (origin: string, user: User) => ({
  url: `${origin}/api/users/${user.id}`,
  id: user.id,
  username: user.username,
  first_name: user.firstName,
  last_name: user.lastName,
})

/** What a person and administrators see. */
export const showUser = (origin: string, user: User) =>
  forClient('user', {
    ...showPerson(origin, user),
    email: user.email,
    groups: user.groups,
    is_staff: user.isStaff,
    is_superuser: user.isSuperuser,
    is_active: user.isActive,
    last_login: isoTimeOrNull(user.lastLogin),
    date_joined: isoTime(user.dateJoined),
    has_analytics_access: user.hasAnalyticsAccess || user.isSuperuser,
    email_verified: true,
  })

export const showFor = (who: Who, origin: string, user: User) =>
  who.admin || who.user.id === user.id ? showUser(origin, user) : showPerson(origin, user)

/** People by id, for showing owners and assignees; one query. */
export const loadPeople = async (ids: (number | null)[], from: Db = db): Promise<Map<number, User>> => {
  const wanted = [...new Set(ids.filter((id) => id !== null))]
  const rows = wanted.length ? await from.select().from(users).where(inArray(users.id, wanted)) : []
  return new Map(rows.map((row) => [row.id, row]))
}

/** The people that someone may see: all for administrators, the members of their organizations for others. */
export const listUsers = async (who: Who, context: OrgContext, conditions: SQL[], order: SQL[], paging: Paging) => {
  const organizations = context.kind === 'organization' ? [context.id] : context.kind === 'any' ? [...who.roles.keys()] : []
  const seesAll = who.admin && context.kind !== 'organization'
  const members = db
    .select({ id: memberships.userId })
    .from(memberships)
    .where(inArray(memberships.organizationId, organizations))
  const visible = seesAll ? undefined : organizations.length ? inArray(users.id, members) : eq(users.id, who.user.id)
  const where = and(visible, ...conditions)
  const rows = await db
    .select()
    .from(users)
    .where(where)
    .orderBy(...order)
    .limit(paging.size)
    .offset(paging.offset)
  const [total] = await db.select({ n: count() }).from(users).where(where)
  return { rows, count: total!.n }
}

export const getUser = async (id: number): Promise<User> => found((await db.select().from(users).where(eq(users.id, id)))[0])
export const findUserByName = async (username: string): Promise<User | undefined> =>
  (await db.select().from(users).where(eq(users.username, username)))[0]

export const getVisibleUser = async (who: Who, id: number): Promise<User> => {
  const user = await getUser(id)
  const shared = [...who.roles.keys()]
  const isColleague =
    shared.length > 0 &&
    (
      await db
        .select({ id: memberships.id })
        .from(memberships)
        .where(and(eq(memberships.userId, id), inArray(memberships.organizationId, shared)))
    ).length > 0
  if (!isColleague && !can(who, 'user', 'view', { selfId: id })) throw forbidden()
  return user
}

export type NewUser = {
  username: string
  password: string
  email?: string
  firstName?: string
  lastName?: string
  superuser?: boolean
  groups?: string[]
}

/** Makes a person. Throws 400 naming the field for a taken or bad name or a weak password. */
export const createUser = async (input: NewUser): Promise<User> => {
  if (!/^[\w.@+-]{1,150}$/u.test(input.username))
    throw invalid({ username: 'Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.' })
  const problems = judgePassword(input.password, input.username)
  if (problems.length) throw invalid({ password: problems })
  const passwordHash = await hashPassword(input.password)
  return tx(async (t) => {
    const [taken] = await t.select({ id: users.id }).from(users).where(eq(users.username, input.username))
    if (taken) throw invalid({ username: 'A user with that username already exists.' })
    const [user] = await t
      .insert(users)
      .values({
        username: input.username,
        passwordHash,
        email: input.email?.toLowerCase() ?? '',
        firstName: input.firstName ?? '',
        lastName: input.lastName ?? '',
        groups: input.groups ?? [input.superuser ? 'admin' : 'user'],
        isStaff: input.superuser ?? false,
        isSuperuser: input.superuser ?? false,
        dateJoined: new Date(),
      })
      .returning()
    return user!
  })
}

/** Fields that anybody may change of themselves; the others are for administrators. */
const ownFields = ['username', 'first_name', 'last_name', 'email'] as const
const columnOf: Record<string, keyof User> = {
  username: 'username',
  first_name: 'firstName',
  last_name: 'lastName',
  email: 'email',
  groups: 'groups',
  is_staff: 'isStaff',
  is_superuser: 'isSuperuser',
  is_active: 'isActive',
}

export const updateUser = async (who: Who, id: number, changes: Record<string, unknown>): Promise<User> => {
  const user = await getUser(id)
  if (!can(who, 'user', 'update', { selfId: id })) throw forbidden()
  const known = Object.keys(changes).filter((key) => key in columnOf)
  // Only an administrator changes rights, their own included.
  if (!who.admin && known.some((key) => !(ownFields as readonly string[]).includes(key))) throw forbidden()
  if (!known.length) return user
  if (id === who.user.id && who.admin && (changes.is_superuser === false || changes.is_active === false))
    throw invalid({ is_superuser: 'Administrators cannot take their own rights away.' })
  const updated = await tx(async (t) => {
    if (changes.username !== undefined) {
      const [taken] = await t
        .select({ id: users.id })
        .from(users)
        .where(eq(users.username, String(changes.username)))
      if (taken && taken.id !== id) throw invalid({ username: 'A user with that username already exists.' })
    }
    const values = Object.fromEntries(known.map((key) => [columnOf[key]!, changes[key]]))
    const [row] = await t.update(users).set(values).where(eq(users.id, id)).returning()
    return row!
  })
  if (changes.is_active === false) await endAccess(id)
  return updated
}

/** Ends all sessions and API tokens of a person. */
const endAccess = async (userId: number) => {
  await endUserSessions(userId)
  await tx(async (t) => void (await t.delete(apiTokens).where(eq(apiTokens.userId, userId))))
}

/** Sets a new password and ends all other ways in. Throws 400 for a weak one. */
export const setPassword = async (user: User, password: string, field = 'new_password2') => {
  const problems = judgePassword(password, user.username)
  if (problems.length) throw invalid({ [field]: problems })
  const passwordHash = await hashPassword(password)
  await tx(async (t) => void (await t.update(users).set({ passwordHash }).where(eq(users.id, user.id))))
  await endAccess(user.id)
}

export const setActive = (id: number, isActive: boolean) =>
  tx(async (t) => void (await t.update(users).set({ isActive }).where(eq(users.id, id)))).then(() =>
    isActive ? undefined : endAccess(id),
  )
export const setSuperuser = (id: number, isSuperuser: boolean) =>
  tx(async (t) => {
    const [user] = await t.select().from(users).where(eq(users.id, id))
    const others = found(user).groups.filter((name) => name !== 'admin')
    await t
      .update(users)
      .set({ isSuperuser, isStaff: isSuperuser, groups: isSuperuser ? ['admin', ...others] : others.length ? others : ['user'] })
      .where(eq(users.id, id))
  })

export const removeUser = async (who: Who, id: number) => {
  await getUser(id)
  if (!can(who, 'user', 'delete', { selfId: id })) throw forbidden()
  await tx(async (t) => void (await t.delete(users).where(eq(users.id, id))))
}

/** Everybody whose name holds `part`, for the console and for choosing people. */
export const findUsers = (part = '', limit = 1000) =>
  db
    .select()
    .from(users)
    .where(part ? contains(users.username as any, part) : undefined)
    .orderBy(asc(users.id))
    .limit(limit)

export const countUsers = async () => (await db.select({ n: count() }).from(users))[0]!.n
