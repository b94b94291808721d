// Watched sources: folders of the share and prefixes of buckets whose new pictures are appended to a task.
import { cloudStorages } from '../../cloud-storages/schema'
import { bool, id, index, int, json, table, text, time } from '../../db/dialect'
import { tasks } from '../../tasks/schema'
import { users } from '../../users/schema'

export type WatchOrigin = 'share' | 'cloud_storage'
/** A mark of the content of each file, by its name: size and time or ETag. */
export type FileMarks = Record<string, string>

export const watches = table(
  'watches',
  {
    id: id(),
    taskId: int('task_id')
      .notNull()
      .references(() => tasks.id, { onDelete: 'cascade' }),
    /** In whose name frames are appended; without a person nothing is. */
    ownerId: int('owner_id').references(() => users.id, { onDelete: 'set null' }),
    origin: text('origin').$type<WatchOrigin>().notNull(),
    cloudStorageId: int('cloud_storage_id').references(() => cloudStorages.id, { onDelete: 'cascade' }),
    /** Folder of the share, or what the names in the bucket start with; '' = everything. */
    path: text('path').notNull(),
    /** Which file names are meant: `*`, `?`, `[a-c]`; '' = all. */
    pattern: text('pattern').notNull().default(''),
    copyData: bool('copy_data').notNull().default(false),
    intervalSeconds: int('interval_seconds').notNull(),
    enabled: bool('enabled').notNull().default(true),
    /** Files that the last look has found and that are no frames yet. */
    lastSeen: json('last_seen').$type<FileMarks>().notNull(),
    /** Files that could not be used, as they were then. */
    unusable: json('unusable').$type<FileMarks>().notNull(),
    lastScanDate: time('last_scan_date'),
    /** What came of the last files that were appended. */
    lastMessage: text('last_message').notNull().default(''),
    /** Why the last look could not append anything; '' = it could. */
    problem: text('problem').notNull().default(''),
    createdDate: time('created_date').notNull(),
  },
  (t) => [index('watches_task').on(t.taskId)],
)
