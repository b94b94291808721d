// drizzle-kit: SQLite migrations of the event store.
export default {
  dialect: 'sqlite',
  schema: './src/server/events/store-schema.ts',
  out: './drizzle/sqlite-events',
}
