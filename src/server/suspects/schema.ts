// Labels that look wrong: one row per object and reason, kept with what people decided about it; and when a task was looked at last.
import { bool, id, index, int, json, real, table, text, time, unique } from '../db/dialect'
import { jobs } from '../jobs/schema'
import { labels } from '../labels/schema'
import { tasks } from '../tasks/schema'
import { users } from '../users/schema'
import type { Details, Reason, ThingKind } from './thing'

export const statuses = ['open', 'confirmed', 'fixed'] as const
/** `confirmed`: a person says that the label is right. `fixed`: it was changed or removed, or nothing is wrong with it any more. */
export type Status = (typeof statuses)[number]

export const suspects = table(
  'suspects',
  {
    id: id(),
    taskId: int('task_id')
      .notNull()
      .references(() => tasks.id, { onDelete: 'cascade' }),
    jobId: int('job_id')
      .notNull()
      .references(() => jobs.id, { onDelete: 'cascade' }),
    kind: text('kind').$type<ThingKind>().notNull(),
    objectId: int('object_id').notNull(),
    labelId: int('label_id')
      .notNull()
      .references(() => labels.id, { onDelete: 'cascade' }),
    /** Where it is seen best. */
    frame: int('frame').notNull(),
    reason: text('reason').$type<Reason>().notNull(),
    /** 0.5…1, the higher the odder. */
    score: real('score').notNull(),
    details: json('details').$type<Details>().notNull(),
    /** Of the object as it was looked at: what a person said holds while it stays so. */
    fingerprint: text('fingerprint').notNull(),
    status: text('status').$type<Status>().notNull().default('open'),
    decidedBy: int('decided_by').references(() => users.id, { onDelete: 'set null' }),
    decidedDate: time('decided_date'),
    foundDate: time('found_date').notNull(),
  },
  (t) => [
    unique('suspects_object').on(t.jobId, t.kind, t.objectId, t.reason),
    index('suspects_task').on(t.taskId, t.status, t.score),
    index('suspects_label').on(t.labelId),
  ],
)

/** The last look at each task. */
export const suspectRuns = table('suspect_runs', {
  taskId: int('task_id')
    .primaryKey()
    .references(() => tasks.id, { onDelete: 'cascade' }),
  ranDate: time('ran_date').notNull(),
  /** Objects that were looked at. */
  objects: int('objects').notNull(),
  /** Compared with those of the whole project. */
  isProjectWide: bool('is_project_wide').notNull().default(false),
})
