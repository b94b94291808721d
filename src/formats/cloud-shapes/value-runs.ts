// Which value each row of a cloud has, as runs: painting over it, and taking it apart by value. 0 is no value.
import type { RunSet } from '../geometry/run-sets'

/** First row, row after the last, value of each run; ascending and apart. Rows that no run has are as they were, or have no value. */
export type ValueRuns = number[]

const push = (runs: ValueRuns, from: number, to: number, value: number): void => {
  if (from >= to) return
  const at = runs.length - 3
  if (at >= 0 && runs[at + 1] === from && runs[at + 2] === value) runs[at + 1] = to
  else runs.push(from, to, value)
}

/** What `paint` has lies over `below`. Runs of value 0 stay: they say that rows lose theirs. */
export const paintRuns = (below: ValueRuns, paint: ValueRuns): ValueRuns => {
  const result: ValueRuns = []
  let at = 0
  let row = 0
  /** Hands over what is below, up to a row. */
  const copyTo = (end: number) => {
    while (at < below.length && below[at]! < end) {
      push(result, Math.max(row, below[at]!), Math.min(end, below[at + 1]!), below[at + 2]!)
      if (below[at + 1]! > end) break
      at += 3
    }
    row = end
  }
  for (let next = 0; next < paint.length; next += 3) {
    copyTo(paint[next]!)
    push(result, paint[next]!, paint[next + 1]!, paint[next + 2]!)
    row = paint[next + 1]!
    while (at < below.length && below[at + 1]! <= row) at += 3
  }
  copyTo(Number.POSITIVE_INFINITY)
  return result
}

/** Several one over the other, the last on top. */
export const paintAll = (layers: readonly ValueRuns[]): ValueRuns => {
  if (layers.length <= 1) return layers[0] ?? []
  // Halves, so that many small layers do not copy a growing sum each time.
  const middle = layers.length >> 1
  return paintRuns(paintAll(layers.slice(0, middle)), paintAll(layers.slice(middle)))
}

/** The rows of one value as runs to paint with. */
export const withValue = (rows: RunSet, value: number): ValueRuns => {
  const runs: ValueRuns = []
  for (let at = 0; at + 1 < rows.length; at += 2) push(runs, rows[at]!, rows[at + 1]!, value)
  return runs
}

/** The rows of each value but 0, in the order in which they first come. */
export const splitValues = (runs: ValueRuns): Map<number, number[]> => {
  const sets = new Map<number, number[]>()
  for (let at = 0; at < runs.length; at += 3) {
    const value = runs[at + 2]!
    if (!value) continue
    const set = sets.get(value)
    if (set) set.push(runs[at]!, runs[at + 1]!)
    else sets.set(value, [runs[at]!, runs[at + 1]!])
  }
  return sets
}

/** The runs of a list with one value a row. */
export const collectValues = (values: ArrayLike<number>): ValueRuns => {
  const runs: ValueRuns = []
  for (let from = 0; from < values.length; ) {
    const value = values[from]!
    let to = from + 1
    while (to < values.length && values[to] === value) to++
    if (value) runs.push(from, to, value)
    from = to
  }
  return runs
}

/** Writes runs into a list with one value a row. */
export const fillValues = (values: { fill: (value: number, from: number, to: number) => unknown }, runs: ValueRuns): void => {
  for (let at = 0; at < runs.length; at += 3) values.fill(runs[at + 2]!, runs[at]!, runs[at + 1]!)
}

/** For the rows of `over`, what lies below each: calls back with stretches of rows that have one value in both. */
export const compareRuns = (
  below: ValueRuns,
  over: ValueRuns,
  visit: (from: number, to: number, lower: number, upper: number) => void,
): void => {
  let at = 0
  for (let next = 0; next < over.length; next += 3) {
    const [start, end, upper] = [over[next]!, over[next + 1]!, over[next + 2]!]
    while (at < below.length && below[at + 1]! <= start) at += 3
    let row = start
    for (let i = at; row < end; ) {
      const from = i < below.length ? below[i]! : Number.POSITIVE_INFINITY
      if (row < from) {
        const to = Math.min(from, end)
        visit(row, to, 0, upper)
        row = to
      } else {
        const to = Math.min(below[i + 1]!, end)
        visit(row, to, below[i + 2]!, upper)
        row = to
        i += 3
      }
    }
  }
}
