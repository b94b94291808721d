// Organizations: read, create, change, remove. The door of the feature; members are in memberships.ts.
import { and, asc, count, eq, type SQL } from 'drizzle-orm'
import { db, tx } from '../db/open'
import { recordChange } from '../events/service'
import { found, invalid, notFound } from '../http/errors'
import { isoTime } from '../http/json'
import type { ListOptions, Paging } from '../http/page'
import { authorize, can, scope } from '../policy/can'
import type { User, Who } from '../policy/who'
import { users } from '../users/schema'
import { showPerson } from '../users/service'
import { memberships, organizations, type Role } from './schema'

export {
  addMember,
  getMembership,
  listMembers,
  listMemberships,
  type Membership,
  memberOptions,
  putMember,
  removeMember,
  removeMembership,
  showMembership,
  updateMembership,
} from './memberships'
export { roles } from './schema'
export type { Role }
export type Organization = typeof organizations.$inferSelect

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

type Row = { organization: Organization; owner: User | null }

export const showOrganization = (origin: string, { organization, owner }: Row) => ({
  id: organization.id,
  slug: organization.slug,
  name: organization.name,
  description: organization.description,
  created_date: isoTime(organization.createdDate),
  updated_date: isoTime(organization.updatedDate),
  contact: organization.contact,
  owner: owner && showPerson(origin, owner),
})
const bodyFor = (who: Who, row: Row) => showOrganization(who.origin ?? '', row)

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
export const getOrganization = async (who: Who, id: number): Promise<Row> => {
  const row = found((await withOwner().where(eq(organizations.id, id)))[0])
  if (!can(who, 'organization', 'view', { organizationId: id })) throw notFound()
  return row
}

export type OrganizationInput = {
  slug?: string
  name?: string
  description?: string
  contact?: Record<string, unknown> | null
}

const checkSlug = (slug: string) => {
  if (!/^[-a-zA-Z0-9_]{1,16}$/.test(slug))
    throw invalid({ slug: 'Enter a valid "slug" consisting of up to 16 letters, numbers, underscores or hyphens.' })
}
const slugTaken = () => invalid({ slug: 'organization with this slug already exists.' })

/** Makes an organization with the caller as its owner. */
export const createOrganization = async (who: Who, input: OrganizationInput & { slug: string }): Promise<Row> => {
  authorize(who, 'organization', 'create', {})
  checkSlug(input.slug)
  const now = new Date()
  return tx(async (t) => {
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
      .onConflictDoNothing()
      .returning()
    if (!organization) throw slugTaken()
    await t.insert(memberships).values({ userId: who.user.id, organizationId: organization.id, role: 'owner', joinedDate: now })
    const row = { organization, owner: who.user }
    const { id } = row.organization
    await recordChange(t, who, {
      action: 'create',
      resource: 'organization',
      id,
      organizationId: id,
      after: bodyFor(who, row),
    })
    return row
  })
}

export const updateOrganization = async (who: Who, id: number, input: OrganizationInput): Promise<Row> => {
  const row = await getOrganization(who, id)
  authorize(who, 'organization', 'update', { organizationId: id })
  const { slug, name, description, contact } = input
  if (slug !== undefined) checkSlug(slug)
  if ([slug, name, description, contact].every((value) => value === undefined)) return row
  return tx(async (t) => {
    if (slug !== undefined) {
      const [taken] = await t.select({ id: organizations.id }).from(organizations).where(eq(organizations.slug, slug))
      if (taken && taken.id !== id) throw slugTaken()
    }
    const [organization] = await t
      .update(organizations)
      .set({ slug, name, description, ...(contact !== undefined && { contact: contact ?? {} }), updatedDate: new Date() })
      .where(eq(organizations.id, id))
      .returning()
    const changed = { organization: organization!, owner: row.owner }
    await recordChange(t, who, {
      action: 'update',
      resource: 'organization',
      id,
      organizationId: id,
      before: bodyFor(who, row),
      after: bodyFor(who, changed),
    })
    return changed
  })
}

export const removeOrganization = async (who: Who, id: number) => {
  const row = await getOrganization(who, id)
  authorize(who, 'organization', 'delete', { organizationId: id })
  await tx(async (t) => {
    await recordChange(t, who, {
      action: 'delete',
      resource: 'organization',
      id,
      organizationId: id,
      before: bodyFor(who, row),
    })
    await t.delete(organizations).where(eq(organizations.id, id))
  })
}

/** The organizations with member counts, for the console. */
export const listAllOrganizations = async () =>
  db
    .select({ organization: organizations, owner: users, members: count(memberships.id) })
    .from(organizations)
    .leftJoin(users, eq(users.id, organizations.ownerId))
    .leftJoin(memberships, eq(memberships.organizationId, organizations.id))
    .groupBy(organizations.id, users.id)
    .orderBy(asc(organizations.id))
