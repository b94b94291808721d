// What objects were at an earlier revision, told by the changes since.
import type { Delta } from '../revisions/service'
import { type Kind, kinds, type Rows, type StoredRows } from './rows'

type Row = Rows[Kind][number]
/** By id: what the object was, null where it was not there yet. What is not in it has not changed since. */
export type Fates = Record<Kind, Map<number, Row | null>>

/** `deltas`: the changes since the revision, the oldest first. The first thing that happened to an object tells what it was before. */
export const findFates = (deltas: Delta[]): Fates => {
  const fates: Fates = { tags: new Map(), shapes: new Map(), tracks: new Map() }
  for (const { created, updated, deleted } of deltas)
    for (const kind of kinds) {
      const known = fates[kind]
      const note = (id: number, was: Row | null) => {
        if (!known.has(id)) known.set(id, was)
      }
      for (const id of created[kind]) note(id, null)
      for (const row of updated[kind]) note(row.id!, row)
      for (const row of deleted[kind]) note(row.id!, row)
    }
  return fates
}

/** All objects as they were, by id. */
export const applyFates = (current: StoredRows, fates: Fates): Rows => {
  const apply = (kind: Kind) => {
    const kept = (current[kind] as Row[]).filter(({ id }) => !fates[kind].has(id!))
    const old = [...fates[kind].values()].filter((row) => row !== null)
    return [...kept, ...old].sort((a, b) => a.id! - b.id!)
  }
  return { tags: apply('tags'), shapes: apply('shapes'), tracks: apply('tracks') } as Rows
}
