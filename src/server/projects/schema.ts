// Projects: tasks that share labels.
import { id, index, int, json, table, text, time } from '../db/dialect'
import { organizations } from '../organizations/schema'
import { users } from '../users/schema'

/** Where exports go and imports come from, as the API writes it; `id` only on those that came with an id from another instance. */
export type StorageRef = { id?: number; location: 'local' | 'cloud_storage'; cloud_storage_id: number | null }

export const projects = table(
  'projects',
  {
    id: id(),
    name: text('name').notNull(),
    ownerId: int('owner_id').references(() => users.id, { onDelete: 'set null' }),
    assigneeId: int('assignee_id').references(() => users.id, { onDelete: 'set null' }),
    assigneeUpdatedDate: time('assignee_updated_date'),
    organizationId: int('organization_id').references(() => organizations.id, { onDelete: 'cascade' }),
    bugTracker: text('bug_tracker').notNull().default(''),
    status: text('status').notNull().default('annotation'),
    sourceStorage: json('source_storage').$type<StorageRef>(),
    targetStorage: json('target_storage').$type<StorageRef>(),
    createdDate: time('created_date').notNull(),
    updatedDate: time('updated_date').notNull(),
  },
  (t) => [
    index('projects_owner').on(t.ownerId),
    index('projects_assignee').on(t.assigneeId),
    index('projects_org').on(t.organizationId),
  ],
)
