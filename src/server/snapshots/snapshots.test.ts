// A backup of the whole server brings back every row and byte, on both databases and from one to the other; what interrupts it loses nothing.
import { Database } from 'bun:sqlite'
import { afterAll, beforeAll, expect, test } from 'bun:test'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBareTask, createPerson } from '../../../tests/api'
import { config } from '../config'
import { isPostgres } from '../db/dialect'
import { copyRows } from '../db/transfer/copy-rows'
import { createEmptyDatabase } from '../db/transfer/empty-database'
import { writeOlderDatabase } from '../db/transfer/older-database'
import { openRows } from '../db/transfer/read-rows'
import type { Place } from '../db/transfer/tables'
import { openDisk } from '../storage/disk'
import { openTransport } from '../storage/object-http'
import { openObjectStorage } from '../storage/object-storage'
import { openObjectStore } from '../storage/object-store'
import { openShared } from '../storage/shared-bucket'
import { standIns } from '../storage/stand-ins'
import type { Storage } from '../storage/storage'
import { isHalfRestored, listSnapshots, pruneSnapshots, restoreSnapshot, verifySnapshot, writeSnapshot } from './service'

const folder = mkdtempSync(join(tmpdir(), 'annolith-snapshots-'))
const { dataDir, databaseUrl } = config()
const here: Place = databaseUrl ? { url: databaseUrl } : { folder: dataDir }
const options = { place: here, dataDir, version: '0.0.1' }
let made = 0
const makeFolder = () => join(folder, String(++made))
const makeEmpty = () => {
  const path = makeFolder()
  mkdirSync(path)
  return path
}
const makeDatabase = (): Promise<Place> =>
  isPostgres ? createEmptyDatabase(databaseUrl) : Promise.resolve({ folder: makeEmpty() })

const video = join(dataDir, 'data/990/raw/video.bin')
beforeAll(async () => {
  const person = await createPerson()
  const organization = await person.call('POST', '/api/organizations', {
    body: { slug: `snap-${process.pid}`, name: 'Übung 🙂' },
  })
  expect(organization.status).toBe(201)
  const { jobs, labels } = await createBareTask(person, {
    labels: [
      {
        name: 'car',
        attributes: [{ name: 'color', mutable: true, input_type: 'select', default_value: 'red', values: ['red', 'blue'] }],
      },
    ],
  })
  const attributes = [{ spec_id: labels[0]!.attributes[0]!.id!, value: 'blue' }]
  const shapes = Array.from({ length: 50 }, (_, i) => ({
    type: 'polygon',
    frame: i % 10,
    label_id: labels[0]!.id,
    points: [0.1 + i, 1 / 3, 5, 5, 9, 1],
    attributes,
  }))
  const track = {
    frame: 0,
    label_id: labels[0]!.id,
    shapes: [{ frame: 0, type: 'rectangle', points: [1, 1, 2, 2], outside: false }],
  }
  const saved = await person.call('PATCH', `/api/jobs/${jobs[0]!.id}/annotations?action=create`, {
    body: { shapes, tracks: [track], tags: [] },
  })
  expect(saved.status).toBe(200)
  mkdirSync(join(video, '..'), { recursive: true })
  writeFileSync(video, crypto.getRandomValues(new Uint8Array(60_000)))
  writeFileSync(join(dataDir, 'secrets/of-the-test'), 'secret', { mode: 0o600 })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Every row of every table, as text. */
const readAll = async (place: Place): Promise<Record<string, string[]>> => {
  const source = await openRows(place)
  try {
    const tables: Record<string, string[]> = {}
    for (const table of source.tables) {
      const rows: string[] = []
      for await (const row of source.rows(table)) rows.push(JSON.stringify(row))
      tables[table.name] = [`last id ${await source.lastId(table)}`, ...rows.sort()]
    }
    return tables
  } finally {
    await source.close()
  }
}

const listFiles = (root: string): string[] =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(root, name)).isFile())
    .sort()

test('a backup restored elsewhere has every row, every byte, and the rights of the files', async () => {
  const target = openDisk(makeFolder())
  const snapshot = await writeSnapshot(target, options)
  expect(snapshot.tables.find(({ name }) => name === 'shapes')?.rows).toBeGreaterThanOrEqual(50)
  expect(await verifySnapshot(target, snapshot)).toEqual([])
  const restored = makeFolder()
  mkdirSync(restored)
  const place = isPostgres ? await makeDatabase() : { folder: restored }
  await restoreSnapshot(target, snapshot, { dataDir: restored, ...('url' in place && { toPostgres: place.url }) })
  expect(await readAll(place)).toEqual(await readAll(here))
  expect(readFileSync(join(restored, 'data/990/raw/video.bin')).equals(readFileSync(video))).toBe(true)
  expect(statSync(join(restored, 'secrets/of-the-test')).mode & 0o777).toBe(0o600)
  expect(statSync(join(restored, 'secrets')).mode & 0o777).toBe(0o700)
  expect(isHalfRestored(restored)).toBe(false)
})

test('unchanged files are not copied again, and contents that nobody needs go with the last backup that had them', async () => {
  const root = makeFolder()
  const target = openDisk(root)
  const first = await writeSnapshot(target, { ...options, now: new Date(1) })
  const objects = () => listFiles(join(root, 'objects')).length
  const before = objects()
  expect(first.copied).toBe(before)
  const extra = join(dataDir, 'data/990/raw/extra.bin')
  writeFileSync(extra, 'more')
  const second = await writeSnapshot(target, { ...options, now: new Date(2) })
  expect([second.copied, objects()]).toEqual([1, before + 1])
  rmSync(extra)
  await writeSnapshot(target, { ...options, now: new Date(3) })
  expect(await pruneSnapshots(target, 1)).toEqual({ snapshots: 2, objects: 1 })
  expect((await listSnapshots(target)).map(({ created }) => created)).toEqual([new Date(3).toISOString()])
  expect(await verifySnapshot(target, (await listSnapshots(target))[0]!)).toEqual([])
})

test('rows go to the other database and back without a change', async () => {
  const file = { folder: makeEmpty() }
  const back = await makeDatabase()
  await copyRows(here, file)
  await copyRows(file, back)
  expect(await readAll(back)).toEqual(await readAll(here))
  if (isPostgres) expect(await readAll(file)).toEqual(await readAll(here))
})

test('a new id after a restore is not one that was given before', async () => {
  const place = await makeDatabase()
  await copyRows(here, place)
  expect((await readAll(place)).tasks![0]).toBe((await readAll(here)).tasks![0]!)
})

test('data are never overwritten: neither files nor rows', async () => {
  const target = openDisk(makeFolder())
  const snapshot = await writeSnapshot(target, options)
  const used = makeFolder()
  mkdirSync(join(used, 'data/1'), { recursive: true })
  expect(restoreSnapshot(target, snapshot, { dataDir: used })).rejects.toThrow('holds data already')
  const place = await makeDatabase()
  await copyRows(here, place)
  expect(copyRows(here, place)).rejects.toThrow(/already/)
})

test('a backup of a newer version is refused by the names of what it knows more', async () => {
  const target = openDisk(makeFolder())
  const snapshot = await writeSnapshot(target, options)
  const restored = makeFolder()
  mkdirSync(restored)
  const newer = { ...snapshot, migrations: [...snapshot.migrations, '9999_future.sql'] }
  const place = isPostgres ? await makeDatabase() : undefined
  const work = restoreSnapshot(target, newer, { dataDir: restored, ...(place && 'url' in place && { toPostgres: place.url }) })
  await expect(work).rejects.toThrow('9999_future.sql')
  expect(readdirSync(restored)).toEqual([])
})

const damages: [string, (root: string, id: string) => void][] = [
  ['a content that is cut off', (root) => truncateSync(join(root, 'objects', listFiles(join(root, 'objects')).at(-1)!), 3)],
  ['a content that is missing', (root) => rmSync(join(root, 'objects', listFiles(join(root, 'objects'))[0]!))],
  ['a table that is cut off', (root, id) => truncateSync(join(root, 'snapshots', id, 'tables/shapes.jsonl.zst'), 40)],
  ['a table that is missing', (root, id) => rmSync(join(root, 'snapshots', id, 'tables/shapes.jsonl.zst'))],
]
for (const [what, damage] of damages)
  test(`${what} is found by verifying, and a restore leaves nothing behind`, async () => {
    const root = makeFolder()
    const target = openDisk(root)
    const snapshot = await writeSnapshot(target, options)
    damage(root, snapshot.id)
    expect((await verifySnapshot(target, snapshot)).length).toBeGreaterThan(0)
    const restored = makeFolder()
    mkdirSync(restored)
    const place = isPostgres ? await makeDatabase() : undefined
    await expect(
      restoreSnapshot(target, snapshot, { dataDir: restored, ...(place && 'url' in place && { toPostgres: place.url }) }),
    ).rejects.toThrow()
    expect(existsSync(join(restored, 'annolith.db'))).toBe(false)
    expect(readdirSync(restored)).toEqual([])
  })

test('data of a newer version are refused by every command that would touch them, and stay as they are', async () => {
  const dataDir = makeEmpty()
  const newer = isPostgres ? await makeDatabase() : { folder: dataDir }
  await copyRows(here, newer)
  const url = 'url' in newer ? newer.url : ''
  if (isPostgres) {
    const { default: postgres } = await import('postgres')
    const client = postgres(url)
    await client.unsafe(`insert into annolith_migrations (name) values ('9999_of_tomorrow.sql')`)
    await client.end()
  } else {
    const db = new Database(join(dataDir, 'annolith.db'))
    db.exec(`insert into annolith_migrations (name) values ('9999_of_tomorrow.sql')`)
    db.close()
  }
  const before = await readAll(newer)
  for (const args of [['serve', '--port', '1'], ['migrate'], ['user', 'list'], ['backup', 'create', makeFolder()]]) {
    const { exitCode, stderr } = Bun.spawnSync([process.execPath, join(import.meta.dir, '../../main.ts'), ...args], {
      env: { ...process.env, ANNOLITH_DATA_DIR: dataDir, DATABASE_URL: url, REDIS_URL: '' },
    })
    expect([args[0], exitCode, stderr.toString()]).toEqual([
      args[0],
      1,
      'annolith: the data were written by a newer version of Annolith (9999_of_tomorrow.sql); install that version or a newer one\n',
    ])
  }
  expect(await readAll(newer)).toEqual(before)
}, 60_000)

for (const state of [1, 2, 4])
  test(`a backup of an older version (${state} migrations) is restored, and brought up to date with every row`, async () => {
    const older = await makeDatabase()
    const counts = await writeOlderDatabase(here, older, state)
    expect(counts.shapes).toBeGreaterThanOrEqual(50)
    const target = openDisk(makeFolder())
    const snapshot = await writeSnapshot(target, { ...options, place: older })
    expect(snapshot.migrations.filter((name) => !name.startsWith('events/')).length).toBe(state)
    const restored = makeEmpty()
    const place = isPostgres ? await makeDatabase() : { folder: restored }
    const url = 'url' in place ? place.url : ''
    await restoreSnapshot(target, snapshot, { dataDir: restored, ...(url && { toPostgres: url }) })
    const before = await readAll(place)
    const migrated = Bun.spawnSync([process.execPath, join(import.meta.dir, '../../main.ts'), 'migrate'], {
      env: { ...process.env, ANNOLITH_DATA_DIR: restored, DATABASE_URL: url, REDIS_URL: '' },
    })
    expect([migrated.exitCode, migrated.stderr.toString()]).toEqual([0, ''])
    const after = await readAll(place)
    expect(Object.keys(after)).toEqual(Object.keys(await readAll(here)))
    for (const [table, rows] of Object.entries(before)) expect([table, after[table]!.length]).toEqual([table, rows.length])
    expect(after.users).toEqual((await readAll(here)).users!)
  }, 60_000)

test('an interrupted restore is begun anew', async () => {
  const target = openDisk(makeFolder())
  const snapshot = await writeSnapshot(target, options)
  const restored = makeFolder()
  mkdirSync(join(restored, '.restoring/data'), { recursive: true })
  mkdirSync(join(restored, 'data/1/raw'), { recursive: true })
  expect(isHalfRestored(restored)).toBe(true)
  const place = isPostgres ? await makeDatabase() : { folder: restored }
  await restoreSnapshot(target, snapshot, { dataDir: restored, ...('url' in place && { toPostgres: place.url }) })
  expect(existsSync(join(restored, 'data/1'))).toBe(false)
  expect(existsSync(join(restored, 'data/990/raw/video.bin'))).toBe(true)
})

test('a target that takes nothing more leaves no backup, and says why', async () => {
  const disk = openDisk(makeFolder())
  const full: Storage = {
    ...disk,
    put: (name, content, how) =>
      name.includes('/tables/') ? Promise.reject(new Error('ENOSPC: no space left on device')) : disk.put(name, content, how),
  }
  await expect(writeSnapshot(full, options)).rejects.toThrow('no space left')
  expect(await listSnapshots(disk)).toEqual([])
  expect((await writeSnapshot(disk, options)).copied).toBe(0)
})

test('a bucket keeps backups as a folder does', async () => {
  const s3 = await standIns.s3.start()
  try {
    await s3.createBucket('backups')
    const target = openObjectStorage(await openObjectStore(s3.locate('backups'), { transport: openTransport }), 'here/')
    const snapshot = await writeSnapshot(target, options)
    expect(await verifySnapshot(target, snapshot)).toEqual([])
    expect((await listSnapshots(target)).map(({ id }) => id)).toEqual([snapshot.id])
    const restored = makeFolder()
    mkdirSync(restored)
    const place = isPostgres ? await makeDatabase() : { folder: restored }
    await restoreSnapshot(target, snapshot, { dataDir: restored, ...('url' in place && { toPostgres: place.url }) })
    expect(readFileSync(join(restored, 'data/990/raw/video.bin')).equals(readFileSync(video))).toBe(true)
  } finally {
    await s3.stop()
  }
}, 60_000)

test('media that several hosts share in a bucket are in the backup, and are restored into another bucket', async () => {
  const s3 = await standIns.s3.start()
  try {
    for (const name of ['media', 'other']) await s3.createBucket(name)
    const openMedia = (name: string) =>
      openShared({
        open: async () => ({ store: await openObjectStore(s3.locate(name), { transport: openTransport }), prefix: 'here/' }),
        folder: makeEmpty(),
        maxBytes: 1 << 30,
      })
    const [media, other] = [openMedia('media'), openMedia('other')]
    const bytes = crypto.getRandomValues(new Uint8Array(70_000))
    await media.put('data/1/raw/a.bin', bytes)
    await media.put('assets/1/b.bin', 'picture')
    await media.put('results/old.zip', 'not kept')
    const target = openDisk(makeFolder())
    const shared = { ...options, shared: media }
    const first = await writeSnapshot(target, { ...shared, now: new Date(1) })
    expect(await verifySnapshot(target, first)).toEqual([])
    expect((await writeSnapshot(target, { ...shared, now: new Date(2) })).copied).toBe(0)
    const restored = makeEmpty()
    const place = isPostgres ? await makeDatabase() : { folder: restored }
    const into = { dataDir: restored, shared: other, ...('url' in place && { toPostgres: place.url }) }
    await restoreSnapshot(target, first, into)
    expect(await Array.fromAsync(other.list('data'))).toEqual(['data/1/raw/a.bin'])
    expect(await other.get('data/1/raw/a.bin')).toEqual(bytes)
    expect(await Array.fromAsync(other.list('results'))).toEqual([])
    expect([existsSync(join(restored, 'data/1')), isHalfRestored(restored)]).toEqual([false, false])
    expect(readFileSync(join(restored, 'secrets/of-the-test'), 'utf8')).toBe('secret')
    const again = { ...into, dataDir: makeEmpty() }
    await expect(restoreSnapshot(target, first, again)).rejects.toThrow('holds data already')
    // One that broke off keeps its mark, and is begun anew.
    await other.remove('data')
    const damaged = openDisk(makeFolder())
    const broken = await writeSnapshot(damaged, shared)
    const [object] = readdirSync(damaged.localPath('objects'), { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.length > 60,
    )
    const path = damaged.localPath(`objects/${object}`)
    const whole = readFileSync(path)
    writeFileSync(path, 'x')
    const half = {
      ...into,
      dataDir: makeEmpty(),
      ...(isPostgres && { toPostgres: ((await makeDatabase()) as { url: string }).url }),
    }
    await expect(restoreSnapshot(damaged, broken, half)).rejects.toThrow('damaged')
    expect(isHalfRestored(half.dataDir)).toBe(true)
    writeFileSync(path, whole)
    await restoreSnapshot(damaged, broken, half)
    expect(await other.get('data/1/raw/a.bin')).toEqual(bytes)
  } finally {
    await s3.stop()
  }
}, 60_000)
