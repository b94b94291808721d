// A new version takes the place of the old one when it works; whatever is wrong with it, or interrupts it, program and data are as before.
import { afterEach, beforeEach, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Config, config } from '../config'
import { isPostgres } from '../db/dialect'
import { createEmptyDatabase } from '../db/transfer/empty-database'
import { countStates, writeOlderDatabase } from '../db/transfer/older-database'
import { openRows } from '../db/transfer/read-rows'
import { isOlder } from './archive'
import { readJournal, rollBack, upgrade } from './service'

const root = join(import.meta.dir, '../../..')
let folder: string
let current: Config
let program: string

/** A program that is this checkout, and calls itself as it is told; `spoil` is a line of shell that runs before any command but `version`. */
const writeProgram = (path: string, version: string, spoil = '') => {
  const annolith = `exec ${process.execPath} ${join(root, 'src/main.ts')} "$@"`
  writeFileSync(path, `#!/bin/sh\nif [ "$1" = version ]; then echo "annolith ${version}"; exit 0; fi\n${spoil}\n${annolith}\n`)
  chmodSync(path, 0o755)
}
const addChecksum = (path: string) =>
  writeFileSync(`${path}.sha256`, `${createHash('sha256').update(readFileSync(path)).digest('hex')}  x\n`)
const makeArchive = (version: string, spoil?: string): string => {
  const path = join(folder, `annolith-${version}`)
  writeProgram(path, version, spoil)
  addChecksum(path)
  return path
}

const environment = () => ({
  ...process.env,
  ANNOLITH_DATA_DIR: current.dataDir,
  DATABASE_URL: current.databaseUrl,
  REDIS_URL: '',
})
const runOld = (...args: string[]) => {
  const { exitCode, stderr } = Bun.spawnSync([program, ...args, '--data-dir', current.dataDir], { env: environment() })
  return { exitCode, words: stderr.toString() }
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'annolith-upgrade-'))
  const dataDir = join(folder, 'data')
  mkdirSync(join(dataDir, 'assets'), { recursive: true })
  writeFileSync(join(dataDir, 'assets/a'), 'bytes')
  const place = isPostgres ? await createEmptyDatabase(config().databaseUrl) : undefined
  current = { ...config(), dataDir, databaseUrl: place && 'url' in place ? place.url : '', redisUrl: '' }
  program = join(folder, 'annolith')
  writeProgram(program, '0.1.0')
  expect(runOld('migrate')).toMatchObject({ exitCode: 0 })
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const options = (archive: string) => ({ archive, program, version: '0.1.0' })
const readAll = async () => {
  const source = await openRows(current.databaseUrl ? { url: current.databaseUrl } : { folder: current.dataDir })
  try {
    const rows: unknown[] = [source.migrations]
    for (const table of source.tables) for await (const row of source.rows(table)) rows.push([table.name, row])
    return rows
  } finally {
    await source.close()
  }
}
const countRows = async () => {
  const counts: Record<string, number> = {}
  for (const [table] of ((await readAll()) as [string][]).slice(1)) counts[table] = (counts[table] ?? 0) + 1
  return joinEvents(counts)
}
/** Events wait in the main database until a server moves them to the store. */
const joinEvents = ({ events = 0, event_log = 0, ...counts }: Record<string, number>) => ({
  ...counts,
  events: events + event_log,
})
/** The old program is in place, data are as they were, and nothing is left that was kept aside. */
const expectUntouched = async (before: unknown[]) => {
  expect(readFileSync(program, 'utf8')).toContain('annolith 0.1.0')
  expect(await readAll()).toEqual(before)
  expect(readFileSync(join(current.dataDir, 'assets/a'), 'utf8')).toBe('bytes')
  expect(readdirSync(current.dataDir).filter((name) => name.startsWith('upgrade'))).toEqual([])
  expect(existsSync(join(current.dataDir, 'annolith.lock'))).toBe(false)
}

test('a version that works takes the place of the old one', async () => {
  const steps: string[] = []
  expect(await upgrade(current, { ...options(makeArchive('0.2.0')), onStep: (words) => steps.push(words) })).toBe('0.2.0')
  expect(readFileSync(program, 'utf8')).toContain('annolith 0.2.0')
  expect(statSync(program).mode & 0o777).toBe(0o755)
  expect(readdirSync(current.dataDir).filter((name) => name.startsWith('upgrade'))).toEqual([])
  expect(steps).toContain('the new version works')
}, 60_000)

test('an archive of a release is unpacked', async () => {
  mkdirSync(join(folder, 'annolith-0.2.0'))
  writeProgram(join(folder, 'annolith-0.2.0/annolith'), '0.2.0')
  const archive = join(folder, 'x.tar.gz')
  expect(Bun.spawnSync(['tar', '-czf', archive, '-C', folder, 'annolith-0.2.0']).exitCode).toBe(0)
  addChecksum(archive)
  expect(await upgrade(current, options(archive))).toBe('0.2.0')
}, 60_000)

const refused: [what: string, make: () => string, words: string][] = [
  ['no such file', () => join(folder, 'none'), 'there is no file'],
  [
    'no checksum',
    () => {
      const path = makeArchive('0.2.0')
      rmSync(`${path}.sha256`)
      return path
    },
    '.sha256 beside the archive',
  ],
  [
    'a wrong checksum',
    () => {
      const path = makeArchive('0.2.0')
      writeFileSync(path, '#!/bin/sh\necho annolith 0.2.0')
      return path
    },
    'damaged or not what was released',
  ],
  ['an older version', () => makeArchive('0.0.9'), 'older than 0.1.0'],
  [
    'another program',
    () => {
      const path = join(folder, 'other')
      writeFileSync(path, '#!/bin/sh\necho hello\n')
      addChecksum(path)
      return path
    },
    'another program',
  ],
  [
    'a program for another machine',
    () => {
      const path = join(folder, 'arm')
      writeFileSync(path, '\x7fELF nonsense')
      addChecksum(path)
      return path
    },
    'does not run on this machine',
  ],
  [
    'an archive without a program',
    () => {
      const path = join(folder, 'empty.tar.gz')
      writeFileSync(join(folder, 'readme'), 'x')
      Bun.spawnSync(['tar', '-czf', path, '-C', folder, 'readme'])
      addChecksum(path)
      return path
    },
    'holds no program',
  ],
]
for (const [what, make, words] of refused)
  test(`${what}: refused, nothing is touched`, async () => {
    const before = await readAll()
    await expect(upgrade(current, options(make()))).rejects.toThrow(words)
    await expectUntouched(before)
  })

const broken: [what: string, spoil: string, words: string][] = [
  ['whose migration fails', '[ "$1" != migrate ] || { echo "no such column" >&2; exit 1; }', 'no such column'],
  ['that does not start', '[ "$1" != serve ] || { echo "cannot listen" >&2; exit 1; }', 'cannot listen'],
]
for (const [what, spoil, words] of broken)
  test(`a version ${what}: the old one and its data are back`, async () => {
    const before = await readAll()
    await expect(upgrade(current, options(makeArchive('0.2.0', spoil)))).rejects.toThrow(words)
    await expectUntouched(before)
    expect(runOld('migrate')).toMatchObject({ exitCode: 0 })
  }, 60_000)

test('a version whose migration changed the tables before it failed: the tables are back', async () => {
  const before = await readAll()
  const spoil = `[ "$1" != serve ] || { ${dropTable()}; exit 1; }`
  await expect(upgrade(current, options(makeArchive('0.2.0', `cd ${root}\n${spoil}`)))).rejects.toThrow('are back')
  await expectUntouched(before)
}, 60_000)

const killed = (...args: string[]) => {
  const script = join(import.meta.dir, 'killed-upgrade.ts')
  return Bun.spawnSync([process.execPath, script, ...args], { env: environment() }).signalCode
}
/** After a kill: no server starts, the way back leads to what was before, and a second try succeeds. */
const expectWayBack = async (before: unknown[], archive: string) => {
  expect(runOld('serve', '--port', '1').words).toContain('upgrade --rollback')
  expect(await rollBack(current)).toMatchObject({ from: '0.1.0', to: '0.2.0' })
  rmSync(join(current.dataDir, 'upgrade-unpacked'), { recursive: true, force: true })
  rmSync(join(current.dataDir, 'annolith.lock'), { force: true })
  await expectUntouched(before)
  expect(await upgrade(current, options(archive))).toBe('0.2.0')
}

for (const step of ['begun', 'saved', 'swapped', 'migrated'] as const)
  test(`killed when it was ${step}: no server starts on it, and it can be gone back on`, async () => {
    const before = await readAll()
    const archive = makeArchive('0.2.0')
    expect(killed(step, archive, program)).toBe('SIGKILL')
    expect(readJournal(current.dataDir)?.step).toBe(step)
    await expectWayBack(before, archive)
  }, 120_000)

/** A line of shell that changes the tables as a migration would. */
const dropTable = () =>
  isPostgres
    ? `${process.execPath} -e "const c = require('postgres')(process.env.DATABASE_URL); await c.unsafe('drop table webhooks cascade'); await c.end()"`
    : `${process.execPath} -e "new (require('bun:sqlite').Database)('$ANNOLITH_DATA_DIR/annolith.db').exec('drop table webhooks')"`

for (const [when, command, reached] of [
  ['while the tables changed', 'migrate', 'swapped'],
  ['while the new version was tried', 'serve', 'migrated'],
] as const)
  test(`killed ${when}: no server starts on it, and it can be gone back on`, async () => {
    const before = await readAll()
    const bad = makeArchive(
      '0.2.0',
      `cd ${root}\n[ "$1" != ${command} ] || ! grep -q killed-upgrade /proc/$PPID/cmdline || { ${dropTable()}; kill -9 $PPID; exit 1; }`,
    )
    // The new program kills the upgrade whose child it is.
    expect(killed('none', bad, program)).toBe('SIGKILL')
    expect(readJournal(current.dataDir)?.step).toBe(reached)
    await expectWayBack(before, makeArchive('0.2.0'))
  }, 120_000)

for (const step of ['rows', 'program'] as const)
  test(`killed while it went back, after the ${step}: going back once more ends it`, async () => {
    const before = await readAll()
    const archive = makeArchive('0.2.0')
    expect(killed('migrated', archive, program)).toBe('SIGKILL')
    expect(killed(step)).toBe('SIGKILL')
    await expectWayBack(before, archive)
  }, 120_000)

for (const state of [1, countStates() - 2])
  test(`data of an older version (${state} of ${countStates()} migrations) are upgraded directly, with every row`, async () => {
    const create = ['user', 'create', '--username', 'first', '--superuser', '--password-stdin']
    const made = Bun.spawnSync([program, ...create], { env: environment(), stdin: Buffer.from('good-enough-1') })
    expect([made.exitCode, made.stderr.toString()]).toEqual([0, ''])
    const now = current.databaseUrl ? { url: current.databaseUrl } : { folder: current.dataDir }
    const dataDir = join(folder, 'older')
    mkdirSync(dataDir)
    const older = isPostgres ? await createEmptyDatabase(config().databaseUrl) : { folder: dataDir }
    const counts = joinEvents(await writeOlderDatabase(now, older, state))
    current = { ...current, dataDir, ...('url' in older && { databaseUrl: older.url }) }
    const before = await countRows()
    expect(before).toEqual(counts)
    expect(await upgrade(current, options(makeArchive('0.3.0')))).toBe('0.3.0')
    expect(await countRows()).toMatchObject(counts)
    expect(runOld('migrate').exitCode).toBe(0)
    const migrations = (await readAll())[0] as string[]
    expect(migrations.filter((name) => !name.startsWith('events/')).length).toBe(countStates())
  }, 60_000)

test.skipIf(!Bun.which('openssl'))(
  'a server that speaks TLS is upgraded, and asked by TLS whether it works',
  async () => {
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
    const make = `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=annotate.example -keyout ${key} -out ${cert}`
    expect(Bun.spawnSync(make.split(' ')).exitCode).toBe(0)
    writeFileSync(join(current.dataDir, 'annolith.toml'), `tls_cert = "${cert}"\ntls_key = "${key}"\n`)
    current = { ...current, tls_cert: cert, tls_key: key }
    expect(await upgrade(current, options(makeArchive('0.2.0')))).toBe('0.2.0')
    // A version that cannot use the certificate is gone back on.
    const before = await readAll()
    const spoil = `[ "$1" != serve ] || echo broken >${cert}`
    await expect(upgrade(current, { ...options(makeArchive('0.3.0', spoil)), version: '0.2.0' })).rejects.toThrow(
      'are no certificate',
    )
    expect([readFileSync(program, 'utf8').includes('annolith 0.2.0'), await readAll()]).toEqual([true, before])
  },
  120_000,
)

test('versions are compared by their numbers', () => {
  expect([isOlder('0.9.0', '0.10.0'), isOlder('1.0.0', '1.0.0'), isOlder('2.0.0', '1.9.9')]).toEqual([true, false, false])
})
