// Objects that lie on each other: the same thing drawn twice, or one thing under two labels.
import { listNearBoxes } from '../../../formats/geometry/near-boxes'
import type { Finding, Placed, Thing } from '../thing'
import { measureOverlap } from './overlap'

const leastSame = 0.8
const leastOther = 0.9
/** Two objects of which one moves are the same one if they lie on each other for this part of the time that the shorter is seen. */
const leastTime = 0.5

/** Two objects that lie on each other, how alike they are on average, and where most. */
export type Double = { early: Placed; late: Placed; value: number }

const isSame = (a: Placed, b: Placed) => a.thing.labelId === b.thing.labelId

const measure = (a: Placed, b: Placed) => a.likeness?.(b) ?? measureOverlap(a.box, b.box)

/** Pairs of one job. @param placed every object on every frame where it is seen */
export const listDoubles = (placed: readonly Placed[]): Double[] => {
  const pairs = new Map<Thing, Map<Thing, { sum: number; count: number; best: Double }>>()
  const seen = new Map<Thing, number>()
  for (const { thing } of placed) seen.set(thing, (seen.get(thing) ?? 0) + 1)
  for (const onFrame of Map.groupBy(placed, ({ frame }) => frame).values()) {
    const boxes = onFrame.map(({ box: [left, top, right, bottom] }): [number, number, number, number] => [
      left,
      top,
      right - left,
      bottom - top,
    ])
    for (const [i, k] of listNearBoxes(boxes, boxes)) {
      if (k <= i) continue
      const [a, b] = [onFrame[i]!, onFrame[k]!]
      if (a.thing.type !== b.thing.type) continue
      const value = measure(a, b)
      if (value < (isSame(a, b) ? leastSame : leastOther)) continue
      const [early, late] = isEarlier(a.thing, b.thing) ? [a, b] : [b, a]
      const row = pairs.get(early.thing) ?? new Map()
      pairs.set(early.thing, row)
      const known = row.get(late.thing)
      if (!known) row.set(late.thing, { sum: value, count: 1, best: { early, late, value } })
      else {
        known.sum += value
        known.count++
        if (value > known.best.value) known.best = { early, late, value }
      }
    }
  }
  return [...pairs.values()].flatMap((row) =>
    [...row].flatMap(([late, { sum, count, best }]) =>
      count >= leastTime * Math.min(seen.get(late)!, seen.get(best.early.thing)!) ? [{ ...best, value: sum / count }] : [],
    ),
  )
}

const orderOfKinds = { shape: 0, track: 1, tag: 2 }
/** Of two objects the one that was there first stays: tracks before shapes, as they say more. */
const isEarlier = (a: Thing, b: Thing) => (a.kind === b.kind ? a.id < b.id : orderOfKinds[a.kind] > orderOfKinds[b.kind])

/** Labels that lie on each other this often are meant to, as a face on a head. */
const usual = { share: 0.1, count: 5 }

/**
 * @param things all that were looked at, to tell what is usual
 * @param doubles pairs of all jobs
 */
export const judgeDoubles = (things: readonly Thing[], doubles: readonly Double[]): Finding[] => {
  const totals = new Map<number, number>()
  for (const { labelId } of things) totals.set(labelId, (totals.get(labelId) ?? 0) + 1)
  const pairOf = ({ early, late }: Double) => [early.thing.labelId, late.thing.labelId].sort((a, b) => a - b).join()
  const counts = new Map<string, number>()
  for (const double of doubles) counts.set(pairOf(double), (counts.get(pairOf(double)) ?? 0) + 1)
  return doubles.flatMap((double): Finding[] => {
    const { early, late, value } = double
    const same = isSame(early, late)
    const count = counts.get(pairOf(double))!
    const total = Math.min(totals.get(early.thing.labelId)!, totals.get(late.thing.labelId)!)
    if (!same && count >= usual.count && count > usual.share * total) return []
    const least = same ? leastSame : leastOther
    return [
      {
        thing: late.thing,
        reason: same ? 'duplicate' : 'conflicting_label',
        frame: late.frame,
        score: 0.5 + (0.5 * (value - least)) / (1 - least),
        details: {
          box: late.box,
          value,
          other: { kind: early.thing.kind, id: early.thing.id, labelId: early.thing.labelId, box: early.box },
        },
      },
    ]
  })
}

/** Tags of one label on one frame say nothing more. */
export const findDoubleTags = (things: readonly Thing[]): Finding[] => {
  const tags = things.filter(({ kind }) => kind === 'tag')
  return [...Map.groupBy(tags, ({ jobId, frame, labelId }) => `${jobId} ${frame} ${labelId}`).values()].flatMap(
    ([first, ...rest]) =>
      rest.map((thing) => ({
        thing,
        reason: 'duplicate' as const,
        frame: thing.frame,
        score: 1,
        details: { value: 1, other: { kind: 'tag' as const, id: first!.id, labelId: first!.labelId, box: [0, 0, 0, 0] } },
      })) as Finding[],
  )
}
