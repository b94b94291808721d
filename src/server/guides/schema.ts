// Guides tell annotators of a project or task what to do, in Markdown; assets are the files that they show.
import { big, id, index, int, table, text, time, unique } from '../db/dialect'
import { projects } from '../projects/schema'
import { tasks } from '../tasks/schema'
import { users } from '../users/schema'

/** A guide belongs to a task or to a project, each of which has at most one. */
export const guides = table(
  'guides',
  {
    id: id(),
    taskId: int('task_id').references(() => tasks.id, { onDelete: 'cascade' }),
    projectId: int('project_id').references(() => projects.id, { onDelete: 'cascade' }),
    markdown: text('markdown').notNull().default(''),
    createdDate: time('created_date').notNull(),
    updatedDate: time('updated_date').notNull(),
  },
  (t) => [unique('guides_task').on(t.taskId), unique('guides_project').on(t.projectId)],
)

/** The bytes lie in the storage under `assets/<uuid>/file`. */
export const assets = table(
  'assets',
  {
    /** Random, so that nobody guesses it. */
    uuid: text('uuid').primaryKey(),
    guideId: int('guide_id')
      .notNull()
      .references(() => guides.id, { onDelete: 'cascade' }),
    ownerId: int('owner_id').references(() => users.id, { onDelete: 'set null' }),
    /** As the uploader calls it; never part of a path. */
    filename: text('filename').notNull(),
    bytes: big('bytes').notNull(),
    createdDate: time('created_date').notNull(),
  },
  (t) => [index('assets_guide').on(t.guideId), index('assets_owner').on(t.ownerId)],
)
