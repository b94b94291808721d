// Overlap of polygons: known figures, and against counting points for random ones.
import { expect, test } from 'bun:test'
import { createRandom, makePoints } from '../testing/random'
import { measureBoxOverlap, measureOverlap } from './polygon-overlap'

const box = (x: number, y: number, width: number, height: number) => [x, y, x + width, y, x + width, y + height, x, y + height]

test.each([
  [box(0, 0, 10, 10), box(5, 0, 10, 10), 1 / 3],
  [box(0, 0, 10, 10), box(0, 0, 10, 10), 1],
  [box(0, 0, 10, 10), box(10, 0, 10, 10), 0],
  [box(0, 0, 10, 10), box(2, 2, 5, 5), 0.25],
  [[0, 0, 4, 4, 0, 4], [0, 0, 4, 0, 0, 4], 1 / 3],
  // One with a notch, and the notch.
  [[0, 0, 6, 0, 6, 6, 4, 6, 4, 2, 2, 2, 2, 6, 0, 6], box(2, 2, 2, 4), 0],
  [[0, 0, 5, 5, 10, 10], box(0, 0, 10, 10), 0],
])('%j and %j', (a, b, expected) => {
  expect(measureOverlap(a, b)).toBeCloseTo(expected, 9)
  expect(measureOverlap(b, a)).toBeCloseTo(expected, 9)
})

/** By the even-odd rule. */
const holds = (points: number[], x: number, y: number) => {
  let isInside = false
  for (let at = 0, before = points.length - 2; at < points.length; before = at, at += 2) {
    const [x0, y0, x1, y1] = [points[before]!, points[before + 1]!, points[at]!, points[at + 1]!]
    if (y0 > y !== y1 > y && x < x0 + ((x1 - x0) * (y - y0)) / (y1 - y0)) isInside = !isInside
  }
  return isInside
}

test('any two polygons, also those that cross themselves, against a grid of points', () => {
  for (let seed = 1; seed <= 40; seed++) {
    const random = createRandom(seed)
    const [a, b] = [makePoints(random, 'polygon', 5), makePoints(random, 'polygon', 4)]
    let [common, union] = [0, 0]
    for (let x = 1.1; x < 1000; x += 4)
      for (let y = 1.3; y < 1000; y += 4) {
        const [one, other] = [holds(a, x, y), holds(b, x, y)]
        if (one && other) common++
        if (one || other) union++
      }
    expect(Math.abs(measureOverlap(a, b) - common / union)).toBeLessThan(0.02)
  }
})

test('boxes are quicker and the same', () => {
  for (let seed = 1; seed <= 100; seed++) {
    const random = createRandom(seed)
    const [a, b] = [makePoints(random, 'rectangle'), makePoints(random, 'rectangle')] as [number[], number[]]
    const corners = ([x0, y0, x1, y1]: number[]) => [x0!, y0!, x1!, y0!, x1!, y1!, x0!, y1!]
    expect(measureBoxOverlap(a, b)).toBeCloseTo(measureOverlap(corners(a), corners(b)), 9)
  }
})
