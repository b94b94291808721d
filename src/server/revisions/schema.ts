// The revision log: one row per change of a job's annotations, with what it takes to undo it.
import { bytes, id, int, json, table, text, time, unique } from '../db/dialect'
import { jobs } from '../jobs/schema'
import { users } from '../users/schema'

export const revisionActions = [
  'create',
  'update',
  'delete',
  'save',
  'replace',
  'clear',
  'import',
  'restore',
  'label',
  'move',
  'merge',
  'automatic',
] as const
export type RevisionAction = (typeof revisionActions)[number]

export type KindCounts = { tags: number; shapes: number; tracks: number }
export type RevisionCounts = { created: KindCounts; updated: KindCounts; deleted: KindCounts }

export const revisions = table(
  'revisions',
  {
    id: id(),
    jobId: int('job_id')
      .notNull()
      .references(() => jobs.id, { onDelete: 'cascade' }),
    /** The revision that the change made. */
    revision: int('revision').notNull(),
    userId: int('user_id').references(() => users.id, { onDelete: 'set null' }),
    createdDate: time('created_date').notNull(),
    action: text('action').$type<RevisionAction>().notNull(),
    counts: json('counts').$type<RevisionCounts>().notNull(),
    /** Packed by `pack-delta.ts`; null when the change cannot be undone, so that nothing before it can be restored. */
    delta: bytes('delta'),
  },
  (t) => [unique('revisions_job_revision').on(t.jobId, t.revision)],
)
