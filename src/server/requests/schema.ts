// The public record of background work.
import { index, int, json, real, table, text, time } from '../db/dialect'
import { users } from '../users/schema'

export type RequestStatus = 'queued' | 'started' | 'failed' | 'finished'
/** What a request does, as the API writes it. */
export type Operation = {
  type: string
  target: string
  project_id: number | null
  task_id: number | null
  job_id: number | null
  org_id: number | null
  format: string | null
  function_id: string | null
  lightweight: boolean | null
}

export const requests = table(
  'requests',
  {
    /** Readable, unique: `action=export&target=task&target_id=1&user_id=2&…`. */
    id: text('id').primaryKey(),
    userId: int('user_id').references(() => users.id, { onDelete: 'cascade' }),
    status: text('status').$type<RequestStatus>().notNull(),
    message: text('message').notNull().default(''),
    progress: real('progress'),
    operation: json('operation').$type<Operation>().notNull(),
    /** Random, part of the download address; the chore has the same id. */
    key: text('key').notNull(),
    chore: text('chore').notNull(),
    payload: json('payload').$type<unknown>().notNull(),
    /** Storage name and download name of a result. */
    resultFile: text('result_file'),
    resultName: text('result_name'),
    resultId: int('result_id'),
    createdDate: time('created_date').notNull(),
    startedDate: time('started_date'),
    finishedDate: time('finished_date'),
    expiryDate: time('expiry_date'),
  },
  (t) => [index('requests_user').on(t.userId), index('requests_status').on(t.status)],
)
