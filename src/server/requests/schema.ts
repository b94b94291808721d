// The public record of background work.
import { index, int, json, real, table, text, time } from '../db/dialect'
import { users } from '../users/schema'

export type RequestStatus = 'queued' | 'started' | 'failed' | 'finished'

export const requests = table(
  'requests',
  {
    /** Readable, unique: `action=export&target=task&target_id=1&user_id=2&…`. */
    id: text('id').primaryKey(),
    userId: int('user_id').references(() => users.id, { onDelete: 'cascade' }),
    status: text('status').$type<RequestStatus>().notNull(),
    message: text('message').notNull().default(''),
    /** 0…1. */
    progress: real('progress'),
    action: text('action').notNull(),
    target: text('target').notNull(),
    subresource: text('subresource'),
    projectId: int('project_id'),
    taskId: int('task_id'),
    jobId: int('job_id'),
    orgId: int('org_id'),
    format: text('format'),
    /** Random: the id of the chore, and part of the download address. */
    key: text('key').notNull(),
    chore: text('chore').notNull(),
    payload: json('payload').$type<Record<string, unknown>>().notNull(),
    /** Storage name and download name of a result. */
    resultFile: text('result_file'),
    resultName: text('result_name'),
    resultId: int('result_id'),
    /** Equal for requests whose results are the same; they may share one file. */
    shareKey: text('share_key'),
    createdDate: time('created_date').notNull(),
    startedDate: time('started_date'),
    finishedDate: time('finished_date'),
    expiryDate: time('expiry_date'),
  },
  (t) => [
    index('requests_user').on(t.userId),
    index('requests_status').on(t.status),
    index('requests_task').on(t.taskId),
    index('requests_share').on(t.shareKey),
  ],
)
