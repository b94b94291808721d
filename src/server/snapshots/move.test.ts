// `annolith move` takes a server from SQLite to PostgreSQL and back, by the program itself; needs a PostgreSQL.
import { afterAll, expect, test } from 'bun:test'
import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { config } from '../config'
import { isPostgres } from '../db/dialect'
import { createEmptyDatabase } from '../db/transfer/empty-database'

const dataDir = mkdtempSync(join(tmpdir(), 'annolith-move-'))
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

const run = (args: string[], databaseUrl = '', input = '') => {
  const { exitCode, stdout, stderr } = Bun.spawnSync([process.execPath, join(import.meta.dir, '../../main.ts'), ...args], {
    env: { ...process.env, ANNOLITH_DATA_DIR: dataDir, DATABASE_URL: databaseUrl, REDIS_URL: '' },
    stdin: Buffer.from(input),
  })
  return { exitCode, out: stdout.toString(), err: stderr.toString() }
}

test.skipIf(!isPostgres)(
  'people who are there in the one database are there in the other, and back',
  async () => {
    const place = await createEmptyDatabase(config().databaseUrl)
    const url = 'url' in place ? place.url : ''
    for (const name of ['first', 'second'])
      expect(run(['user', 'create', '--username', name, '--password-stdin'], '', 'good-enough-1').exitCode).toBe(0)
    const before = run(['user', 'list']).out
    expect(before).toContain('second')
    expect(run(['move', '--to', 'sqlite'])).toMatchObject({ exitCode: 1, err: 'annolith: the data are in SQLite already\n' })
    expect(run(['move', '--to', 'mysql://x'])).toMatchObject({
      exitCode: 1,
      err: 'annolith: --to must be postgres://… or sqlite\n',
    })
    expect(run(['move', '--to', url])).toMatchObject({ exitCode: 0, err: '' })
    expect(run(['user', 'list'], url).out).toBe(before)
    // Twice is refused: what is there is never written over.
    expect(run(['move', '--to', url]).err).toContain('has tables already')
    expect(run(['user', 'create', '--username', 'third', '--password-stdin'], url, 'good-enough-1').exitCode).toBe(0)
    expect(run(['move', '--to', 'sqlite'], url).err).toContain('exists already; remove it first')
    for (const name of ['annolith.db', 'events.db']) renameSync(join(dataDir, name), join(dataDir, `${name}.before`))
    expect(run(['move', '--to', 'sqlite'], url)).toMatchObject({ exitCode: 0, err: '' })
    expect(run(['user', 'list']).out).toBe(run(['user', 'list'], url).out)
    expect([run(['user', 'list']).out.includes('third'), existsSync(join(dataDir, '.moving'))]).toEqual([true, false])
  },
  60_000,
)
