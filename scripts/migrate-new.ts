// `bun run migrate:new <name>`: writes the SQL migrations of both databases from the schema as it is now.
import { fromRoot } from './build/paths.ts'

const name = process.argv[2]
if (!name || !/^[a-z0-9-]+$/.test(name)) {
  console.error('usage: bun run migrate:new <name-in-kebab-case>')
  process.exit(2)
}

/** The schema chooses its dialect by DATABASE_URL when it is imported; nothing connects to this address. */
const dialects: Record<string, string> = { sqlite: '', postgres: 'postgres://localhost/unused' }

for (const [dialect, databaseUrl] of Object.entries(dialects)) {
  const { exitCode } = Bun.spawnSync(
    [
      process.execPath,
      '--bun',
      'node_modules/.bin/drizzle-kit',
      'generate',
      `--config=drizzle/${dialect}.config.ts`,
      `--name=${name.replaceAll('-', '_')}`,
    ],
    { cwd: fromRoot('.'), stdio: ['inherit', 'inherit', 'inherit'], env: { ...process.env, DATABASE_URL: databaseUrl } },
  )
  if (exitCode !== 0) process.exit(exitCode)
}
