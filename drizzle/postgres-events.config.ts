// drizzle-kit: PostgreSQL migrations of the event store.
process.env.DATABASE_URL = 'postgres://migrations'
export default {
  dialect: 'postgresql',
  schema: './src/server/events/store-schema.ts',
  out: './drizzle/postgres-events',
}
