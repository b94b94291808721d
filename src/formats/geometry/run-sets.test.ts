import { expect, test } from 'bun:test'
import { rasterisePolygon } from './polygon'
import { countCommon, countRunSet, intersectRunSets, measureRunSets, readRunSet, subtractRunSet, uniteRunSets } from './run-sets'

/** Pseudo-random numbers that are the same on every run. */
const draw = (seed: number) => () => {
  seed = (seed * 1103515245 + 12345) % 2147483648
  return seed / 2147483648
}

const toPixels = (set: readonly number[], size: number) =>
  Array.from({ length: size }, (_, at) => {
    let isIn = false
    for (let edge = 0; edge + 1 < set.length; edge += 2) if (at >= set[edge]! && at < set[edge + 1]!) isIn = true
    return isIn
  })

test('agrees with counting pixels one by one', () => {
  const next = draw(7)
  for (let round = 0; round < 200; round++) {
    const size = 60
    const make = () => {
      const counts: number[] = []
      for (let left = size; left > 0; ) {
        const run = Math.min(left, Math.floor(next() * 8))
        counts.push(run)
        left -= run
      }
      return readRunSet(counts)
    }
    const [a, b] = [make(), make()]
    const [inA, inB] = [toPixels(a, size), toPixels(b, size)]
    const both = inA.filter((is, at) => is && inB[at]).length
    expect(countRunSet(a)).toBe(inA.filter(Boolean).length)
    expect(countCommon(a, b)).toBe(both)
    expect(toPixels(intersectRunSets(a, b), size)).toEqual(inA.map((is, at) => is && inB[at]!))
    expect(toPixels(uniteRunSets(a, b), size)).toEqual(inA.map((is, at) => is || inB[at]!))
    expect(toPixels(subtractRunSet(a, b), size)).toEqual(inA.map((is, at) => is && !inB[at]!))
    const either = inA.filter((is, at) => is || inB[at]).length
    expect(measureRunSets(a, b)).toBe(both ? both / either : 0)
    expect(measureRunSets(a, b)).toBe(measureRunSets(b, a))
  }
})

test('squares that share half of their pixels', () => {
  const square = (x: number) => readRunSet(rasterisePolygon([x, 0, x + 10, 0, x + 10, 10, x, 10], 100, 100))
  expect(measureRunSets(square(0), square(5))).toBeCloseTo(1 / 3, 10)
  expect(measureRunSets(square(0), square(0))).toBe(1)
  expect(measureRunSets(square(0), square(40))).toBe(0)
})
