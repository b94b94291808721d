// Runs of rows as bytes: each count in groups of seven bits, lowest first, the top bit set but in the last group.
import { fromRowRuns, type RowRuns, toRowRuns } from '../../formats/cloud-shapes/row-runs'
import type { RunSet } from '../../formats/geometry/run-sets'

export const packRuns = (rows: RunSet): Uint8Array => {
  const bytes: number[] = []
  for (let count of toRowRuns(rows)) {
    for (; count > 127; count = Math.floor(count / 128)) bytes.push((count % 128) | 128)
    bytes.push(count)
  }
  return Uint8Array.from(bytes)
}

/** The counts as the API shows them. */
export const unpackCounts = (bytes: Uint8Array): RowRuns => {
  const counts: RowRuns = []
  let [count, scale] = [0, 1]
  for (const byte of bytes) {
    count += (byte & 127) * scale
    scale *= 128
    if (byte & 128) continue
    counts.push(count)
    ;[count, scale] = [0, 1]
  }
  return counts
}

export const unpackRuns = (bytes: Uint8Array): number[] => fromRowRuns(unpackCounts(bytes))
