// The bytes of a change in the revision log: ids of what came as ranges, and what was changed or deleted as it had been, in zstd.
import type { Rows } from '../annotations/service'

export type Ids = { tags: number[]; shapes: number[]; tracks: number[] }
/** What undoes a change: `created` goes, `updated` and `deleted` become again what they were. */
export type Delta = { created: Ids; updated: Rows; deleted: Rows }

type Range = [first: number, last: number]
type Packed = { created: Record<keyof Ids, Range[]>; updated: Rows; deleted: Rows }

const toRanges = (ids: number[]): Range[] => {
  const ranges: Range[] = []
  for (const id of ids) {
    const last = ranges.at(-1)
    if (last && last[1] + 1 === id) last[1] = id
    else ranges.push([id, id])
  }
  return ranges
}
const fromRanges = (ranges: Range[]): number[] =>
  ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i))

/** Level 1 packs the rows of 10,000 polygons in a few milliseconds to a fifth of their size. */
const level = 1

export const packDelta = ({ created, updated, deleted }: Delta): Uint8Array => {
  const { tags, shapes, tracks } = created
  const packed: Packed = {
    created: { tags: toRanges(tags), shapes: toRanges(shapes), tracks: toRanges(tracks) },
    updated,
    deleted,
  }
  return Bun.zstdCompressSync(JSON.stringify(packed), { level })
}

export const unpackDelta = (bytes: Uint8Array): Delta => {
  const { created, updated, deleted } = JSON.parse(new TextDecoder().decode(Bun.zstdDecompressSync(bytes))) as Packed
  const { tags, shapes, tracks } = created
  return { created: { tags: fromRanges(tags), shapes: fromRanges(shapes), tracks: fromRanges(tracks) }, updated, deleted }
}
