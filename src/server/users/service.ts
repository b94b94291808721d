// People: read, create, change, remove. The door of the feature.
import { and, asc, count, eq, inArray, or, type SQL } from 'drizzle-orm'
import { endUserSessions, hashPassword, judgePassword } from '../auth/service'
import { contains } from '../db/dialect'
import { type Db, db, tx } from '../db/open'
import { recordChange } from '../events/service'
import { forbidden, found, invalid } from '../http/errors'
import type { ListOptions, Paging } from '../http/page'
import { writeLetter } from '../mail/service'
import { memberships } from '../organizations/schema'
import { can } from '../policy/can'
import type { OrgContext, User, Who } from '../policy/who'
import { apiTokens, mailTokens, users } from './schema'
import { showUser } from './show-user'
import { updateUser as changeUser, refuseLastAdministrator, saveUser, type UserChanges } from './update-user'

export {
  checkUsername,
  createUser,
  emailTaken,
  findByEmail,
  findFreeUsername,
  insertUser,
  type NewUser,
  nameTaken,
  readEmail,
} from './create-user'
export { showFor, showPerson, showUser } from './show-user'
export { countAdministrators, groups, saveUser, tellAddressChange, type UserChanges } from './update-user'
export type { User }

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

/** The id of the person of this user name whom `who` may see; null for nothing. Throws 400 for `field`. */
export const readPerson = async (who: Who, field: string, name: string): Promise<number | null> => {
  const username = name.trim()
  if (!username) return null
  const condition = eq(users.username as any, username)
  const { rows } = await listUsers(who, { kind: 'any' }, [condition], [], { page: 1, size: 1, offset: 0 })
  if (!rows[0]) throw invalid({ [field]: `There is nobody called ${username}.` })
  return rows[0].id
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

/** Changes a person as updateUser() does, and shuts out whom it deactivates. */
export const updateUser = async (who: Who, id: number, changes: UserChanges): Promise<User> => {
  const user = await changeUser(who, id, changes)
  if (changes.is_active === false) await endAccess(id)
  return user
}

/** Ends all sessions, API tokens and links of mails of a person. */
const endAccess = async (userId: number) => {
  await endUserSessions(userId)
  await tx(async (t) => {
    await t.delete(apiTokens).where(eq(apiTokens.userId, userId))
    await t.delete(mailTokens).where(and(eq(mailTokens.userId, userId), eq(mailTokens.purpose, 'reset')))
  })
}

/** Sets a new password and ends all other ways in. Throws 400 for a weak one. */
export const setPassword = async (user: User, password: string, field = 'new_password2') => {
  const problems = await judgePassword(password, user.username)
  if (problems.length) throw invalid({ [field]: problems })
  const passwordHash = await hashPassword(password)
  await tx(async (t) => void (await t.update(users).set({ passwordHash }).where(eq(users.id, user.id))))
  await endAccess(user.id)
  writeLetter('passwordChanged', user.email, '/auth/password/reset', { username: user.username })
}

/** Somebody who changes their own account without being signed in, as by the link of a mail. */
export const actAsSelf = (user: User): Who => ({ user, admin: false, via: 'session', roles: new Map() })

/** The person at the console of the machine, who is nobody's account. */
export const actAsConsole = (): Who => ({
  user: { id: 0, username: 'console', email: '', groups: ['admin'] } as unknown as User,
  admin: true,
  via: 'session',
  roles: new Map(),
})

const change = async (id: number, values: (user: User) => Partial<User>) =>
  tx(async (t) => {
    const user = found((await t.select().from(users).where(eq(users.id, id)))[0])
    await saveUser(t, actAsConsole(), user, values(user))
  })

/** For the console. The last administrator stays. */
export const setActive = async (id: number, isActive: boolean) => {
  await change(id, () => ({ isActive }))
  if (!isActive) await endAccess(id)
}
export const setSuperuser = (id: number, isSuperuser: boolean) =>
  change(id, (user) => {
    const others = user.groups.filter((name) => name !== 'admin')
    return { isSuperuser, isStaff: isSuperuser, groups: isSuperuser ? ['admin', ...others] : others.length ? others : ['user'] }
  })

/** Removes a person; what they own stays, without an owner. The last administrator stays. */
export const removeUser = async (who: Who, id: number) => {
  const user = await getUser(id)
  if (!can(who, 'user', 'delete', { selfId: id })) throw forbidden()
  await tx(async (t) => {
    await refuseLastAdministrator(t, user)
    await recordChange(t, who, {
      action: 'delete',
      resource: 'user',
      id,
      organizationId: null,
      before: showUser(who.origin ?? '', user),
    })
    await t.delete(users).where(eq(users.id, id))
  })
}

/** Everybody whose name or e-mail address holds `part`, for the console and for choosing people. */
export const findUsers = (part = '', limit = 1000) =>
  db
    .select()
    .from(users)
    .where(part ? or(contains(users.username as any, part), contains(users.email as any, part)) : undefined)
    .orderBy(asc(users.id))
    .limit(limit)

export const countUsers = async () => (await db.select({ n: count() }).from(users))[0]!.n
