// Organizations and their members.
import { and, asc, count, desc, eq, type SQL } from 'drizzle-orm'
import { db, tx } from '../db/open'
import { found, invalid, notFound } from '../http/errors'
import { isoTime, isoTimeOrNull } from '../http/json'
import type { ListOptions, Paging } from '../http/page'
import { authorize, can, scope } from '../policy/can'
import type { OrgContext, User, Who } from '../policy/who'
import { users } from '../users/schema'
import { showPerson } from '../users/service'
import { memberships, organizations, type Role } from './schema'

export { roles } from './schema'
export type { Role }
export type Organization = typeof organizations.$inferSelect
export type Membership = typeof memberships.$inferSelect

export const listOptions: ListOptions = {
  fields: {
    id: { column: organizations.id as any, kind: 'number' },
    name: { column: organizations.name as any, kind: 'text' },
    slug: { column: organizations.slug as any, kind: 'text' },
    owner: { column: users.username as any, kind: 'text' },
  },
  search: ['name', 'owner', 'slug'],
  simple: ['name', 'owner', 'slug'],
}
export const memberOptions: ListOptions = {
  fields: {
    id: { column: memberships.id as any, kind: 'number' },
    role: { column: memberships.role as any, kind: 'text' },
    user: { column: users.username as any, kind: 'text' },
  },
  search: ['user'],
  simple: ['role', 'user'],
}

export const showOrganization = (
  origin: string,
  { organization, owner }: { organization: Organization; owner: User | null },
) => ({
  id: organization.id,
  slug: organization.slug,
  name: organization.name,
  description: organization.description,
  created_date: isoTime(organization.createdDate),
  updated_date: isoTime(organization.updatedDate),
  contact: organization.contact,
  owner: owner && showPerson(origin, owner),
})

export const showMembership = (origin: string, { membership, user }: { membership: Membership; user: User }) => ({
  id: membership.id,
  user: showPerson(origin, user),
  organization: membership.organizationId,
  is_active: membership.isActive,
  joined_date: isoTimeOrNull(membership.joinedDate),
  role: membership.role,
  invitation: null,
})

const withOwner = () =>
  db
    .select({ organization: organizations, owner: users })
    .from(organizations)
    .leftJoin(users, eq(users.id, organizations.ownerId))

export const listOrganizations = async (who: Who, conditions: SQL[], order: SQL[], paging: Paging) => {
  const where = and(scope(who, 'organization', 'view', { organizationId: organizations.id as any }), ...conditions)
  const rows = await withOwner()
    .where(where)
    .orderBy(...order, asc(organizations.id))
    .limit(paging.size)
    .offset(paging.offset)
  const [total] = await db
    .select({ n: count() })
    .from(organizations)
    .leftJoin(users, eq(users.id, organizations.ownerId))
    .where(where)
  return { rows, count: total!.n }
}

/** 404 for what does not exist and for what the person does not belong to alike. */
export const getOrganization = async (who: Who, id: number) => {
  const row = found((await withOwner().where(eq(organizations.id, id)))[0])
  if (!can(who, 'organization', 'view', { organizationId: id })) throw notFound()
  return row
}

/** Makes an organization with the caller as its owner. */
export const createOrganization = async (
  who: Who,
  input: { slug: string; name?: string; description?: string; contact?: Record<string, string> },
) => {
  authorize(who, 'organization', 'create', {})
  if (!/^[-a-zA-Z0-9_]{1,16}$/.test(input.slug))
    throw invalid({ slug: 'Enter a valid "slug" consisting of up to 16 letters, numbers, underscores or hyphens.' })
  const now = new Date()
  return tx(async (t) => {
    const [taken] = await t.select({ id: organizations.id }).from(organizations).where(eq(organizations.slug, input.slug))
    if (taken) throw invalid({ slug: 'organization with this slug already exists.' })
    const [organization] = await t
      .insert(organizations)
      .values({
        slug: input.slug,
        name: input.name || input.slug,
        description: input.description ?? '',
        contact: input.contact ?? {},
        ownerId: who.user.id,
        createdDate: now,
        updatedDate: now,
      })
      .returning()
    await t.insert(memberships).values({ userId: who.user.id, organizationId: organization!.id, role: 'owner', joinedDate: now })
    return { organization: organization!, owner: who.user }
  })
}

export const updateOrganization = async (
  who: Who,
  id: number,
  input: { name?: string; description?: string; contact?: Record<string, string> },
) => {
  await getOrganization(who, id)
  authorize(who, 'organization', 'update', { organizationId: id })
  await tx((t) =>
    t
      .update(organizations)
      .set({ ...input, updatedDate: new Date() })
      .where(eq(organizations.id, id)),
  )
  return getOrganization(who, id)
}

export const removeOrganization = async (who: Who, id: number) => {
  await getOrganization(who, id)
  authorize(who, 'organization', 'delete', { organizationId: id })
  await tx((t) => t.delete(organizations).where(eq(organizations.id, id)))
}

const withUser = () =>
  db.select({ membership: memberships, user: users }).from(memberships).innerJoin(users, eq(users.id, memberships.userId))

/** Without an organization as context one sees only one's own memberships. */
export const listMemberships = async (who: Who, context: OrgContext, conditions: SQL[], order: SQL[], paging: Paging) => {
  const visible =
    context.kind === 'organization'
      ? eq(memberships.organizationId, context.id)
      : who.admin
        ? undefined
        : eq(memberships.userId, who.user.id)
  const where = and(visible, ...conditions)
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

export const getMembership = async (who: Who, id: number) => {
  const row = found((await withUser().where(eq(memberships.id, id)))[0])
  authorize(who, 'membership', 'view', { organizationId: row.membership.organizationId })
  return row
}

/** The organizations with member counts, and the members of one, for the console. */
export const listAllOrganizations = async () =>
  db
    .select({ organization: organizations, owner: users, members: count(memberships.id) })
    .from(organizations)
    .leftJoin(users, eq(users.id, organizations.ownerId))
    .leftJoin(memberships, eq(memberships.organizationId, organizations.id))
    .groupBy(organizations.id, users.id)
    .orderBy(asc(organizations.id))
export const listMembers = (organizationId: number) =>
  withUser().where(eq(memberships.organizationId, organizationId)).orderBy(asc(memberships.id))

/** Adds someone or changes their role, for the console. */
export const putMember = (organizationId: number, userId: number, role: Role) =>
  tx(async (t) => {
    const own = and(eq(memberships.organizationId, organizationId), eq(memberships.userId, userId))
    const [there] = await t.select().from(memberships).where(own)
    if (there) await t.update(memberships).set({ role }).where(own)
    else await t.insert(memberships).values({ organizationId, userId, role, joinedDate: new Date() })
  })
