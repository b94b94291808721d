// Decides which objects of two lists belong together, from how alike the pairs are that have anything in common.
import { assignSparse } from './assign-sparse'
import { solveAssignment } from './assignment'

/** One pair that has something in common: positions in the two lists and how alike they are, 0…1. */
export type Likeness = { one: number; other: number; value: number }
export type Assigned = { pairs: [one: number, other: number][]; ones: number[]; others: number[] }

/** Up to this many objects the whole table is solved; above, only what has something in common is looked at. */
const wholeTable = 256

/**
 * Pairs chosen so that their likenesses add up to as much as possible. Pairs less alike than `least`, or not at all, are never
 * made. `ones` and `others` are left over.
 */
export const assignPairs = (count: number, others: number, likenesses: readonly Likeness[], least: number): Assigned => {
  const usable = likenesses.filter(({ value }) => 1 - value <= 1 - least && value > 0)
  return Math.max(count, others) <= wholeTable ? assignWhole(count, others, usable) : assignMany(count, others, usable)
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

const assignMany = (count: number, others: number, usable: Likeness[]): Assigned => {
  const taken = new Uint8Array(others)
  const result: Assigned = { pairs: [], ones: [], others: [] }
  assignSparse(count, others, usable).forEach((other, one) => {
    if (other < 0) result.ones.push(one)
    else {
      result.pairs.push([one, other])
      taken[other] = 1
    }
  })
  for (let other = 0; other < others; other++) if (!taken[other]) result.others.push(other)
  return result
}
