// A leak is told from a server that breathes.
import { expect, test } from 'bun:test'
import { findTrend, isFlat, type Sample } from './trend.ts'

const mib = 2 ** 20
const make = (bytesAt: (minute: number) => number): Sample[] =>
  Array.from({ length: 180 }, (_, i) => ({ at: i * 10, bytes: bytesAt(i / 6) * mib }))
const judge = (samples: Sample[]) => isFlat(findTrend(samples, 300)!)

test('a server that goes up and down is flat', () => expect(judge(make((minute) => 150 + 20 * Math.sin(minute)))).toBe(true))
test('what is taken while it warms up does not count', () =>
  expect(judge(make((minute) => 160 - 100 * Math.exp(-minute)))).toBe(true))
test('two MiB a minute are a leak', () => expect(judge(make((minute) => 150 + 2 * minute))).toBe(false))
test('the line is that of least squares', () => {
  const { slope, growth, samples } = findTrend(
    make((minute) => 100 + 6 * minute),
    300,
  )!
  expect([Math.round(slope), samples]).toEqual([Math.round(0.1 * mib), 150])
  expect(growth / mib).toBeCloseTo(149, 0)
})
test('too few samples say nothing', () => expect(findTrend(make(() => 1).slice(0, 31), 300)).toBeUndefined())
