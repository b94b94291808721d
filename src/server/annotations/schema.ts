// What people drew: a row per tag, shape, track and key frame. Points and attribute values are JSON text, passed through unparsed.
import { sql } from 'drizzle-orm'
import { bool, id, index, int, real, table, text } from '../db/dialect'
import { jobs } from '../jobs/schema'
import { labels } from '../labels/schema'

const common = {
  id: id(),
  jobId: int('job_id')
    .notNull()
    .references(() => jobs.id, { onDelete: 'cascade' }),
  labelId: int('label_id')
    .notNull()
    .references(() => labels.id, { onDelete: 'cascade' }),
  /** Task frame; of a track its first key frame. */
  frame: int('frame').notNull(),
  group: int('group').notNull().default(0),
  source: text('source').notNull().default('manual'),
  /** JSON text: [{"spec_id": 1, "value": "x"}]. */
  attributes: text('attributes').notNull().default('[]'),
}

const body = {
  type: text('type').notNull(),
  occluded: bool('occluded').notNull().default(false),
  outside: bool('outside').notNull().default(false),
  zOrder: int('z_order').notNull().default(0),
  rotation: real('rotation').notNull().default(0),
  /** JSON text: [x, y, …]. */
  points: text('points').notNull().default('[]'),
  /** Computed by measure-size.ts whenever the row is written, for searches by size. */
  width: real('width').notNull().default(0),
  height: real('height').notNull().default(0),
  area: real('area').notNull().default(0),
}

export const tags = table('tags', { ...common }, (t) => [index('tags_job').on(t.jobId), index('tags_label').on(t.labelId)])

export const shapes = table(
  'shapes',
  {
    ...common,
    ...body,
    score: real('score').notNull().default(1),
    /** Of the attributes, by attribute-keys.ts whenever the row is inserted; null: searches read the attributes themselves. */
    attributeKeys: text('attribute_keys'),
    /** The skeleton that this shape is an element of. */
    parentId: int('parent_id').references((): any => shapes.id, { onDelete: 'cascade' }),
  },
  (t) => [
    // Wide, so that searches read it instead of the rows with their points.
    index('shapes_job').on(
      t.jobId,
      t.frame,
      t.parentId,
      t.labelId,
      t.width,
      t.height,
      t.area,
      t.score,
      t.type,
      t.source,
      t.occluded,
      t.attributeKeys,
    ),
    // Most have no parent: those are not worth an entry.
    index('shapes_parent').on(t.parentId).where(sql`${t.parentId} is not null`),
    index('shapes_label').on(t.labelId),
  ],
)

export const tracks = table(
  'tracks',
  { ...common, parentId: int('parent_id').references((): any => tracks.id, { onDelete: 'cascade' }) },
  (t) => [
    index('tracks_job').on(t.jobId),
    index('tracks_parent').on(t.parentId).where(sql`${t.parentId} is not null`),
    index('tracks_label').on(t.labelId),
  ],
)

export const trackShapes = table(
  'track_shapes',
  {
    id: id(),
    trackId: int('track_id')
      .notNull()
      .references(() => tracks.id, { onDelete: 'cascade' }),
    frame: int('frame').notNull(),
    attributes: text('attributes').notNull().default('[]'),
    ...body,
  },
  (t) => [index('track_shapes_track').on(t.trackId, t.frame)],
)

/** What the last save of a job answered, so that the same save sent again gets the same answer. */
export const lastSaves = table('last_saves', {
  jobId: int('job_id')
    .primaryKey()
    .references(() => jobs.id, { onDelete: 'cascade' }),
  saveId: text('save_id').notNull(),
  revision: int('revision').notNull(),
  answer: text('answer').notNull(),
})
