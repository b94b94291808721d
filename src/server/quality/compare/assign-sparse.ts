// The best pairs among many objects of which each has something in common with a few: shortest augmenting paths along those alone.
import type { Likeness } from './assign-pairs'

/** Distances with the columns they lead to, the nearest first; of equals the lowest column. */
class Heap {
  private readonly distances: number[] = []
  private readonly columns: number[] = []

  private isLess(a: number, b: number) {
    const [x, y] = [this.distances[a]!, this.distances[b]!]
    return x < y || (x === y && this.columns[a]! < this.columns[b]!)
  }

  private swap(a: number, b: number) {
    for (const list of [this.distances, this.columns]) [list[a], list[b]] = [list[b]!, list[a]!]
  }

  push(distance: number, column: number) {
    this.distances.push(distance)
    this.columns.push(column)
    for (let at = this.columns.length - 1; at > 0; ) {
      const parent = (at - 1) >> 1
      if (!this.isLess(at, parent)) break
      this.swap(at, parent)
      at = parent
    }
  }

  pop(): { distance: number; column: number } {
    const last = this.columns.length - 1
    this.swap(0, last)
    const top = { distance: this.distances.pop()!, column: this.columns.pop()! }
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2]
      let least = at
      if (left < last && this.isLess(left, least)) least = left
      if (right < last && this.isLess(right, least)) least = right
      if (least === at) return top
      this.swap(at, least)
      at = least
    }
  }
}

/**
 * For each of `count` objects the other one that it is paired with, -1 for none, so that the likenesses of all pairs add up to as
 * much as possible. Time grows with the number of likenesses, not with the product of both counts; memory with their sum. The
 * algorithm is that of assignment.ts, with a column of its own at cost 1 for every row that stays alone.
 */
export const assignSparse = (count: number, others: number, likenesses: readonly Likeness[]): Int32Array => {
  const edges: { column: number; cost: number }[][] = Array.from({ length: count }, (_, one) => [
    { column: others + one, cost: 1 },
  ])
  for (const { one, other, value } of likenesses) edges[one]!.push({ column: other, cost: 1 - value })
  const columns = others + count
  const ofRow = new Float64Array(count)
  const ofColumn = new Float64Array(columns)
  const columnOf = new Int32Array(count).fill(-1)
  const rowOf = new Int32Array(columns).fill(-1)
  const shortest = new Float64Array(columns).fill(Number.POSITIVE_INFINITY)
  const path = new Int32Array(columns)
  const isDone = new Uint8Array(columns)
  for (let start = 0; start < count; start++) {
    const heap = new Heap()
    const touched: number[] = []
    const rowsSeen: number[] = []
    const columnsSeen: number[] = []
    let reached = 0
    let sink = -1
    for (let row = start; sink < 0; ) {
      rowsSeen.push(row)
      for (const { column, cost } of edges[row]!) {
        if (isDone[column]) continue
        const length = reached + cost - ofRow[row]! - ofColumn[column]!
        if (length >= shortest[column]!) continue
        if (shortest[column] === Number.POSITIVE_INFINITY) touched.push(column)
        shortest[column] = length
        path[column] = row
        heap.push(length, column)
      }
      let next = heap.pop()
      // What was found again on a shorter way is in the heap twice.
      while (isDone[next.column]) next = heap.pop()
      reached = next.distance
      isDone[next.column] = 1
      columnsSeen.push(next.column)
      if (rowOf[next.column] === -1) sink = next.column
      else row = rowOf[next.column]!
    }
    ofRow[start]! += reached
    for (const row of rowsSeen) if (row !== start) ofRow[row]! += reached - shortest[columnOf[row]!]!
    for (const column of columnsSeen) ofColumn[column]! -= reached - shortest[column]!
    for (let column = sink; ; ) {
      const row = path[column]!
      rowOf[column] = row
      const before = columnOf[row]!
      columnOf[row] = column
      if (row === start) break
      column = before
    }
    for (const column of touched) {
      shortest[column] = Number.POSITIVE_INFINITY
      isDone[column] = 0
    }
  }
  return columnOf.map((column) => (column < others ? column : -1))
}
