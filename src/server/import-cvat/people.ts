// People, organizations and their members out of a dump.
import { sha256 } from '../auth/service'
import { memberships, organizations, type Role } from '../organizations/schema'
import { apiTokens, users } from '../users/schema'
import { type Dump, readTime, readTimeOrNull } from './dump'
import { rowsOf, type TableRows } from './rows'

/** Groups come as `[["admin"], …]`, or as ids when the dump was made without natural keys. */
const readGroups = (dump: Dump) => {
  const names = new Map(dump.take('auth.group').map(({ id, fields }) => [id, fields.name as string]))
  return (groups: unknown[]): string[] =>
    groups.flatMap((group) => (Array.isArray(group) ? [String(group[0])] : (names.get(Number(group)) ?? [])))
}

const readUsers = (dump: Dump): TableRows => {
  const groupsOf = readGroups(dump)
  const analysts = new Set(
    dump.take('engine.profile').flatMap(({ fields }) => (fields.has_analytics_access ? [dump.person(fields.user)] : [])),
  )
  const unproven = new Set(
    dump.take('account.emailaddress').flatMap(({ fields }) => (fields.verified ? [] : [dump.person(fields.user)])),
  )
  return rowsOf(
    users,
    dump.take('auth.user').map(({ id, fields }) => ({
      id,
      username: fields.username,
      email: fields.email,
      passwordHash: fields.password,
      firstName: fields.first_name,
      lastName: fields.last_name,
      groups: groupsOf(fields.groups),
      isStaff: fields.is_staff,
      isSuperuser: fields.is_superuser,
      isActive: fields.is_active,
      emailVerified: !unproven.has(id),
      hasAnalyticsAccess: analysts.has(id),
      lastLogin: readTimeOrNull(fields.last_login),
      dateJoined: readTime(fields.date_joined),
    })),
  )
}

/** Keys of `Authorization: Token` are stored in the clear by Django, so they can be kept. */
const readTokens = (dump: Dump): TableRows =>
  rowsOf(
    apiTokens,
    dump.take('authtoken.token').flatMap(({ key, fields }) => {
      const userId = dump.person(fields.user)
      return userId === null ? [] : [{ hash: sha256(key), userId, createdAt: readTime(fields.created) }]
    }),
  )

const readOrganizations = (dump: Dump): TableRows =>
  rowsOf(
    organizations,
    dump.take('organizations.organization').map(({ id, fields }) => ({
      id,
      slug: fields.slug,
      name: fields.name,
      description: fields.description,
      contact: fields.contact ?? {},
      ownerId: dump.person(fields.owner),
      createdDate: readTime(fields.created_date),
      updatedDate: readTime(fields.updated_date),
    })),
  )

const readMemberships = (dump: Dump): TableRows => {
  const all = dump.take('organizations.membership').map(({ id, fields }) => ({
    id,
    userId: dump.person(fields.user),
    organizationId: fields.organization as number,
    role: fields.role as Role,
    isActive: fields.is_active as boolean,
    joinedDate: readTimeOrNull(fields.joined_date),
  }))
  const known = all.filter((row) => row.userId !== null)
  dump.leaveOut('organizations.membership', all.length - known.length, 'the account was deleted')
  return rowsOf(memberships, known as (typeof memberships.$inferInsert)[])
}

export const readPeople = (dump: Dump): TableRows[] => {
  for (const model of ['api_tokens.personalaccesstoken', 'access_tokens.accesstoken'])
    dump.leaveOut(model, dump.take(model).length, 'its hash is of another kind; its owner makes a new one')
  return [readUsers(dump), readTokens(dump), readOrganizations(dump), readMemberships(dump)]
}
