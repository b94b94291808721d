// Jobs: a range of a task's frames for one annotator.
import { id, index, int, json, table, text, time } from '../db/dialect'
import { tasks } from '../tasks/schema'
import { users } from '../users/schema'

export const stages = ['annotation', 'validation', 'acceptance'] as const
export const states = ['new', 'in progress', 'completed', 'rejected'] as const
export type Stage = (typeof stages)[number]
export type State = (typeof states)[number]

export const jobs = table(
  'jobs',
  {
    id: id(),
    taskId: int('task_id')
      .notNull()
      .references(() => tasks.id, { onDelete: 'cascade' }),
    type: text('type').$type<'annotation' | 'ground_truth' | 'replica'>().notNull().default('annotation'),
    /** First and last task frame, both included. */
    startFrame: int('start_frame').notNull(),
    stopFrame: int('stop_frame').notNull(),
    /** Task frames of a job that does not hold its whole range, ascending; null = all of it. */
    frames: json('frames').$type<number[]>(),
    /** The job that a replica is a copy of. */
    parentJobId: int('parent_job_id').references((): any => jobs.id, { onDelete: 'cascade' }),
    assigneeId: int('assignee_id').references(() => users.id, { onDelete: 'set null' }),
    assigneeUpdatedDate: time('assignee_updated_date'),
    stage: text('stage').$type<Stage>().notNull().default('annotation'),
    /** What older clients know instead of stage and state. */
    status: text('status').notNull().default('annotation'),
    state: text('state').$type<State>().notNull().default('new'),
    /** Grows with every change of the annotations. */
    revision: int('revision').notNull().default(0),
    createdDate: time('created_date').notNull(),
    updatedDate: time('updated_date').notNull(),
  },
  (t) => [index('jobs_task').on(t.taskId), index('jobs_assignee').on(t.assigneeId), index('jobs_parent').on(t.parentJobId)],
)
