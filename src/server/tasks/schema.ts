// Tasks: media to annotate, cut into jobs.
import { id, index, int, json, table, text, time } from '../db/dialect'
import { organizations } from '../organizations/schema'
import { projects, type StorageRef } from '../projects/schema'
import { users } from '../users/schema'

export const tasks = table(
  'tasks',
  {
    id: id(),
    projectId: int('project_id').references(() => projects.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    ownerId: int('owner_id').references(() => users.id, { onDelete: 'set null' }),
    assigneeId: int('assignee_id').references(() => users.id, { onDelete: 'set null' }),
    assigneeUpdatedDate: time('assignee_updated_date'),
    organizationId: int('organization_id').references(() => organizations.id, { onDelete: 'cascade' }),
    bugTracker: text('bug_tracker').notNull().default(''),
    /** `annotation` = pictures, `interpolation` = video, empty until there is data. */
    mode: text('mode').notNull().default(''),
    dimension: text('dimension').notNull().default('2d'),
    mediaType: text('media_type').notNull().default('image'),
    /** Frames shared by neighbouring jobs; null = by mode. */
    overlap: int('overlap'),
    /** Frames of a job; 0 = all in one. */
    segmentSize: int('segment_size').notNull().default(0),
    status: text('status').notNull().default('annotation'),
    subset: text('subset').notNull().default(''),
    sourceStorage: json('source_storage').$type<StorageRef>(),
    targetStorage: json('target_storage').$type<StorageRef>(),
    createdDate: time('created_date').notNull(),
    updatedDate: time('updated_date').notNull(),
  },
  (t) => [
    index('tasks_project').on(t.projectId),
    index('tasks_owner').on(t.ownerId),
    index('tasks_assignee').on(t.assigneeId),
    index('tasks_org').on(t.organizationId),
  ],
)
