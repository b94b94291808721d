// Tests how points are written into the mirror.
import { expect, test } from 'bun:test'
import { joinPoints } from './mirror-line'

const written = (points: readonly number[]): string => points.map((value) => Math.round(value * 100) / 100).join(',')

test.each([
  [[]],
  [[0, 1, 10.5, 10.05, 10.25, 99.999]],
  [[-0.001, -1.5, -12.34, 1e9, 123456789.12]],
  [[0.1 + 0.2, 1.005, 2.675, 19.99, 0.004, 0.995]],
])('points %p are written rounded to hundredths, as numbers are', (points: number[]) => {
  expect(joinPoints(points)).toBe(written(points))
})

test('every number of hundredths is written as numbers are', () => {
  const points = Array.from({ length: 2500 }, (_, i) => i / 100)
  expect(joinPoints(points)).toBe(written(points))
})
