// Lengths and areas of shapes whose size is known.
import { expect, test } from 'bun:test'
import { distanceToStretch, listSides, measureArea, measureLength } from './measure-shape'

test('lines and areas', () => {
  const line = { type: 'polyline' as const, points: [0, 0, 0, 3, 4, 0, 3, 4, 12] }
  expect(measureLength(line)).toBe(17)
  // 2 × 3 m on a slope of 45°, which makes one side longer.
  const slope = { type: 'polygon' as const, points: [0, 0, 0, 2, 0, 2, 2, 3, 2, 0, 3, 0] }
  expect(measureArea(slope)).toBeCloseTo(6 * Math.SQRT2, 9)
  expect(measureLength(slope)).toBeCloseTo(6 + 4 * Math.SQRT2, 9)
  // Concave: a square of 4 with a square of 2 cut out.
  expect(measureArea({ points: [0, 0, 0, 4, 0, 0, 4, 4, 0, 2, 4, 0, 2, 2, 0, 0, 2, 0] })).toBe(12)
  expect(listSides({ type: 'points', points: [0, 0, 0, 1, 1, 1] })).toEqual([])
})

test('distances on the screen', () => {
  expect(distanceToStretch({ x: 5, y: 3 }, { x: 0, y: 0 }, { x: 10, y: 0 })).toBe(3)
  expect(distanceToStretch({ x: 13, y: 4 }, { x: 0, y: 0 }, { x: 10, y: 0 })).toBe(5)
  expect(distanceToStretch({ x: 3, y: 4 }, { x: 0, y: 0 }, { x: 0, y: 0 })).toBe(5)
})
