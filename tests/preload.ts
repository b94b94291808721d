// Gives every test process a data directory and settings of its own before any module reads them; DATABASE_URL and REDIS_URL are kept.
import { afterAll } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

for (const name of Object.keys(process.env)) if (name.startsWith('ANNOLITH_')) delete process.env[name]

const dataDir = mkdtempSync(join(tmpdir(), 'annolith-test-'))

Object.assign(process.env, {
  NODE_ENV: 'test',
  TZ: 'UTC',
  ANNOLITH_DATA_DIR: dataDir,
  ANNOLITH_NATIVE_DIR: join(dataDir, 'cache/native'),
  ANNOLITH_PASSWORD_HASHER: 'md5',
  ANNOLITH_LOG: 'silent',
})

afterAll(() => rmSync(dataDir, { recursive: true, force: true }))
