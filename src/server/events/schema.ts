// The audit log: one row for each change, each save and each event that a client reports.
import { big, id, index, int, json, table, text, time } from '../db/dialect'

/** Rows outlive what they tell about, hence no references. */
export const events = table(
  'events',
  {
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
  },
  (t) => [
    index('events_time').on(t.timestamp),
    index('events_project').on(t.projectId),
    index('events_task').on(t.taskId),
    index('events_job').on(t.jobId),
    index('events_org').on(t.orgId),
    index('events_user').on(t.userId),
  ],
)
