// Pairing by likeness, against trying all ways.
import { expect, test } from 'bun:test'
import { createRandom } from '../../formats/testing/random'
import { assign } from './assign'
import { matchPairs } from './match-pairs'

/** The least sum of costs over all ways to give rows different columns. */
const tryAll = (costs: number[][], row = 0, taken = new Set<number>()): number => {
  if (row === costs.length || taken.size === costs[0]!.length) return 0
  const width = costs[0]!.length
  let least = costs.length - row > width - taken.size ? tryAll(costs, row + 1, taken) : Infinity
  for (let column = 0; column < width; column++) {
    if (taken.has(column)) continue
    const rest = tryAll(costs, row + 1, new Set(taken).add(column))
    least = Math.min(least, costs[row]![column]! + rest)
  }
  return least
}

test('rows get the columns that cost least together, each at most one', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = createRandom(seed)
    const [height, width] = [random.integer(1, 5), random.integer(1, 5)]
    const costs = Array.from({ length: height }, () => Array.from({ length: width }, () => random.integer(0, 20)))
    const chosen = assign(costs)
    const used = chosen.filter((column) => column >= 0)
    expect([used.length, new Set(used).size]).toEqual([Math.min(height, width), Math.min(height, width)])
    const sum = chosen.reduce((total, column, row) => total + (column >= 0 ? costs[row]![column]! : 0), 0)
    expect([seed, sum]).toEqual([seed, tryAll(costs)])
  }
})

test('the best pairs together win over the best pair alone; too unlike ones stay alone', () => {
  const likeness = [
    [0.9, 0.8, 0],
    [0.85, 0, 0],
    [0, 0, 0.6],
  ]
  const pairs = matchPairs(3, 3, (one, other) => likeness[one]![other]!, 0.75)
  expect(pairs.sort()).toEqual([[0, 1], [1, 0]]) // biome-ignore format: pairs
  expect(matchPairs(0, 3, () => 1, 0.5)).toEqual([])
  expect(matchPairs(2, 0, () => 1, 0.5)).toEqual([])
})

test('thousands of objects that each have one like them are paired quickly', () => {
  const pairs = matchPairs(1500, 1500, (one, other) => (one === 1499 - other ? 0.9 : 0), 0.75)
  expect(pairs.length).toBe(1500)
  expect(pairs.every(([one, other]) => one === 1499 - other)).toBe(true)
})
