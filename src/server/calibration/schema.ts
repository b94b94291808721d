// Calibration of tasks: one row for all files of a task, whose texts lie together in one file of the storage.
import { id, int, json, table, text, time, unique } from '../db/dialect'
import { tasks } from '../tasks/schema'

export const taskCalibrations = table(
  'task_calibrations',
  {
    id: id(),
    taskId: int('task_id')
      .notNull()
      .references(() => tasks.id, { onDelete: 'cascade' }),
    /** Storage name of the texts; another one after each change. */
    file: text('file').notNull(),
    /** Names of the files, as they were given. */
    names: json('names').$type<string[]>().notNull(),
    updatedDate: time('updated_date').notNull(),
  },
  (t) => [unique('task_calibrations_task').on(t.taskId)],
)
