// How frames are cut into jobs.
import { expect, test } from 'bun:test'
import { cutJobs } from './service'

test.each([
  [10, 0, 0, '0-9'],
  [10, 4, 0, '0-3 4-7 8-9'],
  [10, 4, 1, '0-3 3-6 6-9'],
  [3, 3, 1, '0-2'],
  [10, 20, 5, '0-9'],
  [40, 20, 5, '0-19 15-34 30-39'],
  [1, 1, 0, '0-0'],
])('%i frames by %i with overlap %i: %s', (size, segment, overlap, expected) => {
  expect(
    cutJobs(size, segment, overlap)
      .map(({ startFrame, stopFrame }) => `${startFrame}-${stopFrame}`)
      .join(' '),
  ).toBe(expected)
})
