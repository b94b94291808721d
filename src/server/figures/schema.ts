// What each server counted, minute by minute, for a day: kept in the event store, so that it never waits for saves.
import { big, index, json, table, text } from '../db/dialect'

export const serverSamples = table(
  'server_samples',
  {
    /** Server and time as text. */
    key: text('key').primaryKey(),
    /** Host and port. */
    server: text('server').notNull(),
    /** End of the span that it tells about, ms since 1970. */
    at: big('at').notNull(),
    figures: json('figures').$type<Record<string, number | null>>().notNull(),
  },
  (t) => [index('server_samples_at').on(t.at)],
)
