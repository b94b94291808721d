// drizzle-kit: PostgreSQL migrations from the one schema.
process.env.DATABASE_URL = 'postgres://migrations'
export default { dialect: 'postgresql', schema: './src/server/db/schema.ts', out: './drizzle/postgres' }
