// Media of a task: how it was cut, and its frames.
import { cloudStorages } from '../cloud-storages/schema'
import { big, bool, id, index, int, json, table, text, time, unique } from '../db/dialect'
import { tasks } from '../tasks/schema'
import { users } from '../users/schema'

export type ChunkType = 'imageset' | 'video' | 'list'

export const taskData = table(
  'task_data',
  {
    id: id(),
    taskId: int('task_id')
      .notNull()
      .references(() => tasks.id, { onDelete: 'cascade' }),
    /** Frames a chunk holds. */
    chunkSize: int('chunk_size').notNull(),
    /** Frames of the task. */
    size: int('size').notNull(),
    imageQuality: int('image_quality').notNull(),
    /** First and last source frame, and `step=N` or empty. */
    startFrame: int('start_frame').notNull(),
    stopFrame: int('stop_frame').notNull(),
    frameFilter: text('frame_filter').notNull().default(''),
    compressedChunkType: text('compressed_chunk_type').$type<ChunkType>().notNull(),
    originalChunkType: text('original_chunk_type').$type<ChunkType>().notNull(),
    sortingMethod: text('sorting_method').notNull().default('lexicographical'),
    storageMethod: text('storage_method').notNull().default('cache'),
    storage: text('storage').$type<'local' | 'share' | 'cloud_storage'>().notNull().default('local'),
    /** The bucket that the files came from, or lie in when they were not copied. */
    cloudStorageId: int('cloud_storage_id').references(() => cloudStorages.id, { onDelete: 'set null' }),
    /** Frames of the jobs that appended frames make, 0 = one job for all that came together; null until the task has grown. */
    growSize: int('grow_size'),
    /** When frames were appended last. */
    grownDate: time('grown_date'),
    deletedFrames: json('deleted_frames').$type<number[]>().notNull(),
    chunksUpdatedDate: time('chunks_updated_date').notNull(),
    /** Only for videos: storage name of the file and its picture size. */
    video: json('video').$type<{ file: string; name: string; width: number; height: number }>(),
  },
  (t) => [unique('task_data_task').on(t.taskId)],
)

/** One row per picture of an image task. A video has none: its frames follow from the packet index. */
export const frames = table(
  'frames',
  {
    id: id(),
    taskId: int('task_id')
      .notNull()
      .references(() => tasks.id, { onDelete: 'cascade' }),
    /** Task frame, 0-based. */
    number: int('number').notNull(),
    /** Name shown to people and matched by imports. */
    name: text('name').notNull(),
    /** Storage name of the original bytes. */
    file: text('file').notNull(),
    width: int('width').notNull(),
    height: int('height').notNull(),
    /** Set for a honeypot: the validation frame of the task that is shown here, with its name, file and size. */
    realFrame: int('real_frame'),
  },
  (t) => [unique('frames_task_number').on(t.taskId, t.number)],
)

/** Pictures that are shown beside frames. They belong to the file of a frame, so honeypots and moved frames keep theirs. */
export const relatedFiles = table(
  'related_files',
  {
    id: id(),
    taskId: int('task_id')
      .notNull()
      .references(() => tasks.id, { onDelete: 'cascade' }),
    /** `file` of the frames that it belongs to. */
    frameFile: text('frame_file').notNull(),
    /** Path as uploaded. */
    name: text('name').notNull(),
    /** Storage name of the original bytes. */
    file: text('file').notNull(),
  },
  (t) => [index('related_files_task').on(t.taskId)],
)

/** Resumable uploads; how much has arrived is the size of the file itself. */
export const uploads = table(
  'uploads',
  {
    /** Random: `<user id>_<uuid>`. */
    id: text('id').primaryKey(),
    userId: int('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** What the file is for: `task-data:7`, `task-annotations:7`, … */
    purpose: text('purpose').notNull(),
    name: text('name').notNull(),
    length: big('length').notNull(),
    complete: bool('complete').notNull().default(false),
    createdAt: time('created_at').notNull(),
  },
  (t) => [index('uploads_purpose').on(t.purpose)],
)
