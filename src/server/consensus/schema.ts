// Settings of merging by consensus: one row per task.
import { id, int, real, table, unique } from '../db/dialect'
import { tasks } from '../tasks/schema'

export const consensusSettings = table(
  'consensus_settings',
  {
    id: id(),
    taskId: int('task_id')
      .notNull()
      .references(() => tasks.id, { onDelete: 'cascade' }),
    /** Share of replicas that must have an object for it to count, 0…1. */
    quorum: real('quorum').notNull().default(0.5),
    /** Objects less alike are not the same one. */
    iouThreshold: real('iou_threshold').notNull().default(0.4),
  },
  (t) => [unique('consensus_settings_task').on(t.taskId)],
)
