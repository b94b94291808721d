// Rows of a moved CVAT instance for which this version has no place yet: kept word for word, so that a later version can take them over.
import { id, index, json, table, text } from '../db/dialect'

export const keptRows = table(
  'kept_rows',
  {
    id: id(),
    /** Django's name, as `quality_control.qualityreport`. */
    model: text('model').notNull(),
    /** Primary key in the dump. */
    key: text('key').notNull(),
    fields: json('fields').$type<Record<string, unknown>>().notNull(),
  },
  (t) => [index('kept_rows_model').on(t.model)],
)
