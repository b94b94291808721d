// Tasks: media to annotate, cut into jobs.
import { id, index, int, json, table, text, time, unique } from '../db/dialect'
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
    /** Copies of each job for merging by consensus; 0 = none. */
    consensusReplicas: int('consensus_replicas').notNull().default(0),
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

export const validationModes = ['gt', 'gt_pool'] as const
export type ValidationMode = (typeof validationModes)[number]

/** Which frames of a task are there to check the others against. */
export const validationLayouts = table(
  'validation_layouts',
  {
    id: id(),
    taskId: int('task_id')
      .notNull()
      .references(() => tasks.id, { onDelete: 'cascade' }),
    /** `gt` = a job of its own, `gt_pool` = also hidden in the other jobs as honeypots. */
    mode: text('mode').$type<ValidationMode>().notNull(),
    /** Honeypots in each job; only in a pool. */
    framesPerJob: int('frames_per_job'),
    /** Task frames, ascending. Where they are shown as honeypots stands in the rows of the frames. */
    frames: json('frames').$type<number[]>().notNull(),
    disabledFrames: json('disabled_frames').$type<number[]>().notNull(),
  },
  (t) => [unique('validation_layouts_task').on(t.taskId)],
)
