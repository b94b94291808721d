// The event store: the log itself and the sums that dashboards read. A file of its own on SQLite (events.db).
import { big, bool, id, index, int, json, table, text, time, unique } from '../db/dialect'

/** Who did it and where. Rows outlive what they tell about, hence no references. */
const place = {
  orgId: int('org_id'),
  projectId: int('project_id'),
  taskId: int('task_id'),
  jobId: int('job_id'),
  userId: int('user_id'),
}

/** One row for each change, each save and each event that a client reports. */
export const eventLog = table(
  'event_log',
  {
    id: id(),
    /** Row of the outbox that it was moved from; null for what went straight here. With the time it is unique. */
    outboxId: int('outbox_id'),
    scope: text('scope').notNull(),
    objName: text('obj_name'),
    objId: text('obj_id'),
    objVal: text('obj_val'),
    /** `server` or `client`. */
    source: text('source').notNull(),
    timestamp: time('timestamp').notNull(),
    /** When the row came here. */
    keptDate: time('kept_date').notNull(),
    count: int('count'),
    /** ms */
    duration: big('duration'),
    ...place,
    userName: text('user_name'),
    userEmail: text('user_email'),
    orgSlug: text('org_slug'),
    payload: json('payload').$type<Record<string, unknown>>(),
    /** Whether it goes into the sums: what clients claim about jobs that they may not see does not. */
    isCounted: bool('is_counted').notNull().default(true),
  },
  (t) => [
    unique('event_log_outbox').on(t.outboxId, t.timestamp),
    index('event_log_time').on(t.timestamp),
    index('event_log_project').on(t.projectId, t.timestamp),
    index('event_log_task').on(t.taskId, t.timestamp),
    index('event_log_job').on(t.jobId, t.timestamp),
    index('event_log_org').on(t.orgId, t.timestamp),
    index('event_log_user').on(t.userId, t.timestamp),
  ],
)

const sums = {
  /** Gaps of 100 s and more do not count. */
  workingMs: big('working_ms').notNull().default(0),
  /** Frames that were gone to. */
  frames: int('frames').notNull().default(0),
  saves: int('saves').notNull().default(0),
  /** Objects. */
  created: int('created').notNull().default(0),
  changed: int('changed').notNull().default(0),
  deleted: int('deleted').notNull().default(0),
  stateChanges: int('state_changes').notNull().default(0),
  stageChanges: int('stage_changes').notNull().default(0),
  /** Times that a job was completed, and sent back. */
  completed: int('completed').notNull().default(0),
  rejected: int('rejected').notNull().default(0),
  issuesOpened: int('issues_opened').notNull().default(0),
  issuesResolved: int('issues_resolved').notNull().default(0),
  events: int('events').notNull().default(0),
}
export type Metric = keyof typeof sums
export const metrics = Object.keys(sums) as Metric[]

const activity = (name: string) =>
  table(
    name,
    {
      /** Start and place as text, which makes the row unique although parts of the place may be missing. */
      key: text('key').primaryKey(),
      /** Start of the hour or day (UTC), ms since 1970. */
      start: big('start').notNull(),
      ...place,
      ...sums,
    },
    (t) => [
      index(`${name}_start`).on(t.start),
      index(`${name}_project`).on(t.projectId, t.start),
      index(`${name}_task`).on(t.taskId, t.start),
      index(`${name}_job`).on(t.jobId, t.start),
      index(`${name}_org`).on(t.orgId, t.start),
      index(`${name}_user`).on(t.userId, t.start),
    ],
  )

/** What was done in each hour, or day, at each place by each person. */
export const activityHours = activity('activity_hours')
export const activityDays = activity('activity_days')
export type ActivityTable = typeof activityDays

/** Changes of the state or stage of a job, from which its past states follow. */
export const jobMoves = table(
  'job_moves',
  {
    /** The row of the log that tells it. */
    eventId: int('event_id').primaryKey(),
    time: time('time').notNull(),
    field: text('field').$type<'state' | 'stage'>().notNull(),
    before: text('before').notNull(),
    after: text('after').notNull(),
    ...place,
  },
  (t) => [
    index('job_moves_time').on(t.time),
    index('job_moves_project').on(t.projectId),
    index('job_moves_task').on(t.taskId),
    index('job_moves_job').on(t.jobId),
    index('job_moves_org').on(t.orgId),
  ],
)

/** How far others have read the log. */
export const eventCursors = table('event_cursors', {
  name: text('name').primaryKey(),
  /** Everything up to this row was taken. */
  lastId: int('last_id').notNull().default(0),
  /** Last row of the batch that is on its way; the same batch is sent again after a crash. */
  sendingId: int('sending_id'),
})

export { serverSamples } from '../figures/schema'
