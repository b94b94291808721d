// Stepping over deleted frames, and the bounded cache of pictures.
import { expect, test } from 'bun:test'
import { FrameCache, type Picture } from './frame-cache'
import { listFrames } from './frame-list'

test('steps pass over deleted frames and stop at the ends', () => {
  const list = listFrames(10, 15, [11, 12])
  expect(list.frames).toEqual([10, 13, 14, 15])
  expect(list.step(10, 1)).toBe(13)
  expect(list.step(13, -10)).toBe(10)
  expect(list.step(14, 99)).toBe(15)
  expect([list.nearest(12), list.nearest(99), list.nearest(-1)]).toEqual([12, 15, 10])
})

test('a deleted frame is reached by its number, left by a step, and counts again once restored', () => {
  const list = listFrames(0, 5, [2, 3])
  expect([list.step(2, 1), list.step(2, -1), list.step(3, 2)]).toEqual([4, 1, 5])
  expect([list.find(2, 1, () => true), list.find(3, -1, () => true)]).toEqual([4, 1])
  const restored = list.withDeleted([3])
  expect(restored.frames).toEqual([0, 1, 2, 4, 5])
  expect(restored.withDeleted([3], true).frames).toEqual([0, 1, 2, 3, 4, 5])
})

test('a ground-truth job shows its frames only', () => {
  expect(listFrames(0, 9, [4], [2, 4, 7]).frames).toEqual([2, 7])
})

test('finds the next frame that passes a test in either direction', () => {
  const list = listFrames(0, 9, [])
  expect(list.find(3, 1, (frame) => frame % 4 === 0)).toBe(4)
  expect(list.find(3, -1, (frame) => frame % 4 === 0)).toBe(0)
  expect(list.find(8, 1, (frame) => frame % 4 === 0)).toBeNull()
})

const makeCache = (limit: number) => {
  const loads: number[] = []
  const closed: number[] = []
  const signals = new Map<number, AbortSignal>()
  const cache = new FrameCache<Picture & { frame: number }>({
    limitBytes: limit * 400,
    load: async (frame, signal) => {
      loads.push(frame)
      signals.set(frame, signal)
      return { frame, width: 10, height: 10, close: () => void closed.push(frame) }
    },
  })
  return { cache, loads, closed, signals }
}

test('a frame is loaded once, and the least recently used go first', async () => {
  const { cache, loads, closed } = makeCache(3)
  await Promise.all([cache.get(1), cache.get(1)])
  await cache.get(2)
  await cache.get(3)
  cache.peek(1)
  await cache.get(4)
  expect(loads).toEqual([1, 2, 3, 4])
  expect(closed).toEqual([2])
  expect(cache.peek(1)).not.toBeNull()
  expect(cache.peek(2)).toBeNull()
})

test('prefetching stops what nobody wants any more', async () => {
  const { cache, loads, signals } = makeCache(9)
  cache.prefetch([1, 2])
  cache.prefetch([2, 3])
  expect(signals.get(1)?.aborted).toBe(true)
  expect(signals.get(2)?.aborted).toBe(false)
  await cache.get(3)
  expect(loads).toEqual([1, 2, 3])
  cache.prefetch([9])
  expect((await cache.get(3)).frame).toBe(3)
})

test('a frame whose load was stopped is loaded anew when asked for again', async () => {
  let loads = 0
  const load = (_frame: number, signal: AbortSignal) =>
    new Promise<Picture>((resolve, reject) => {
      loads += 1
      signal.addEventListener('abort', () => reject(new Error('stopped')))
      if (loads === 3) resolve({ width: 1, height: 1 })
    })
  const cache = new FrameCache({ load, limitBytes: 1000 })
  cache.prefetch([1])
  cache.prefetch([2])
  expect(await cache.get(1)).toEqual({ width: 1, height: 1 })
})

test('the picture on the screen stays while many others are fetched', async () => {
  const { cache, closed } = makeCache(2)
  await cache.get(1)
  cache.hold(1)
  for (const frame of [2, 3, 4]) await cache.get(frame)
  expect(closed).toEqual([2, 3])
  cache.hold(4)
  await cache.get(5)
  expect(closed).toEqual([2, 3, 1])
})

test('of two loads of a frame that both end well one picture is kept and the other closed', async () => {
  const pending: ((name: string) => void)[] = []
  const closed: string[] = []
  const cache = new FrameCache<Picture & { name: string }>({
    limitBytes: 4000,
    load: () =>
      new Promise((resolve) => {
        pending.push((name) => resolve({ name, width: 10, height: 10, close: () => void closed.push(name) }))
      }),
  })
  const first = cache.get(1)
  cache.prefetch([])
  const second = cache.get(1)
  pending[0]!('stopped')
  expect((await first).name).toBe('stopped')
  pending[1]!('again')
  expect((await second).name).toBe('stopped')
  expect(closed).toEqual(['again'])
  expect(cache.peek(1)?.name).toBe('stopped')
})

test('a cache that forgets loads anew, and hands out the picture on the screen', async () => {
  const { cache, loads, closed } = makeCache(9)
  await Promise.all([cache.get(1), cache.get(2)])
  cache.hold(2)
  expect(cache.forget()).toMatchObject({ frame: 2 })
  expect(closed).toEqual([1])
  await cache.get(2)
  expect(loads).toEqual([1, 2, 2])
})
