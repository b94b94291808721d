import { expect, test } from 'bun:test'
import { createGenerator } from './numpy-random'

/** Seed, size and the first three of what NumPy 2.0 answers to choice(size, 3, replace=False, shuffle=False), twice in a row. */
test.each([
  [42, 10, [4, 8, 6], [3, 0, 7]],
  [42, 25, [12, 21, 15], [9, 1, 18]],
  [8589934597, 10, [3, 4, 7], [5, 8, 3]],
  [8589934597, 25, [9, 11, 19], [15, 23, 8]],
])('seed %i out of %i', (seed, size, first, second) => {
  const { choose } = createGenerator(seed)
  expect(choose(size, 3)).toEqual(first)
  expect(choose(size, 3)).toEqual(second)
})

test('all out of all, and many out of very many, are different numbers within', () => {
  expect(
    createGenerator(7)
      .choose(24, 24)
      .sort((a, b) => a - b),
  ).toEqual(Array.from({ length: 24 }, (_, i) => i))
  const many = createGenerator(7).choose(20_000, 5_000)
  expect(new Set(many).size).toBe(5_000)
  expect(Math.min(...many)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...many)).toBeLessThan(20_000)
})

test('lists are shuffled as NumPy does', () =>
  expect(createGenerator(5).shuffle([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])).toEqual([5, 9, 3, 0, 4, 1, 7, 2, 6, 8]))
