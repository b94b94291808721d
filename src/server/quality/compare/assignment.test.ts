import { expect, test } from 'bun:test'
import { assignPairs, type Likeness } from './assign-pairs'
import { assignSparse } from './assign-sparse'
import { solveAssignment } from './assignment'

const draw = (seed: number) => () => {
  seed = (seed * 1103515245 + 12345) % 2147483648
  return seed / 2147483648
}

/** The least cost by trying every way. */
const tryAll = (costs: number[][], row = 0, used = new Set<number>()): number => {
  if (row === costs.length) return 0
  let least = Number.POSITIVE_INFINITY
  for (let column = 0; column < costs[0]!.length; column++) {
    if (used.has(column)) continue
    used.add(column)
    least = Math.min(least, costs[row]![column]! + tryAll(costs, row + 1, used))
    used.delete(column)
  }
  return least
}

test('costs as little as the best of all ways', () => {
  const next = draw(3)
  for (let round = 0; round < 200; round++) {
    const rows = 1 + Math.floor(next() * 5)
    const columns = rows + Math.floor(next() * 3)
    const costs = Array.from({ length: rows }, () => Array.from({ length: columns }, () => Math.round(next() * 20)))
    const chosen = solveAssignment(Float64Array.from(costs.flat()), rows, columns)
    expect(new Set(chosen).size).toBe(rows)
    expect(chosen.reduce((sum, column, row) => sum + costs[row]![column]!, 0)).toBe(tryAll(costs))
    const turned = costs[0]!.map((_, column) => costs.map((row) => row[column]!))
    const ofTurned = solveAssignment(Float64Array.from(turned.flat()), columns, rows)
    const cost = ofTurned.reduce((sum, row, column) => sum + (row < 0 ? 0 : turned[column]![row]!), 0)
    expect(cost).toBe(tryAll(costs))
  }
})

test('many objects are solved in groups, with the same total as all at once', () => {
  const next = draw(5)
  const count = 300
  const likenesses = Array.from({ length: 1500 }, () => {
    const one = Math.floor(next() * count)
    return { one, other: Math.max(0, Math.min(count - 1, one + Math.floor(next() * 7) - 3)), value: next() }
  })
  const unique = [...new Map(likenesses.map((entry) => [entry.one * count + entry.other, entry])).values()]
  const value = new Map(unique.map(({ one, other, value }) => [one * count + other, value]))
  const total = (pairs: [number, number][]) => pairs.reduce((sum, [one, other]) => sum + value.get(one * count + other)!, 0)
  const grouped = assignPairs(count, count, unique, 0.3)
  const costs = new Float64Array(count * count).fill(1)
  for (const { one, other, value } of unique) if (value >= 0.3) costs[one * count + other] = 1 - value
  const whole: [number, number][] = []
  solveAssignment(costs, count, count).forEach((other, one) => {
    if (costs[one * count + other]! < 1) whole.push([one, other])
  })
  expect(total(grouped.pairs)).toBeCloseTo(total(whole), 9)
  expect(grouped.pairs.length + grouped.ones.length).toBe(count)
  expect(grouped.pairs.length + grouped.others.length).toBe(count)
})

test('many objects: as good as the whole table, whichever way it is solved', () => {
  for (let seed = 1; seed <= 40; seed++) {
    const next = draw(seed)
    const [count, others] = [1 + Math.floor(next() * 30), 1 + Math.floor(next() * 30)]
    const likenesses: Likeness[] = []
    for (let one = 0; one < count; one++)
      for (let other = 0; other < others; other++) if (next() < 0.2) likenesses.push({ one, other, value: 0.01 + 0.98 * next() })
    const costs = new Float64Array(count * (others + count)).fill(1)
    for (const { one, other, value } of likenesses) costs[one * (others + count) + other] = 1 - value
    const whole = solveAssignment(costs, count, others + count)
    const least = whole.reduce((sum, column, row) => sum + costs[row * (others + count) + column]!, 0)
    const sparse = assignSparse(count, others, likenesses)
    const chosen = [...sparse].filter((other) => other >= 0)
    expect(new Set(chosen).size).toBe(chosen.length)
    const cost = sparse.reduce((sum, other, one) => sum + (other < 0 ? 1 : costs[one * (others + count) + other]!), 0)
    expect(cost).toBeCloseTo(least, 9)
  }
})

test('twenty thousand objects that all hang together are paired at once', () => {
  // A ring: every object is like its partner, and less like the next one.
  const count = 20_000
  const likenesses: Likeness[] = Array.from({ length: count }, (_, one) => [
    { one, other: one, value: 0.9 },
    { one, other: (one + 1) % count, value: 0.5 },
  ]).flat()
  const { pairs, ones } = assignPairs(count, count, likenesses, 0.4)
  expect(ones).toEqual([])
  expect(pairs.every(([one, other]) => one === other)).toBe(true)
})
