// A backup or a restore that is killed at any step loses nothing: older backups are whole, the next try finishes, no server starts on half a restore.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { createBareTask, createPerson } from '../../../tests/api'
import { config } from '../config'
import { isPostgres } from '../db/dialect'
import { createEmptyDatabase } from '../db/transfer/empty-database'
import { openRows } from '../db/transfer/read-rows'
import type { Place } from '../db/transfer/tables'
import { openDisk } from '../storage/disk'
import {
  backUpNow,
  holdTarget,
  isHalfRestored,
  listSnapshots,
  placeOf,
  restoreSnapshot,
  verifySnapshot,
  writeSnapshot,
} from './service'

setDefaultTimeout(60_000)

const folder = mkdtempSync(join(tmpdir(), 'annolith-killed-'))
const { dataDir, databaseUrl } = config()
const picture = join(dataDir, 'data/993/raw/picture.bin')
const root = join(folder, 'target')
const target = openDisk(root)
const write = () => writeSnapshot(target, { place: placeOf(config()), dataDir, version: '0.0.1' })

beforeAll(async () => {
  await createBareTask(await createPerson())
  mkdirSync(join(picture, '..'), { recursive: true })
  mkdirSync(join(dataDir, 'secrets'), { recursive: true })
  writeFileSync(join(dataDir, 'secrets/of-the-test'), 'secret', { mode: 0o600 })
  writeFileSync(picture, crypto.getRandomValues(new Uint8Array(200_000)))
  await write()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const environment = { ...process.env, ANNOLITH_DATA_DIR: dataDir, DATABASE_URL: databaseUrl, REDIS_URL: '' }
/** Runs until it is killed. */
const runKilled = (...args: string[]) => {
  const child = Bun.spawnSync([process.execPath, join(import.meta.dir, 'killed-run.ts'), ...args], { env: environment })
  expect([child.signalCode, child.stderr.toString()]).toEqual(['SIGKILL', ''])
}

const countRows = async (place: Place): Promise<Record<string, number>> => {
  const source = await openRows(place)
  try {
    const counts: Record<string, number> = {}
    for (const table of source.tables)
      for await (const _ of source.rows(table)) counts[table.name] = (counts[table.name] ?? 0) + 1
    return counts
  } finally {
    await source.close()
  }
}

for (const step of ['begun', 'files', 'rows', 'listed', 'finished'])
  test(`a backup killed when it was ${step}: others are whole, and the next one finishes and clears up`, async () => {
    const extra = join(dataDir, 'data/993/raw', `${step}.bin`)
    writeFileSync(extra, crypto.getRandomValues(new Uint8Array(50_000)))
    const before = await listSnapshots(target)
    runKilled('backup', step, '0', root, dataDir, '')
    const left = await listSnapshots(target)
    expect(left.length).toBe(before.length + (step === 'finished' ? 1 : 0))
    for (const snapshot of left) expect(await verifySnapshot(target, snapshot)).toEqual([])
    writeFileSync(join(root, 'objects/.tmp-of-the-killed'), 'half')
    const { snapshot } = await backUpNow({ target: root, keep: 2 })
    expect(await verifySnapshot(target, snapshot)).toEqual([])
    expect(readdirSync(join(root, 'snapshots')).length).toBe(2)
    const temporary = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
      basename(name).startsWith('.tmp-'),
    )
    expect([temporary, existsSync(join(root, 'busy.json'))]).toEqual([[], false])
  })

const steps: [step: string, times: number][] = [
  ['begun', 0],
  ['files', 0],
  ['ready', 0],
  ['placed', 0],
  ['placed', 1],
  ['placed', isPostgres ? 1 : 3],
  ['landed', 0],
]
for (const [step, times] of steps)
  test(`a restore killed when it was ${step} (${times} before): no server starts, and another restore brings everything`, async () => {
    const snapshot = await write()
    const restored = mkdtempSync(join(folder, 'restored-'))
    const place = isPostgres ? await createEmptyDatabase(databaseUrl) : { folder: restored }
    const url = 'url' in place ? place.url : ''
    runKilled('restore', step, String(times), root, restored, url)
    expect(isHalfRestored(restored)).toBe(true)
    const server = Bun.spawnSync([process.execPath, join(import.meta.dir, '../../main.ts'), 'serve', '--data-dir', restored], {
      env: { ...environment, DATABASE_URL: url, ANNOLITH_PORT: '1' },
    })
    expect(server.stderr.toString()).toContain('run annolith restore again')
    rmSync(join(restored, 'annolith.lock'), { force: true })
    await restoreSnapshot(target, snapshot, { dataDir: restored, ...(url && { toPostgres: url }) })
    expect(isHalfRestored(restored)).toBe(false)
    expect(readFileSync(join(restored, 'data/993/raw/picture.bin')).equals(readFileSync(picture))).toBe(true)
    expect(await countRows(place)).toEqual(await countRows(placeOf(config())))
  })

test('two never write to one target at a time, and a mark of a process that is gone holds nobody up', async () => {
  const place = openDisk(join(folder, 'shared'))
  const both = Promise.withResolvers<void>()
  const first = holdTarget(place, () => both.promise)
  while (!(await place.stat('busy.json'))) await Bun.sleep(1)
  await expect(holdTarget(place, async () => {})).rejects.toThrow('another backup is written there by process')
  both.resolve()
  await first
  expect(await holdTarget(place, async () => 'free')).toBe('free')
  await place.put('busy.json', JSON.stringify({ id: 'x', owner: 'elsewhere 1 2', beat: Date.now() }))
  await expect(holdTarget(place, async () => {})).rejects.toThrow('by process 1 on elsewhere')
  await place.put('busy.json', JSON.stringify({ id: 'x', owner: 'elsewhere 1 2', beat: Date.now() - 600_000 }))
  expect(await holdTarget(place, async () => 'free')).toBe('free')
  await place.put('busy.json', 'half a ma')
  expect(await holdTarget(place, async () => 'free')).toBe('free')
})
