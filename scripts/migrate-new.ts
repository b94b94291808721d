// `bun run migrate:new <name>`: writes the SQL migrations of both databases and of the event store from the schemas as they are now.
import { fromRoot } from './build/paths.ts'

const name = process.argv[2]
if (!name || !/^[a-z0-9-]+$/.test(name)) {
  console.error('usage: bun run migrate:new <name-in-kebab-case>')
  process.exit(2)
}

/** The schema chooses its dialect by DATABASE_URL when it is imported; nothing connects to this address. */
const postgres = 'postgres://localhost/unused'
const sets: Record<string, string> = { sqlite: '', postgres, 'sqlite-events': '', 'postgres-events': postgres }

for (const [set, databaseUrl] of Object.entries(sets)) {
  const { exitCode } = Bun.spawnSync(
    [
      process.execPath,
      '--bun',
      'node_modules/.bin/drizzle-kit',
      'generate',
      `--config=drizzle/${set}.config.ts`,
      `--name=${name.replaceAll('-', '_')}`,
    ],
    { cwd: fromRoot('.'), stdio: ['inherit', 'inherit', 'inherit'], env: { ...process.env, DATABASE_URL: databaseUrl } },
  )
  if (exitCode !== 0) process.exit(exitCode)
}
