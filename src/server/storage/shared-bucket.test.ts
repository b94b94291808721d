// Two hosts with one bucket: what one has stored the other reads, copies are never older than what they stand for, uploads go on anywhere.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openNewUpload, openUploadAt, readLastChange, readOffset, removeUploadBytes, uploadFile } from '../http/upload-bytes'
import { openTransport } from './object-http'
import { openObjectStore } from './object-store'
import { openShared } from './shared-bucket'
import { isInstalled, standIns } from './stand-ins'
import { type Storage, setStorage } from './storage'

describe.skipIf(!isInstalled('s3'))('a bucket that hosts share', () => {
  const folder = mkdtempSync(join(tmpdir(), 'annolith-shared-'))
  let stop: (() => Promise<void>) | undefined
  let openHost: (name: string, maxBytes?: number) => Storage
  beforeAll(async () => {
    const s3 = await standIns.s3.start()
    stop = s3.stop
    await s3.createBucket('hosts')
    const open = async () => ({ store: await openObjectStore(s3.locate('hosts'), { transport: openTransport }), prefix: 'p/' })
    openHost = (name, maxBytes = 2 ** 30) => openShared({ open, folder: join(folder, name), maxBytes })
  }, 60_000)
  afterAll(async () => {
    setStorage(undefined)
    rmSync(folder, { recursive: true, force: true })
    await stop?.()
  })
  const textOf = async (path: string) => Bun.file(path).text()

  test('what one host makes is a file of the other, with the same times; what is of one host stays there', async () => {
    const [one, other] = [openHost('one'), openHost('other')]
    writeFileSync(join(folder, 'made'), 'picture')
    await one.adopt('data/7/raw/a.jpg', join(folder, 'made'))
    const [here, there] = [await one.local('data/7/raw/a.jpg'), await other.local('data/7/raw/a.jpg')]
    expect([await textOf(here), await textOf(there)]).toEqual(['picture', 'picture'])
    expect(here).not.toBe(there)
    // Entity tags are made of the time.
    expect(statSync(here).mtimeMs).toBe(statSync(there).mtimeMs)
    await one.put('cache/x', 'own')
    expect([await textOf(await one.local('cache/x')), await other.stat('cache/x')]).toEqual(['own', undefined])
    expect(() => one.localPath('data/7/raw/a.jpg')).toThrow('lies in the bucket')
    await other.remove('data/7')
    expect(await one.stat('data/7/raw/a.jpg')).toBeUndefined()
    await expect(openHost('third').local('data/7/raw/a.jpg')).rejects.toThrow('there is no file')
  })

  test('a result that is written anew is read anew', async () => {
    const [one, other] = [openHost('one'), openHost('other')]
    await one.put('results/a.zip', 'first run')
    expect(await textOf(await other.local('results/a.zip'))).toBe('first run')
    await one.put('results/a.zip', 'a second run')
    expect(await textOf(await other.local('results/a.zip'))).toBe('a second run')
  })

  test('files of a host move by the store, and copies give way when there are too many', async () => {
    const host = openHost('small', 1000)
    await host.put('data/1/a', 'a'.repeat(600))
    await host.move('data/1/a', 'data/2/a')
    expect([(await host.stat('data/1/a'))?.size, (await host.stat('data/2/a'))?.size]).toEqual([undefined, 600])
    const old = await host.local('data/2/a')
    const long = new Date(Date.now() - 3_600_000)
    utimesSync(old, long, statSync(old).mtime)
    await host.put('data/2/b', 'b'.repeat(700))
    expect(existsSync(await host.local('data/2/b'))).toBe(true)
    expect(existsSync(old)).toBe(false)
    expect((await textOf(await host.local('data/2/a'))).length).toBe(600)
    expect(readdirSync(join(folder, 'small/cache/objects/.coming'))).toEqual([])
  })

  test('an upload goes on over another host where it was acknowledged, also when pieces overlap', async () => {
    const [one, other] = [openHost('one'), openHost('other')]
    const add = async (host: Storage, offset: number, text: string, isWhole = false) => {
      setStorage(host)
      const sink = offset ? await openUploadAt('1_up', offset) : await openNewUpload('1_up')
      await sink.write(new TextEncoder().encode(text))
      await sink.end(isWhole)
    }
    await add(one, 0, 'hello ')
    setStorage(other)
    expect(await readOffset('1_up')).toBe(6)
    // A piece beyond a hole does not count.
    await add(one, 20, 'far away')
    expect(await readOffset('1_up')).toBe(6)
    await one.remove('uploads/pieces-1_up/000000000000020')
    await add(other, 6, 'wor')
    await add(one, 6, 'world')
    await add(other, 8, 'rld, all', true)
    expect([await readOffset('1_up'), await textOf(await one.local(uploadFile('1_up')))]).toEqual([16, 'hello world, all'])
    expect(await Array.fromAsync(one.list('uploads'))).toEqual(['uploads/1_up'])
    expect(await readLastChange('1_up')).toBeInstanceOf(Date)
    await removeUploadBytes('1_up')
    expect(await readOffset('1_up')).toBe(0)
  })
})
