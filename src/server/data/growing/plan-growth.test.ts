// The jobs of appended frames, from the layout that is there.
import { expect, test } from 'bun:test'
import { cutJobs } from '../../jobs/service'
import { planGrowth } from './plan-growth'

const ranges = (cuts: { startFrame: number; stopFrame: number }[]) =>
  cuts.map(({ startFrame, stopFrame }) => [startFrame, stopFrame])
const grow = (
  size: number,
  segmentSize: number,
  count: number,
  more: { overlap?: number; growSize?: number; wanted?: number | number[] } = {},
) => {
  const { overlap = 0, growSize = null, wanted = null } = more
  const { cuts, ...rest } = planGrowth(
    { size, segmentSize, overlap, growSize },
    count,
    cutJobs(size, segmentSize, overlap),
    wanted,
  )
  return { cuts: ranges(cuts), ...rest }
}

test('a task of one job gets one more each time', () => {
  expect(grow(3, 3, 5)).toEqual({ cuts: [[3, 7]], growSize: 0, segmentSize: 0 })
  expect(grow(8, 0, 9, { growSize: 0 })).toEqual({ cuts: [[8, 16]], growSize: 0, segmentSize: 0 })
})

test('jobs of one length stay so where it fits, and the length is kept where it does not', () => {
  expect(grow(20, 10, 15)).toEqual({ cuts: [[20, 29], [30, 34]], growSize: 10, segmentSize: 10 }) // biome-ignore format: pairs
  expect(grow(15, 10, 12)).toEqual({ cuts: [[15, 24], [25, 26]], growSize: 10, segmentSize: 0 }) // biome-ignore format: pairs
  expect(grow(27, 0, 5, { growSize: 10 })).toEqual({ cuts: [[27, 31]], growSize: 10, segmentSize: 0 })
})

test('overlap among the new jobs only; lengths by request', () => {
  expect(grow(10, 5, 8, { overlap: 2 })).toEqual({ cuts: [[10, 14], [13, 17]], growSize: 5, segmentSize: 0 }) // biome-ignore format: pairs
  expect(grow(4, 4, 5, { wanted: 2 })).toEqual({ cuts: [[4, 5], [6, 7], [8, 8]], growSize: 2, segmentSize: 0 }) // biome-ignore format: pairs
  expect(grow(4, 0, 5, { wanted: [1, 4] })).toEqual({ cuts: [[4, 4], [5, 8]], growSize: 0, segmentSize: 0 }) // biome-ignore format: pairs
})
