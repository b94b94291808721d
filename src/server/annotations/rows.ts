// Annotations as the database keeps them: points and attributes are JSON text, what is not stored yet has no id.

import type { Size } from './measure-size'

type Common = {
  id?: number
  labelId: number
  /** Task frame; of a track its first key frame. */
  frame: number
  group: number
  source: string
  attributes: string
}
type Body = { type: string; occluded: boolean; outside: boolean; zOrder: number; rotation: number; points: string }

export type TagRow = Common
/** `size` is that of its points where it is known already; whoever changes those has to leave it out. */
export type ShapeRow = Common & Body & { score: number; elements: ShapeRow[]; size?: Size }
export type KeyRow = Body & { id?: number; frame: number; attributes: string }
export type TrackRow = Common & { shapes: KeyRow[]; elements: TrackRow[] }
export type Rows = { tags: TagRow[]; shapes: ShapeRow[]; tracks: TrackRow[] }
export type Kind = keyof Rows
export type Ids = Record<Kind, number[]>

/** A row that is stored, and where. */
export type Stored<T> = T & { id: number; jobId: number }
export type StoredRows = { tags: Stored<TagRow>[]; shapes: Stored<ShapeRow>[]; tracks: Stored<TrackRow>[] }

export const kinds = ['tags', 'shapes', 'tracks'] as const

export const noRows = <R extends Rows = Rows>(): R => ({ tags: [], shapes: [], tracks: [] }) as unknown as R
export const isEmpty = (lists: Record<Kind, unknown[]>) => kinds.every((kind) => lists[kind].length === 0)
/** Ids of the rows that have one. */
export const idsOf = (rows: Rows): Ids => {
  const ids = (list: { id?: number }[]) => list.flatMap(({ id }) => id ?? [])
  return { tags: ids(rows.tags), shapes: ids(rows.shapes), tracks: ids(rows.tracks) }
}
/** The rows of each kind that fit. */
export const filterRows = <R extends Rows>(rows: R, fits: (row: Rows[Kind][number], kind: Kind) => boolean): R => {
  const pick = (kind: Kind) => (rows[kind] as Rows[Kind][number][]).filter((row) => fits(row, kind))
  return { tags: pick('tags'), shapes: pick('shapes'), tracks: pick('tracks') } as unknown as R
}
