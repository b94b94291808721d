// What is drawn on point clouds beyond cuboids: labels of single points, and polylines, polygons and key points in space.
import { bytes, id, index, int, table, text, unique } from '../db/dialect'
import { jobs } from '../jobs/schema'
import { labels } from '../labels/schema'
import type { CloudShapeType } from './rows'

const place = {
  id: id(),
  jobId: int('job_id')
    .notNull()
    .references(() => jobs.id, { onDelete: 'cascade' }),
  /** Task frame. */
  frame: int('frame').notNull(),
  labelId: int('label_id')
    .notNull()
    .references(() => labels.id, { onDelete: 'cascade' }),
}

/** The points of a frame that have one label and instance number; each point is in one of these rows at most. */
export const cloudSegments = table(
  'cloud_segments',
  {
    ...place,
    /** 0 where instances are not told apart. */
    instance: int('instance').notNull().default(0),
    /** How many points. */
    points: int('points').notNull(),
    /** Which rows of the cloud's file, by pack-runs.ts. */
    runs: bytes('runs').notNull(),
  },
  (t) => [unique('cloud_segments_job').on(t.jobId, t.frame, t.labelId, t.instance), index('cloud_segments_label').on(t.labelId)],
)

export const cloudShapes = table(
  'cloud_shapes',
  {
    ...place,
    /** The name that whoever drew the shape gave it: the same shape saved again stays one. */
    uid: text('uid').notNull(),
    type: text('type').$type<CloudShapeType>().notNull(),
    /** JSON text: [x, y, z, …] in the coordinates of the file. */
    points: text('points').notNull(),
    /** JSON text: [{"spec_id": 1, "value": "x"}]. */
    attributes: text('attributes').notNull().default('[]'),
  },
  (t) => [
    unique('cloud_shapes_uid').on(t.jobId, t.uid),
    index('cloud_shapes_job').on(t.jobId, t.frame),
    index('cloud_shapes_label').on(t.labelId),
  ],
)

/** How often what is drawn on the clouds of a job has changed; a job without a row: never. */
export const cloudRevisions = table('cloud_revisions', {
  jobId: int('job_id')
    .primaryKey()
    .references(() => jobs.id, { onDelete: 'cascade' }),
  revision: int('revision').notNull().default(0),
})
