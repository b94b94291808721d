// Decides from the rules: can() for one row, scope() for the rows of a list. Both read the same lines.
import { and, eq, inArray, isNull, or, type SQL, sql } from 'drizzle-orm'
import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import { forbidden } from '../http/errors'
import { type Role, roles } from '../organizations/schema'
import { type Group, type Resource, type Rule, rules, type Tie } from './rules'
import type { OrgContext, Who } from './who'

/** What the rules need to know about a row: whose it is, and whose its parents are. */
export type Facts = {
  organizationId?: number | null
  ownerId?: number | null
  assigneeId?: number | null
  /** The person that the row itself is, or is about. */
  selfId?: number | null
  parents?: { ownerId: number | null; assigneeId: number | null }[]
  /** Who works on the job, or the jobs, that the row is about. */
  workerIds?: (number | null)[]
}
/** The same as columns. */
export type FactColumns = {
  organizationId: AnyPgColumn
  ownerId?: AnyPgColumn
  assigneeId?: AnyPgColumn
  selfId?: AnyPgColumn
  parents?: { ownerId: AnyPgColumn; assigneeId: AnyPgColumn }[]
  workerIds?: AnyPgColumn[]
}

/** Each tie once: on a row, and as a condition on columns. */
const ties: Record<
  Tie,
  { test: (me: number, row: Facts) => boolean; columns: (row: FactColumns) => (AnyPgColumn | undefined)[] | 'any' }
> = {
  any: { test: () => true, columns: () => 'any' },
  owner: { test: (me, row) => row.ownerId === me, columns: (row) => [row.ownerId] },
  assignee: { test: (me, row) => row.assigneeId === me, columns: (row) => [row.assigneeId] },
  self: { test: (me, row) => row.selfId === me, columns: (row) => [row.selfId] },
  'parent-owner': {
    test: (me, row) => (row.parents ?? []).some((parent) => parent.ownerId === me),
    columns: (row) => (row.parents ?? []).map((parent) => parent.ownerId),
  },
  'parent-assignee': {
    test: (me, row) => (row.parents ?? []).some((parent) => parent.assigneeId === me),
    columns: (row) => (row.parents ?? []).map((parent) => parent.assigneeId),
  },
  'job-assignee': {
    test: (me, row) => (row.workerIds ?? []).includes(me),
    columns: (row) => row.workerIds ?? [],
  },
}

const groupRank: Record<Group, number> = { none: 0, worker: 1, user: 2, admin: 3 }
const groupOf = (who: Who) => Math.max(0, ...who.user.groups.map((name) => groupRank[name as Group] ?? 0))
const rankOf = (role: Role) => roles.indexOf(role)

const rulesFor = (who: Who, resource: Resource, action: string): Rule[] =>
  rules.filter((rule) => rule.resource === resource && rule.actions.includes(action) && groupOf(who) >= groupRank[rule.group])

const isPlace = (where: Rule['where'], organizationId: number | null | undefined, role: Role | undefined) => {
  if (where === 'anywhere') return true
  return where === 'personal' ? !organizationId : role !== undefined && rankOf(role) >= rankOf(where)
}

/** Whether this person may do this to this row. Administrators may do everything. */
export const can = (who: Who, resource: Resource, action: string, row: Facts): boolean => {
  if (who.admin) return true
  const role = row.organizationId ? who.roles.get(row.organizationId) : undefined
  return rulesFor(who, resource, action).some(
    (rule) => isPlace(rule.where, row.organizationId, role) && rule.ties.some((tie) => ties[tie].test(who.user.id, row)),
  )
}

/** Throws 403 unless can(). */
export const authorize = (who: Who, resource: Resource, action: string, row: Facts) => {
  if (!can(who, resource, action, row)) throw forbidden()
}

const always = sql`1 = 1`
const never = sql`1 = 0`

/** The condition that keeps exactly the rows for which can() says yes, within the organization context. */
export const scope = (
  who: Who,
  resource: Resource,
  action: string,
  columns: FactColumns,
  context: OrgContext = { kind: 'any' },
): SQL => {
  const inContext =
    context.kind === 'any'
      ? always
      : context.kind === 'personal'
        ? isNull(columns.organizationId)
        : eq(columns.organizationId, context.id)
  if (who.admin) return inContext
  const conditions = rulesFor(who, resource, action).map((rule) => {
    const organizations = [...who.roles].filter(([id, role]) => isPlace(rule.where, id, role)).map(([id]) => id)
    const where =
      rule.where === 'anywhere'
        ? always
        : rule.where === 'personal'
          ? isNull(columns.organizationId)
          : organizations.length
            ? inArray(columns.organizationId, organizations)
            : never
    const tied = rule.ties.map((tie) => {
      const found = ties[tie].columns(columns)
      return found === 'any' ? always : (or(...found.flatMap((column) => (column ? eq(column, who.user.id) : []))) ?? never)
    })
    return and(where, or(...tied))
  })
  return and(inContext, or(...conditions) ?? never)!
}
