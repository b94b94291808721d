// drizzle-kit: SQLite migrations from the one schema.
export default { dialect: 'sqlite', schema: './src/server/db/schema.ts', out: './drizzle/sqlite' }
