// Rows of a point cloud's file as run lengths: rows that are skipped and rows that are taken, in turn.
import { type RunSet, readRunSet } from '../geometry/run-sets'

/** Skipped, taken, skipped, taken …; what follows the last run is not taken. */
export type RowRuns = number[]

export const toRowRuns = (rows: RunSet): RowRuns => {
  const runs: RowRuns = []
  let end = 0
  for (let at = 0; at + 1 < rows.length; at += 2) {
    runs.push(rows[at]! - end, rows[at + 1]! - rows[at]!)
    end = rows[at + 1]!
  }
  return runs
}

/** Why a list is none of runs within `count` rows; nothing when it is. */
export const findRunProblem = (runs: unknown, count: number): string | undefined => {
  if (!Array.isArray(runs) || runs.length % 2) return 'a list of pairs is needed: rows to skip, rows to take'
  let end = 0
  for (const [at, run] of runs.entries()) {
    if (!Number.isSafeInteger(run) || run < 0) return `[${at}] is no count of rows: whole numbers from 0 are needed`
    end += run
  }
  return end > count ? `rows up to ${end - 1} are named, the cloud has ${count} points` : undefined
}

export const fromRowRuns = (runs: RowRuns): number[] => readRunSet(runs)

/** Rows of an ascending list without doubles. */
export const collectRuns = (rows: ArrayLike<number>): number[] => {
  const edges: number[] = []
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!
    if (edges.length && edges[edges.length - 1] === row) edges[edges.length - 1] = row + 1
    else edges.push(row, row + 1)
  }
  return edges
}
