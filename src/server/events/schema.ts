// The outbox of the event store: rows are written in the transaction of the change that they tell about, and moved on after it.
import { big, id, int, json, table, text, time } from '../db/dialect'

/** Rows stay for seconds, see settle.ts; hence no indexes, which every save would have to pay for. */
export const events = table('events', {
  id: id(),
  /** `create:task`, `update:job`, `send:exception` … */
  scope: text('scope').notNull(),
  /** Name of the object; of an update, the field. */
  objName: text('obj_name'),
  objId: text('obj_id'),
  /** Of an update, the new value of the field. */
  objVal: text('obj_val'),
  /** `server` or `client`. */
  source: text('source').notNull(),
  timestamp: time('timestamp').notNull(),
  count: int('count'),
  /** ms */
  duration: big('duration'),
  projectId: int('project_id'),
  taskId: int('task_id'),
  jobId: int('job_id'),
  userId: int('user_id'),
  userName: text('user_name'),
  userEmail: text('user_email'),
  orgId: int('org_id'),
  orgSlug: text('org_slug'),
  payload: json('payload').$type<Record<string, unknown>>(),
})
