// Who belongs to an organization in which role: read, change, transfer of ownership, leaving.
import { and, asc, count, desc, eq, type SQL, sql } from 'drizzle-orm'
import { db, type Tx, tx } from '../db/open'
import { recordChange } from '../events/service'
import { forbidden, found, invalid, refused } from '../http/errors'
import { isoTimeOrNull } from '../http/json'
import type { ListOptions, Paging } from '../http/page'
import { invitations } from '../invitations/schema'
import { authorize } from '../policy/can'
import type { OrgContext, User, Who } from '../policy/who'
import { users } from '../users/schema'
import { actAsConsole, showPerson } from '../users/service'
import { memberships, organizations, type Role, roles } from './schema'

export type Membership = typeof memberships.$inferSelect
type Row = { membership: Membership; user: User; invitation: string | null }

export const memberOptions: ListOptions = {
  fields: {
    id: { column: memberships.id as any, kind: 'number' },
    role: { column: memberships.role as any, kind: 'text' },
    user: { column: users.username as any, kind: 'text' },
  },
  search: ['user'],
  simple: ['role', 'user'],
}

export const showMembership = (origin: string, { membership, user, invitation }: Row) => ({
  id: membership.id,
  user: showPerson(origin, user),
  organization: membership.organizationId,
  is_active: membership.isActive,
  joined_date: isoTimeOrNull(membership.joinedDate),
  role: membership.role,
  invitation,
})

/** The key of an invitation is for those who may see the invitation; the log holds none. */
const describe = (who: Who, row: Row) => ({ ...showMembership(who.origin ?? '', row), invitation: undefined })

const withUser = (reader: Pick<Tx, 'select'> = db) =>
  reader
    .select({ membership: memberships, user: users, invitation: invitations.key })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .leftJoin(invitations, eq(invitations.membershipId, memberships.id))

const visibleIn = (who: Who, context: OrgContext) => {
  if (context.kind === 'organization') return eq(memberships.organizationId, context.id)
  if (context.kind === 'personal') return sql`1 = 0`
  return who.admin ? undefined : eq(memberships.userId, who.user.id)
}

/** Without an organization as context one sees only one's own memberships. */
export const listMemberships = async (who: Who, context: OrgContext, conditions: SQL[], order: SQL[], paging: Paging) => {
  const where = and(visibleIn(who, context), ...conditions)
  const rows = await withUser()
    .where(where)
    .orderBy(...order, desc(memberships.id))
    .limit(paging.size)
    .offset(paging.offset)
  const [total] = await db
    .select({ n: count() })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(where)
  return { rows, count: total!.n }
}

const factsOf = ({ membership }: Row) => ({ organizationId: membership.organizationId, selfId: membership.userId })

export const getMembership = async (who: Who, id: number): Promise<Row> => {
  const row = found((await withUser().where(eq(memberships.id, id)))[0])
  authorize(who, 'membership', 'view', factsOf(row))
  return row
}

/** Gives a role within a transaction and writes it down. */
const giveRole = async (t: Tx, who: Who, row: Row, role: Role): Promise<Row> => {
  const { id, organizationId } = row.membership
  const [membership] = await t.update(memberships).set({ role }).where(eq(memberships.id, id)).returning()
  const changed = { ...row, membership: membership! }
  await recordChange(t, who, {
    action: 'update',
    resource: 'membership',
    id,
    organizationId,
    before: describe(who, row),
    after: describe(who, changed),
  })
  return changed
}

/** Makes a member the owner; the owner until now becomes a maintainer. */
const transferOwnership = (who: Who, row: Row): Promise<Row> =>
  tx(async (t) => {
    const { organizationId, userId, isActive } = row.membership
    if (!isActive || !row.user.isActive) throw invalid({ role: 'Only an active member can become the owner.' })
    const owners = await withUser(t).where(and(eq(memberships.organizationId, organizationId), eq(memberships.role, 'owner')))
    for (const owner of owners) await giveRole(t, who, owner, 'maintainer')
    await t.update(organizations).set({ ownerId: userId, updatedDate: new Date() }).where(eq(organizations.id, organizationId))
    return giveRole(t, who, row, 'owner')
  })

/**
 * Changes a role; `owner` hands the organization over. Nobody changes their own role, and the owner's only moves by handing over.
 * Errors: 403 also for any other field.
 */
export const updateMembership = async (who: Who, id: number, changes: { role?: Role }): Promise<Row> => {
  const row = await getMembership(who, id)
  if (Object.keys(changes).some((key) => key !== 'role')) throw forbidden()
  const { role } = changes
  if (role === undefined) return row
  const facts = factsOf(row)
  if (row.membership.userId === who.user.id || row.membership.role === 'owner') throw forbidden()
  if (role === 'owner') {
    authorize(who, 'membership', 'transfer', facts)
    return transferOwnership(who, row)
  }
  for (const named of [row.membership.role, role]) authorize(who, 'membership', `change:${named}`, facts)
  return tx((t) => giveRole(t, who, row, role))
}

const takeOut = async (t: Tx, who: Who, row: Row) => {
  const { id, organizationId } = row.membership
  await recordChange(t, who, {
    action: 'delete',
    resource: 'membership',
    id,
    organizationId,
    before: describe(who, row),
  })
  await t.delete(memberships).where(eq(memberships.id, id))
}

/** Takes somebody out, or leaves. The owner stays. */
export const removeMembership = async (who: Who, id: number) => {
  const row = await getMembership(who, id)
  const { role, userId } = row.membership
  if (role === 'owner') throw forbidden()
  authorize(who, 'membership', `${userId === who.user.id ? 'leave' : 'delete'}:${role}`, factsOf(row))
  await tx((t) => takeOut(t, who, row))
}

/** Adds a membership within a transaction. `isActive` false: it waits for its invitation to be accepted. Throws 400 for a member. */
export const addMember = async (
  t: Tx,
  who: Who,
  { user, organizationId, role, isActive }: { user: User; organizationId: number; role: Role; isActive: boolean },
): Promise<Membership> => {
  const [membership] = await t
    .insert(memberships)
    .values({ userId: user.id, organizationId, role, isActive, joinedDate: isActive ? new Date() : null })
    .onConflictDoNothing()
    .returning()
  if (!membership) throw invalid({ email: 'The user is a member of the organization already.' })
  await recordChange(t, who, {
    action: 'create',
    resource: 'membership',
    id: membership.id,
    organizationId,
    after: describe(who, { membership, user, invitation: null }),
  })
  return membership
}

/** The members of one organization, for the console and pages. */
export const listMembers = (organizationId: number) =>
  withUser().where(eq(memberships.organizationId, organizationId)).orderBy(asc(memberships.id))

const findMember = async (t: Tx, organizationId: number, userId: number): Promise<Row | undefined> =>
  (await withUser(t).where(and(eq(memberships.organizationId, organizationId), eq(memberships.userId, userId))))[0]

/** Adds someone or changes their role, for the console. The owner's role stays as it is. */
export const putMember = (organizationId: number, userId: number, role: Role, who: Who = actAsConsole()): Promise<void> =>
  tx(async (t) => {
    if (role === 'owner' || !roles.includes(role)) throw refused('An organization has one owner, who hands it over.')
    const there = await findMember(t, organizationId, userId)
    if (there?.membership.role === 'owner') throw refused('The role of the owner stays.')
    if (there) return void (await giveRole(t, who, there, role))
    const [user] = await t.select().from(users).where(eq(users.id, userId))
    await addMember(t, who, { user: found(user), organizationId, role, isActive: true })
  })

/** Takes someone out, for the console. The owner stays. */
export const removeMember = (organizationId: number, userId: number): Promise<void> =>
  tx(async (t) => {
    const row = found(await findMember(t, organizationId, userId))
    if (row.membership.role === 'owner') throw refused('The owner cannot be taken out.')
    await takeOut(t, actAsConsole(), row)
  })
