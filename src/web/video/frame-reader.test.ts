// Which samples are decoded for which wishes: on from here, from a key frame, and never twice.
import { expect, test } from 'bun:test'
import { FrameReader, placeOfTime, type Sample } from './frame-reader'

const rate = 25

/** A video with a key frame every ten frames; notes where decoding started and what was opened and closed. */
const openReader = (count = 100, missing: number[] = []) => {
  const starts: number[] = []
  const offered: number[] = []
  let open = 0
  let decoded = 0
  const times = Array.from({ length: count }, (_, n) => n / rate)
  const read = async function* (time: number): AsyncGenerator<Sample<number>, void, void> {
    const start = Math.round(time * rate)
    starts.push(start)
    for (let n = start; n < count; n++) {
      if (missing.includes(n)) continue
      decoded += 1
      open += 1
      // Timestamps as another program rounds them.
      yield { time: n / rate + 1e-6, toPicture: () => n, close: () => void (open -= 1) }
    }
  }
  const keys = Array.from({ length: count / 10 }, (_, n) => n * 10)
  const reader = new FrameReader<number>({ times, keys, read, offer: (at) => void offered.push(at) })
  return { reader, starts, offered, count: () => ({ open, decoded }) }
}

test('frames in order are decoded once, in one run', async () => {
  const { reader, starts, count } = openReader()
  expect(await Promise.all([5, 6, 7, 8].map((at) => reader.get(at)))).toEqual([5, 6, 7, 8])
  expect(await reader.get(9)).toBe(9)
  expect(starts).toEqual([5])
  expect(count()).toEqual({ open: 0, decoded: 5 })
})

test('a frame behind a later key frame is sought, a near one is reached by going on', async () => {
  const { reader, starts } = openReader()
  await reader.get(2)
  expect(await reader.get(7)).toBe(7)
  expect(await reader.get(55)).toBe(55)
  expect(starts).toEqual([2, 55])
})

test('going back keeps the frames on the way', async () => {
  const { reader, starts, offered } = openReader()
  await reader.get(39)
  expect(await reader.get(38)).toBe(38)
  expect(starts).toEqual([39, 30])
  expect(offered).toEqual([30, 31, 32, 33, 34, 35, 36, 37])
})

test('the first wish comes before those that lie behind', async () => {
  const { reader, starts } = openReader()
  const done: number[] = []
  await Promise.all([50, 51, 49].map((at) => reader.get(at).then((picture) => done.push(picture))))
  expect(done).toEqual([50, 51, 49])
  expect(starts).toEqual([50, 41])
})

test('an aborted wish is dropped, and the others are met', async () => {
  const { reader } = openReader()
  const abort = new AbortController()
  const dropped = reader.get(80, abort.signal)
  const kept = reader.get(3)
  abort.abort(new Error('no longer wanted'))
  expect(dropped).rejects.toThrow('no longer wanted')
  expect(await kept).toBe(3)
})

test('a frame that does not come is refused, and the reader goes on', async () => {
  const { reader } = openReader(100, [12, 99])
  expect(reader.get(12)).rejects.toThrow('Frame 12')
  expect(await reader.get(13)).toBe(13)
  expect(reader.get(99)).rejects.toThrow('Frame 99')
  expect(await reader.get(1)).toBe(1)
})

test('a time belongs to the nearest frame', () => {
  expect([-1, 0, 0.019, 0.021, 0.0399, 9].map((time) => placeOfTime([0, 0.04, 0.08], time))).toEqual([0, 0, 0, 1, 1, 2])
})
