// Settings of merging by consensus, one row per task; and how people voted about each merged object.
import { id, int, json, real, table, text, unique } from '../db/dialect'
import { jobs } from '../jobs/schema'
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

/** One row per object that a merge made; those of a job are replaced by its next merge. */
export const consensusVotes = table(
  'consensus_votes',
  {
    id: id(),
    jobId: int('job_id')
      .notNull()
      .references(() => jobs.id, { onDelete: 'cascade' }),
    kind: text('kind').$type<'shape' | 'tag'>().notNull(),
    objectId: int('object_id').notNull(),
    frame: int('frame').notNull(),
    labelId: int('label_id').notNull(),
    /** Share of people for the label times how alike their shapes are, 0…1. */
    score: real('score').notNull(),
    /** People for the label, and people who were asked. */
    votes: int('votes').notNull(),
    replicas: int('replicas').notNull(),
    /** How many people gave the object each label. */
    labels: json('labels').$type<{ label_id: number; votes: number }[]>().notNull(),
  },
  (t) => [unique('consensus_votes_object').on(t.jobId, t.kind, t.objectId)],
)
