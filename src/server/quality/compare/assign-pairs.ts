// Decides which objects of two lists belong together, from how alike the pairs are that have anything in common.
import { solveAssignment } from './assignment'

/** One pair that has something in common: positions in the two lists and how alike they are, 0…1. */
export type Likeness = { one: number; other: number; value: number }
export type Assigned = { pairs: [one: number, other: number][]; ones: number[]; others: number[] }

/** Up to this many objects the whole table is solved at once; above, each group that hangs together alone. */
const wholeTable = 256

/**
 * Pairs chosen so that their likenesses add up to as much as possible. Pairs less alike than `least`, or not at all, are never
 * made. `ones` and `others` are left over.
 */
export const assignPairs = (count: number, others: number, likenesses: readonly Likeness[], least: number): Assigned => {
  const usable = likenesses.filter(({ value }) => 1 - value <= 1 - least && value > 0)
  return Math.max(count, others) <= wholeTable ? assignWhole(count, others, usable) : assignGroups(count, others, usable)
}

const listFrom = (count: number) => Array.from({ length: count }, (_, at) => at)

const assignWhole = (count: number, others: number, usable: Likeness[]): Assigned => {
  if (!count || !others) return { pairs: [], ones: listFrom(count), others: listFrom(others) }
  const size = Math.max(count, others)
  const costs = new Float64Array(size * size).fill(1)
  for (const { one, other, value } of usable) costs[one * size + other] = 1 - value
  const result: Assigned = { pairs: [], ones: [], others: [] }
  solveAssignment(costs, size, size).forEach((other, one) => {
    if (costs[one * size + other]! < 1) result.pairs.push([one, other])
    else {
      if (one < count) result.ones.push(one)
      if (other < others) result.others.push(other)
    }
  })
  return result
}

const assignGroups = (count: number, others: number, usable: Likeness[]): Assigned => {
  const byOne = Map.groupBy(usable, ({ one }) => one)
  const byOther = Map.groupBy(usable, ({ other }) => other)
  const partner = new Int32Array(count).fill(-1)
  const isDone = new Uint8Array(count)
  for (const start of byOne.keys()) {
    if (isDone[start]) continue
    const rows = [start]
    isDone[start] = 1
    const columns = new Map<number, number>()
    for (const row of rows)
      for (const { other } of byOne.get(row)!) {
        if (columns.has(other)) continue
        columns.set(other, columns.size)
        for (const { one } of byOther.get(other)!)
          if (!isDone[one]) {
            isDone[one] = 1
            rows.push(one)
          }
      }
    const list = [...columns.keys()]
    // Columns of their own let every row stay alone.
    const width = list.length + rows.length
    const costs = new Float64Array(rows.length * width).fill(1)
    rows.forEach((row, at) => {
      for (const { other, value } of byOne.get(row)!) costs[at * width + columns.get(other)!] = 1 - value
    })
    solveAssignment(costs, rows.length, width).forEach((column, at) => {
      if (column < list.length && costs[at * width + column]! < 1) partner[rows[at]!] = list[column]!
    })
  }
  const taken = new Uint8Array(others)
  const result: Assigned = { pairs: [], ones: [], others: [] }
  partner.forEach((other, one) => {
    if (other < 0) result.ones.push(one)
    else {
      result.pairs.push([one, other])
      taken[other] = 1
    }
  })
  for (let other = 0; other < others; other++) if (!taken[other]) result.others.push(other)
  return result
}
