// The cache's limit, its state after a restart, work done once, and files that vanish.
import { afterAll, expect, test } from 'bun:test'
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CacheKey, type MediaCache, openCache } from './cache'
import { makeFolder } from './make-test-video'

const folder = makeFolder('cache')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const key = (name: string): CacheKey => ({ key: name, extension: '.jpg' })
const put = (cache: MediaCache, name: string, bytes: number) =>
  cache.make([key(name)], async ([missing]) => writeFileSync(missing!.temporary, Buffer.alloc(bytes, name)))[0]!
const bytesIn = (root: string) =>
  readdirSync(root, { recursive: true })
    .map((name) => statSync(join(root, String(name))))
    .reduce((sum, found) => sum + (found.isFile() ? found.size : 0), 0)

test('keeps what was made, with a type, a size and a strong ETag', async () => {
  const cache = openCache(join(folder, 'a'), 1e6)
  expect(await cache.find(key('x'))).toBeUndefined()
  const made = await put(cache, 'x', 100)
  expect(made).toMatchObject({ type: 'image/jpeg', size: 100 })
  expect(made.etag).toMatch(/^"[^"]+"$/)
  expect(await cache.find(key('x'))).toEqual(made)
  expect(await openCache(join(folder, 'a'), 1e6).find(key('x'))).toEqual(made)
  expect(cache.has(key('x'))).toBe(true)
  expect(cache.has(key('y'))).toBe(false)
})

test('makes a file once for all that ask at the same time', async () => {
  const cache = openCache(join(folder, 'b'), 1e6)
  let runs = 0
  const ask = () =>
    cache.make([key('x')], async ([missing]) => {
      runs++
      writeFileSync(missing!.temporary, 'bytes')
    })[0]!
  const files = await Promise.all([ask(), ask(), ask()])
  expect(runs).toBe(1)
  expect(new Set(files.map(({ etag }) => etag)).size).toBe(1)
})

test('parts of a batch are ready one by one, and parts of another batch are not made twice', async () => {
  const cache = openCache(join(folder, 'c'), 1e6)
  const hold = Promise.withResolvers<void>()
  const first = cache.make([key('1'), key('2')], async ([one, two]) => {
    writeFileSync(one!.temporary, 'one')
    one!.done()
    await hold.promise
    writeFileSync(two!.temporary, 'two')
  })
  await first[0]
  expect(cache.has(key('2'))).toBe(true)
  const positions: number[] = []
  const second = cache.make([key('2'), key('3')], async (missing) => {
    for (const { position, temporary } of missing) {
      positions.push(position)
      writeFileSync(temporary, 'three')
    }
  })
  hold.resolve()
  const texts = await Promise.all([...first, ...second].map(async (file) => Bun.file((await file).path).text()))
  expect(texts).toEqual(['one', 'two', 'two', 'three'])
  expect(positions).toEqual([1])
})

test('a failure leaves nothing, and the next one tries again', async () => {
  const root = join(folder, 'd')
  const cache = openCache(root, 1e6)
  const failing = cache.make([key('x')], async ([missing]) => {
    writeFileSync(missing!.temporary, 'half')
    throw new Error('cut off')
  })[0]!
  expect((await failing.catch((e) => e)).message).toBe('cut off')
  expect(await cache.find(key('x'))).toBeUndefined()
  expect((await put(cache, 'x', 5)).size).toBe(5)
  expect(readdirSync(join(root, 'tmp'))).toEqual([])
})

test('the limit is kept by removing what was not used for longest', async () => {
  const root = join(folder, 'e')
  const cache = openCache(root, 1000)
  const old = new Date(Date.now() - 60_000)
  for (let i = 0; i < 9; i++) {
    const { path } = await put(cache, `${i}`, 100)
    utimesSync(path, old, new Date(old.getTime() + i))
  }
  await cache.find(key('0'))
  await put(cache, 'big', 400)
  expect(bytesIn(root)).toBeLessThanOrEqual(1000)
  expect(cache.has(key('0'))).toBe(true)
  expect(cache.has(key('big'))).toBe(true)
  expect(cache.has(key('1'))).toBe(false)
  for (let i = 0; i < 30; i++) await put(cache, `more ${i}`, 90)
  expect(bytesIn(root)).toBeLessThanOrEqual(1000)
})

test('the limit also counts what an earlier process left, and drops its half files', async () => {
  const root = join(folder, 'f')
  for (let i = 0; i < 5; i++) await put(openCache(root, 1e6), `${i}`, 300)
  const stale = join(root, 'tmp', 'stale.jpg')
  writeFileSync(stale, 'x')
  utimesSync(stale, new Date(0), new Date(0))
  const cache = openCache(root, 1000)
  await put(cache, 'new', 100)
  expect(bytesIn(root)).toBeLessThanOrEqual(1000)
  expect(cache.has(key('new'))).toBe(true)
  expect(existsSync(stale)).toBe(false)
})

test('one file larger than the limit is kept until the next', async () => {
  const cache = openCache(join(folder, 'g'), 1000)
  expect((await put(cache, 'huge', 5000)).size).toBe(5000)
  await put(cache, 'small', 10)
  expect(cache.has(key('huge'))).toBe(false)
})

test('the folder may be emptied at any time', async () => {
  const root = join(folder, 'h')
  const cache = openCache(root, 1000)
  const before = await put(cache, 'x', 10)
  rmSync(root, { recursive: true })
  expect(await cache.find(key('x'))).toBeUndefined()
  mkdirSync(root)
  const after = await put(cache, 'x', 10)
  expect(after.path).toBe(before.path)
})
