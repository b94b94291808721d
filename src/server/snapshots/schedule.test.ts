// The server backs itself up by its time table: each time once, however many servers there are; a full target costs nothing that was there.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBareTask, createPerson } from '../../../tests/api'
import { type Config, ConfigError, config, readConfig, setConfig } from '../config'
import { isPostgres } from '../db/dialect'
import { createEmptyDatabase } from '../db/transfer/empty-database'
import * as queue from '../queue/queue'
import { addDueBackup, choreOf } from './schedule'
import {
  backUpNow,
  findNextBackup,
  holdTarget,
  keepBackupSchedule,
  listSnapshots,
  openTarget,
  placeOf,
  readBackupStatus,
  startBackup,
  verifyBackup,
  writeSnapshot,
} from './service'

const initial = config()
const folder = mkdtempSync(join(tmpdir(), 'annolith-schedule-'))
const target = join(folder, 'kept')
const withConfig = async <T>(changes: Partial<Config>, work: () => Promise<T>): Promise<T> => {
  setConfig({ ...initial, ...changes })
  try {
    return await work()
  } finally {
    setConfig(initial)
  }
}
const nightly: Partial<Config> = { backup_target: target, backup_schedule: '30 2 * * *', backup_keep: 2 }

beforeAll(async () => {
  await createBareTask(await createPerson())
})
afterAll(async () => {
  await queue.closeQueue()
  rmSync(folder, { recursive: true, force: true })
})

test('the next time is that of the time table', () => {
  const after = (text: string, schedule: string) => findNextBackup(new Date(text), schedule)?.toISOString()
  expect(after('2026-01-31T02:29:59Z', '30 2 * * *')).toBe('2026-01-31T02:30:00.000Z')
  expect(after('2026-01-31T02:30:00Z', '30 2 * * *')).toBe('2026-02-01T02:30:00.000Z')
  expect(after('2026-01-31T02:30:00Z', '0 4 * * SUN')).toBe('2026-02-01T04:00:00.000Z')
  expect(after('2026-01-31T02:30:00Z', '@hourly')).toBe('2026-01-31T03:00:00.000Z')
  expect(after('2026-01-31T02:30:00Z', '')).toBeUndefined()
})

test.each(['every night', '61 2 * * *', '30 2 * *', '31 2 30 2 *'])('"%s" is no time table, and is refused', (text) => {
  const read = () => readConfig({}, { ANNOLITH_BACKUP_SCHEDULE: text, ANNOLITH_BACKUP_TARGET: target })
  expect(read).toThrow(ConfigError)
  expect(read).toThrow(`ANNOLITH_BACKUP_SCHEDULE must be a time table such as "30 2 * * *" or @daily, not "${text}"`)
})

test('a time table without a place is refused', () =>
  expect(() => readConfig({}, { ANNOLITH_BACKUP_SCHEDULE: '@daily' })).toThrow('needs ANNOLITH_BACKUP_TARGET'))

const countRuns = async () => (await queue.stats(500)).recent.filter(({ name }) => name === 'back-up-server').length

test('what is due is added once, although several servers look at the clock', () =>
  withConfig(nightly, async () => {
    const base = new Date('2026-01-30T02:30:01Z')
    expect(await addDueBackup(base, new Date('2026-01-31T02:29:59Z'))).toBeUndefined()
    const due = choreOf(new Date('2026-01-31T02:30:00Z'))
    const before = await countRuns()
    expect(await addDueBackup(base, new Date('2026-01-31T02:30:00Z'))).toBe(due)
    expect(await addDueBackup(base, new Date('2026-01-31T02:30:02Z'))).toBe(due)
    expect(await addDueBackup(new Date('2026-01-31T02:20:00Z'), new Date('2026-01-31T02:31:00Z'))).toBe(due)
    expect(await countRuns()).toBe(before + 1)
    await queue.cancel(due)
  }))

test('times that a server slept through are made up for by one backup', () =>
  withConfig(nightly, async () => {
    const before = await countRuns()
    const id = await addDueBackup(new Date('2020-01-01T00:00:00Z'), new Date('2026-01-31T12:00:00Z'))
    expect([id, await countRuns()]).toEqual([choreOf(new Date('2026-01-31T02:30:00Z')), before + 1])
    await queue.cancel(id!)
  }))

test('a server that starts makes up for what it slept through, and one without a time table begins nothing', async () => {
  const late = { ...nightly, backup_target: join(folder, 'late'), backup_schedule: '@hourly' }
  await withConfig(late, async () => {
    const now = new Date(Date.now() - 2 * 3_600_000)
    const place = placeOf(config())
    await writeSnapshot(await openTarget(late.backup_target!), { place, dataDir: initial.dataDir, version: '0.0.1', now })
    const before = await countRuns()
    const stop = keepBackupSchedule()
    while ((await countRuns()) === before) await Bun.sleep(10)
    stop()
    expect(await countRuns()).toBe(before + 1)
    const status = await readBackupStatus()
    expect(status.running).toMatchObject({ state: 'waiting' })
    await queue.cancel(status.running!.id)
  })
  const before = await countRuns()
  keepBackupSchedule()()
  expect(await countRuns()).toBe(before)
})

test('the status tells where, when, what there is, and what failed', () =>
  withConfig(nightly, async () => {
    expect(await readBackupStatus()).toMatchObject({ target, schedule: '30 2 * * *', keep: 2, snapshots: [] })
    const made = []
    for (let i = 0; i < 3; i++) made.push((await backUpNow()).snapshot.id)
    const status = await readBackupStatus()
    expect(status.snapshots.map(({ id }) => id)).toEqual([made[2]!, made[1]!])
    expect(status.next!.getTime()).toBeGreaterThan(Date.now())
    expect(await verifyBackup(made[2]!)).toEqual([])
    const id = await startBackup()
    expect(await startBackup()).toBe(id)
    expect((await readBackupStatus()).running).toMatchObject({ id, state: 'waiting' })
    const working = await queue.work(() => Promise.reject(new Error('the disk is on fire')), {
      lanes: ['backups'],
      concurrency: 1,
    })
    while (!(await readBackupStatus()).failure) await Bun.sleep(20)
    await working.stop()
    expect((await readBackupStatus()).failure).toMatchObject({ message: 'the disk is on fire' })
  }))

test('a target that cannot be read is told, not thrown', () =>
  withConfig({ ...nightly, backup_target: 'gopher://x' }, async () =>
    expect((await readBackupStatus()).trouble).toContain('neither a folder nor an s3:// address'),
  ))

test('the chore makes a backup, and keeps as many as configured', () =>
  withConfig({ ...nightly, backup_keep: 1 }, async () => {
    const { backUpServer } = await import('../../workers/back-up-server')
    const said: string[] = []
    await backUpServer({
      payload: {},
      report: (_, words) => void said.push(words ?? ''),
      signal: new AbortController().signal,
    })
    expect((await listSnapshots(await openTarget(target))).length).toBe(1)
    expect(said.some((words) => words.includes('rows of'))).toBe(true)
  }))

test('a backup that finds another one at work waits for it', () =>
  withConfig(nightly, async () => {
    const { backUpServer } = await import('../../workers/back-up-server')
    const handling = { payload: {}, report: () => {}, signal: new AbortController().signal }
    await holdTarget(await openTarget(target), async () => {
      await expect(backUpServer(handling)).rejects.toBeInstanceOf(queue.RetryLater)
    })
  }))

/** Whether this account may mount a small file system of its own. */
const canMount =
  Bun.spawnSync(['unshare', '--mount', '--map-root-user', 'mount', '-t', 'tmpfs', '-o', 'size=1m', 'none', folder]).exitCode === 0

test.skipIf(!canMount)(
  'a disk that is full takes no backup, and keeps the one that it has',
  async () => {
    // What other tests of this run have written would fill the disk at once.
    const place = isPostgres ? await createEmptyDatabase(initial.databaseUrl) : undefined
    const dataDir = join(folder, 'server')
    const disk = join(folder, 'disk')
    for (const path of [join(dataDir, 'data/1/raw'), disk]) mkdirSync(path, { recursive: true })
    const program = `${process.execPath} ${join(import.meta.dir, '../../main.ts')}`
    const large = join(dataDir, 'data/1/raw/large.bin')
    writeFileSync(join(folder, 'noise'), crypto.getRandomValues(new Uint8Array(64 * 1024)))
    const script = `set -eu
mount -t tmpfs -o size=600k none ${disk}
${program} migrate >${folder}/out
${program} backup create ${disk} >${folder}/out
used() { df --output=used ${disk} | tail -n 1; }
before=$(used)
for i in $(seq 20); do cat ${folder}/noise >>${large}; done
if ${program} backup create ${disk}; then echo "it was written"; exit 1; fi
echo "used $(( $(used) - before ))"
${program} backup list ${disk} --json
${program} backup verify ${disk}
rm ${large}
${program} backup create ${disk} --keep 1`
    const { NODE_ENV: _, ...inherited } = process.env
    const { exitCode, stdout, stderr } = Bun.spawnSync(['unshare', '--mount', '--map-root-user', 'bash', '-c', script], {
      env: { ...inherited, ANNOLITH_DATA_DIR: dataDir, ...(place && 'url' in place && { DATABASE_URL: place.url }) },
    })
    const [used, list, verified] = stdout.toString().split('\n')
    expect([exitCode, stderr.toString()]).toEqual([
      0,
      `annolith: ${disk} is full: no backup was made, older ones are as they were\n`,
    ])
    expect([used, JSON.parse(list!).length]).toEqual(['used 0', 1])
    expect(verified).toContain('is whole')
  },
  60_000,
)
