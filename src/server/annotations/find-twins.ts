// Tags and shapes that two jobs have both because their frames overlap.
import { findBounds } from '../../formats/geometry/box'
import { matchPairs } from './match-pairs'
import type { ShapeRow, Stored, TagRow } from './rows'
import { measureLikeness } from './similarity'

/** What of a job tells where it is. */
export type Place = { id: number; startFrame: number; stopFrame: number }

/** Two shapes on one frame are the same one from this intersection over union on. */
const leastLikeness = 0.75

export const orderPlaces = <P extends Place>(places: readonly P[]): P[] =>
  places.toSorted((a, b) => a.startFrame - b.startFrame || a.id - b.id)

/** Whether any two of the jobs share a frame. */
export const doOverlap = (places: readonly Place[]): boolean =>
  orderPlaces(places).some(({ startFrame }, i, all) => i > 0 && all[i - 1]!.stopFrame >= startFrame)

type Match<T> = (later: T[], earlier: T[]) => [later: T, earlier: T][]

/** For each object of a later job that an earlier one has too: which. */
const findDoubles = <T extends Stored<{ frame: number }>>(rows: T[], places: readonly Place[], match: Match<T>): Map<T, T> => {
  const byJob = Map.groupBy(rows, ({ jobId }) => jobId)
  const doubles = new Map<T, T>()
  const kept: T[] = []
  let reach = -1
  for (const { id, startFrame, stopFrame } of orderPlaces(places)) {
    const own = byJob.get(id) ?? []
    if (reach >= startFrame && own.length) {
      const earlier = Map.groupBy(
        kept.filter(({ frame }) => frame >= startFrame),
        ({ frame }) => frame,
      )
      const later = Map.groupBy(
        own.filter(({ frame }) => frame <= reach),
        ({ frame }) => frame,
      )
      for (const [frame, list] of later) for (const [one, other] of match(list, earlier.get(frame) ?? [])) doubles.set(one, other)
    }
    for (const row of own) if (!doubles.has(row)) kept.push(row)
    reach = Math.max(reach, stopFrame)
  }
  return doubles
}

/** Pairs those with equal keys, one to one, and answers what is left over of both. */
const matchEqual = <T>(later: T[], earlier: T[], key: (row: T) => string) => {
  const waiting = Map.groupBy(earlier, key)
  const pairs: [T, T][] = []
  const left: T[] = []
  for (const row of later) {
    const other = waiting.get(key(row))?.shift()
    if (other) pairs.push([row, other])
    else left.push(row)
  }
  return { pairs, later: left, earlier: [...waiting.values()].flat() }
}

export const findTagTwins = (tags: Stored<TagRow>[], places: readonly Place[]) =>
  findDoubles(tags, places, (later, earlier) => matchEqual(later, earlier, ({ labelId }) => String(labelId)).pairs)

/** Skeletons have no points of their own; those of their elements tell where they are. */
const keyOf = ({ labelId, type, rotation, points, elements }: ShapeRow): string =>
  `${labelId} ${type} ${rotation} ${points} ${elements.map((element) => keyOf(element)).join()}`

/** Only these can be alike without being equal. */
const measured = new Set(['rectangle', 'polygon', 'cuboid'])

const matchShapes: Match<Stored<ShapeRow>> = (later, earlier) => {
  const equal = matchEqual(later, earlier, keyOf)
  const read = (row: Stored<ShapeRow>) => {
    const points = JSON.parse(row.points) as number[]
    return { row, type: row.type, labelId: row.labelId, rotation: row.rotation, points, bounds: findBounds(points) }
  }
  const ones = equal.later.filter(({ type }) => measured.has(type)).map(read)
  const others = equal.earlier.filter(({ type }) => measured.has(type)).map(read)
  const measure = (i: number, k: number) => {
    const [a, b] = [ones[i]!, others[k]!]
    const isApart =
      a.type !== 'cuboid' &&
      (a.bounds[0] > b.bounds[2] || b.bounds[0] > a.bounds[2] || a.bounds[1] > b.bounds[3] || b.bounds[1] > a.bounds[3])
    return isApart ? 0 : measureLikeness(a, b)
  }
  const alike = matchPairs(ones.length, others.length, measure, leastLikeness)
  return [...equal.pairs, ...alike.map(([i, k]): [Stored<ShapeRow>, Stored<ShapeRow>] => [ones[i]!.row, others[k]!.row])]
}

export const findShapeTwins = (shapes: Stored<ShapeRow>[], places: readonly Place[]) => findDoubles(shapes, places, matchShapes)
