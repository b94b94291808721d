// Labels of a task or project, and their attributes.
import type { AttributeInput, LabelType } from '../../formats/model'
import { bool, id, index, int, json, table, text } from '../db/dialect'
import { projects } from '../projects/schema'
import { tasks } from '../tasks/schema'

export const labels = table(
  'labels',
  {
    id: id(),
    taskId: int('task_id').references(() => tasks.id, { onDelete: 'cascade' }),
    projectId: int('project_id').references(() => projects.id, { onDelete: 'cascade' }),
    /** The skeleton that this label is an element of. */
    parentId: int('parent_id').references((): any => labels.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    color: text('color').notNull(),
    type: text('type').$type<LabelType>().notNull().default('any'),
    svg: text('svg').notNull().default(''),
  },
  (t) => [index('labels_task').on(t.taskId), index('labels_project').on(t.projectId), index('labels_parent').on(t.parentId)],
)

export const attributes = table(
  'attributes',
  {
    id: id(),
    labelId: int('label_id')
      .notNull()
      .references(() => labels.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    mutable: bool('mutable').notNull(),
    inputType: text('input_type').$type<AttributeInput>().notNull(),
    defaultValue: text('default_value').notNull(),
    values: json('values').$type<string[]>().notNull(),
  },
  (t) => [index('attributes_label').on(t.labelId)],
)
