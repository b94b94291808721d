// Organizations and who belongs to them in which role.
import { bool, id, index, int, json, table, text, time, unique } from '../db/dialect'
import { users } from '../users/schema'

export const roles = ['worker', 'supervisor', 'maintainer', 'owner'] as const
export type Role = (typeof roles)[number]

export const organizations = table(
  'organizations',
  {
    id: id(),
    slug: text('slug').notNull(),
    name: text('name').notNull().default(''),
    description: text('description').notNull().default(''),
    contact: json('contact').$type<Record<string, unknown>>().notNull(),
    ownerId: int('owner_id').references(() => users.id, { onDelete: 'set null' }),
    createdDate: time('created_date').notNull(),
    updatedDate: time('updated_date').notNull(),
  },
  (t) => [unique('organizations_slug').on(t.slug)],
)

export const memberships = table(
  'memberships',
  {
    id: id(),
    userId: int('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    organizationId: int('organization_id')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    role: text('role').$type<Role>().notNull(),
    isActive: bool('is_active').notNull().default(true),
    joinedDate: time('joined_date'),
  },
  (t) => [unique('memberships_user_org').on(t.userId, t.organizationId), index('memberships_org').on(t.organizationId)],
)
