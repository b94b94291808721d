// Issues that reviewers raise on a job's frame, and the comments under them.
import { bool, id, index, int, json, table, text, time } from '../db/dialect'
import { jobs } from '../jobs/schema'
import { users } from '../users/schema'

export const issues = table(
  'issues',
  {
    id: id(),
    jobId: int('job_id')
      .notNull()
      .references(() => jobs.id, { onDelete: 'cascade' }),
    /** Task frame. */
    frame: int('frame').notNull(),
    /** Image pixels: x y of the corners of what the issue is about. */
    position: json('position').$type<number[]>().notNull(),
    ownerId: int('owner_id').references(() => users.id, { onDelete: 'set null' }),
    assigneeId: int('assignee_id').references(() => users.id, { onDelete: 'set null' }),
    resolved: bool('resolved').notNull().default(false),
    createdDate: time('created_date').notNull(),
    updatedDate: time('updated_date').notNull(),
  },
  (t) => [
    index('issues_job').on(t.jobId, t.frame),
    index('issues_owner').on(t.ownerId),
    index('issues_assignee').on(t.assigneeId),
  ],
)

export const comments = table(
  'comments',
  {
    id: id(),
    issueId: int('issue_id')
      .notNull()
      .references(() => issues.id, { onDelete: 'cascade' }),
    ownerId: int('owner_id').references(() => users.id, { onDelete: 'set null' }),
    message: text('message').notNull(),
    createdDate: time('created_date').notNull(),
    updatedDate: time('updated_date').notNull(),
  },
  (t) => [index('comments_issue').on(t.issueId), index('comments_owner').on(t.ownerId)],
)
