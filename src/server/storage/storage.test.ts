// Walks the storage contract on every driver, and checks the names that are refused.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDisk } from './disk'
import { openTransport } from './object-http'
import { openObjectStorage } from './object-storage'
import { openObjectStore } from './object-store'
import { openShared } from './shared-bucket'
import { isInstalled, standIns } from './stand-ins'
import { checkName, type Storage, StorageError } from './storage'

const folder = mkdtempSync(join(tmpdir(), 'annolith-storage-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Driver = { open: () => Promise<{ storage: Storage; stop?: () => Promise<void> }>; skip?: boolean }

const inBucket = (name: keyof typeof standIns): Driver => ({
  skip: !isInstalled(name),
  open: async () => {
    const { locate, createBucket, stop } = await standIns[name].start()
    await createBucket('files')
    const store = await openObjectStore(locate('files'), { transport: openTransport })
    return { storage: openObjectStorage(store, 'annolith/'), stop }
  },
})

const drivers: Record<string, Driver> = {
  disk: { open: async () => ({ storage: openDisk(join(folder, 'root')) }) },
  s3: inBucket('s3'),
  shared: {
    skip: !isInstalled('s3'),
    open: async () => {
      const { locate, createBucket, stop } = await standIns.s3.start()
      await createBucket('files')
      const open = async () => ({
        store: await openObjectStore(locate('files'), { transport: openTransport }),
        prefix: 'annolith/',
      })
      const shared = openShared({ open, folder: join(folder, 'host'), maxBytes: 2 ** 20 })
      return { storage: inFolder(shared, 'data/'), stop }
    },
  },
  azure: inBucket('azure'),
  gcs: inBucket('gcs'),
}
/** The same contract below a folder. */
const inFolder = (storage: Storage, prefix: string): Storage => ({
  ...storage,
  put: async (name, ...rest) => storage.put(prefix + checkName(name), ...rest),
  adopt: (name, ...rest) => storage.adopt(prefix + checkName(name), ...rest),
  get: async (name) => storage.get(prefix + checkName(name)),
  stream: (name, range) => storage.stream(prefix + checkName(name), range),
  stat: (name) => storage.stat(prefix + checkName(name)),
  list: async function* (name) {
    for await (const one of storage.list(prefix.slice(0, name ? undefined : -1) + name)) yield one.slice(prefix.length)
  },
  move: (from, to) => storage.move(prefix + checkName(from), prefix + checkName(to)),
  remove: (name) => storage.remove(prefix + checkName(name)),
  local: (name) => storage.local(prefix + checkName(name)),
  localPath: (name) => storage.localPath(prefix + checkName(name)),
})
const namesOf = async (storage: Storage, below: string) => (await Array.fromAsync(storage.list(below))).sort()
const textOf = async (stream: Promise<ReadableStream<Uint8Array>>) => new Response(await stream).text()

for (const [driver, { open, skip = false }] of Object.entries(drivers)) {
  describe.skipIf(skip)(driver, () => {
    let storage: Storage
    let stop: (() => Promise<void>) | undefined
    beforeAll(async () => {
      ;({ storage, stop } = await open())
    }, 60_000)
    afterAll(() => stop?.())

    test('keeps what is put, whole or by range', async () => {
      await storage.put('a/text', 'hello world')
      expect(new TextDecoder().decode(await storage.get('a/text'))).toBe('hello world')
      expect((await storage.stat('a/text'))?.size).toBe(11)
      expect(await textOf(storage.stream('a/text'))).toBe('hello world')
      expect(await textOf(storage.stream('a/text', { start: 6 }))).toBe('world')
      expect(await textOf(storage.stream('a/text', { start: 0, end: 5 }))).toBe('hello')
      expect(await textOf(storage.stream('a/text', { start: 50 }))).toBe('')
    })

    test('takes bytes, blobs and streams, and replaces', async () => {
      await storage.put('b', new Uint8Array([1, 2]))
      await storage.put('b', new Blob(['three']))
      expect(await textOf(storage.stream('b'))).toBe('three')
      await storage.put('b', new Blob(['four', '4'.repeat(200_000)]).stream(), { sync: false })
      expect((await storage.stat('b'))?.size).toBe(200_004)
    })

    test('a failing source leaves the old file and no rest', async () => {
      await storage.put('c/x', 'old')
      const failing = new ReadableStream<Uint8Array>({
        pull(controller) {
          controller.error(new Error('cut off'))
        },
      })
      await expect(storage.put('c/x', failing)).rejects.toThrow('cut off')
      expect(await textOf(storage.stream('c/x'))).toBe('old')
      expect(await namesOf(storage, 'c')).toEqual(['c/x'])
      if (driver === 'disk') expect(readdirSync(join(folder, 'root/c'))).toEqual(['x'])
    })

    test('adopts a local file', async () => {
      const local = join(folder, 'upload')
      writeFileSync(local, 'bytes')
      await storage.adopt('d/e/f', local)
      expect(await textOf(storage.stream('d/e/f'))).toBe('bytes')
      expect(await Bun.file(local).exists()).toBe(false)
    })

    test('lists, moves and removes', async () => {
      await storage.put('l/1', '')
      await storage.put('l/m/2', '')
      expect(await namesOf(storage, 'l')).toEqual(['l/1', 'l/m/2'])
      expect(await namesOf(storage, '')).toContain('l/m/2')
      await storage.move('l/1', 'l/n/3')
      expect(await namesOf(storage, 'l')).toEqual(['l/m/2', 'l/n/3'])
      await storage.remove('l/m/2')
      await storage.remove('l/m/2')
      expect(await namesOf(storage, 'l')).toEqual(['l/n/3'])
      await storage.remove('l')
      expect(await namesOf(storage, 'l')).toEqual([])
    })

    test('a missing file is said to be missing', async () => {
      expect(await storage.stat('nothing')).toBeUndefined()
      expect(storage.get('nothing')).rejects.toThrow(StorageError)
      expect(storage.stream('nothing')).rejects.toThrow(StorageError)
      expect(storage.move('nothing', 'else')).rejects.toThrow(StorageError)
    })

    test('no operation leaves the root (CVE-2026-47682, GHSA-frpr-5w6q-hh4f)', async () => {
      for (const name of ['../x', 'a/../../x', '/etc/passwd', 'a\0b', 'C:/x', 'a\\..\\b']) {
        expect(storage.put(name, 'x')).rejects.toThrow(StorageError)
        expect(storage.get(name)).rejects.toThrow(StorageError)
        expect(() => storage.localPath(name)).toThrow(StorageError)
      }
    })
  })
}

test('names are reduced to their shortest form or refused', () => {
  expect(checkName('a//b/./c.jpg')).toBe('a/b/c.jpg')
  expect(checkName('..a/b..')).toBe('..a/b..')
  for (const name of ['', '.', './', 'a\nb', 'x'.repeat(256), 'a/'.repeat(1500)])
    expect(() => checkName(name)).toThrow(StorageError)
})
