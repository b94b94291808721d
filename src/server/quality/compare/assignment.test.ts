import { expect, test } from 'bun:test'
import { assignPairs } from './assign-pairs'
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
