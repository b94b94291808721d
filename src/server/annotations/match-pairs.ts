// Finds which objects of two lists are the same ones, by how alike they are.
import { assign } from './assign'

/**
 * Pairs of positions in two lists, chosen so that the likenesses add up to as much as possible; pairs below `least` are left out.
 * `measure` tells how alike two objects are, 0…1. Objects that have nothing in common do not compete, so each group that hangs
 * together is solved alone.
 */
export const matchPairs = (
  count: number,
  others: number,
  measure: (one: number, other: number) => number,
  least: number,
): [one: number, other: number][] => {
  const likeness = new Map<number, Map<number, number>>()
  const reverse = new Map<number, number[]>()
  for (let one = 0; one < count; one++)
    for (let other = 0; other < others; other++) {
      const value = measure(one, other)
      if (value <= 0) continue
      if (!likeness.has(one)) likeness.set(one, new Map())
      likeness.get(one)!.set(other, value)
      reverse.set(other, [...(reverse.get(other) ?? []), one])
    }
  const pairs: [number, number][] = []
  const isDone = new Set<number>()
  for (const start of likeness.keys()) {
    if (isDone.has(start)) continue
    const rows = [start]
    const columns = new Set<number>()
    isDone.add(start)
    for (const row of rows)
      for (const column of likeness.get(row)!.keys()) {
        if (columns.has(column)) continue
        columns.add(column)
        for (const next of reverse.get(column)!) {
          if (isDone.has(next)) continue
          isDone.add(next)
          rows.push(next)
        }
      }
    const list = [...columns]
    const costs = rows.map((row) => list.map((column) => 1 - (likeness.get(row)!.get(column) ?? 0)))
    for (const [at, chosen] of assign(costs).entries()) {
      if (chosen < 0) continue
      const [row, column] = [rows[at]!, list[chosen]!]
      if ((likeness.get(row)!.get(column) ?? 0) >= least) pairs.push([row, column])
    }
  }
  return pairs
}
