// Attribute values that contradict those of the other objects of their label.
import type { Attribute } from '../../../formats/model'
import { findMiddle, measureOddness, measureRarity } from '../robust'
import { type Finding, type Reason, scoreBeyond, type Thing } from '../thing'

const leastCount = 40
/** Together rarer than by chance: one in ten thousand. */
const rarest = 1e-4
/** One value that two in five hundred have at most. */
const rareValue = { count: 2, share: 1 / 250, objects: 500 }
const categorical = new Set(['select', 'radio', 'checkbox'])

type Specs = ReadonlyMap<number, Attribute>
type Details = Finding['details']

const make = (thing: Thing, reason: Reason, score: number, details: Details): Finding => {
  const [sample] = thing.samples
  return {
    thing,
    reason,
    frame: sample?.frame ?? thing.frame,
    score,
    details: { ...(sample && { box: sample.box }), ...details },
  }
}

const normalise = (spec: Attribute, value: string) => (spec.input_type === 'checkbox' ? value.toLowerCase() : value)

const countBy = <T>(list: readonly T[], key: (item: T) => string): Map<string, number> => {
  const counts = new Map<string, number>()
  for (const item of list) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1)
  return counts
}

/** Pairs of values that hardly ever come together although each of them is common. */
const findRarePairs = (group: readonly Thing[], one: Attribute, other: Attribute): Finding[] => {
  const rows = group.flatMap((thing) => {
    const [a, b] = [thing.values.get(one.id), thing.values.get(other.id)]
    return a === undefined || b === undefined ? [] : [{ thing, a: normalise(one, a), b: normalise(other, b) }]
  })
  if (rows.length < leastCount) return []
  const [countsA, countsB] = [countBy(rows, ({ a }) => a), countBy(rows, ({ b }) => b)]
  const both = countBy(rows, ({ a, b }) => JSON.stringify([a, b]))
  return rows.flatMap(({ thing, a, b }) => {
    const count = both.get(JSON.stringify([a, b]))!
    const rarity = measureRarity(count, (countsA.get(a)! * countsB.get(b)!) / rows.length)
    if (rarity > rarest) return []
    // A value that is rare beside common ones makes few objects odd; many are another kind of thing.
    if (count > Math.max(2, rows.length / 50)) return []
    const attributes = [
      { name: one.name, value: a },
      { name: other.name, value: b },
    ]
    const score = scoreBeyond(-Math.log10(rarity || Number.MIN_VALUE), -Math.log10(rarest))
    return [make(thing, 'rare_values', score, { attributes, count, total: rows.length })]
  })
}

/** Values that almost nobody has, measured in bits of surprise. */
const findRareValues = (group: readonly Thing[], spec: Attribute): Finding[] => {
  const rows = group.flatMap((thing) => {
    const value = thing.values.get(spec.id)
    return value === undefined ? [] : [{ thing, value: normalise(spec, value) }]
  })
  if (rows.length < rareValue.objects) return []
  const counts = countBy(rows, ({ value }) => value)
  return rows.flatMap(({ thing, value }) => {
    const count = counts.get(value)!
    if (count > rareValue.count || count > rareValue.share * rows.length) return []
    const score = scoreBeyond(Math.log2(rows.length / count), -Math.log2(rareValue.share))
    return [make(thing, 'rare_values', score, { attributes: [{ name: spec.name, value }], count, total: rows.length })]
  })
}

const leastNumbers = 20
const limit = 6
/** Where more numbers lie far off, they are meant. */
const mostOdd = 0.02

const findOddNumbers = (group: readonly Thing[], spec: Attribute): Finding[] => {
  const rows = group.flatMap((thing) => {
    const value = Number(thing.values.get(spec.id) || Number.NaN)
    return Number.isFinite(value) ? [{ thing, value }] : []
  })
  if (rows.length < leastNumbers) return []
  const middle = findMiddle(rows.map(({ value }) => value))
  const floor = Math.max(0.05 * Math.abs(middle.median), 1e-9)
  const odd = rows.filter(({ value }) => measureOddness(value, middle, floor) >= limit)
  if (odd.length > Math.max(1, mostOdd * rows.length)) return []
  return odd.map(({ thing, value }) =>
    make(thing, 'number_outlier', scoreBeyond(measureOddness(value, middle, floor), limit), {
      attributes: [{ name: spec.name, value: String(value) }],
      value,
      usual: middle.median,
    }),
  )
}

const leastTexts = 10
/** A text that this part of the objects has is missing in the others. */
const filled = 0.9

const findEmptyTexts = (group: readonly Thing[], spec: Attribute): Finding[] => {
  const rows = group.filter(({ values }) => values.has(spec.id))
  const empty = rows.filter(({ values }) => !values.get(spec.id)!.trim())
  const share = 1 - empty.length / rows.length
  if (rows.length < leastTexts || share < filled) return []
  return empty.map((thing) =>
    make(thing, 'empty_text', 0.5 + 0.5 * ((share - filled) / (1 - filled)), {
      attributes: [{ name: spec.name, value: '' }],
      count: empty.length,
      total: rows.length,
    }),
  )
}

export const findOddValues = (things: readonly Thing[], specs: Specs): Finding[] =>
  [...Map.groupBy(things, ({ labelId }) => labelId).values()].flatMap((group) => {
    const ids = new Set(group.flatMap(({ values }) => [...values.keys()]))
    const own = [...ids].flatMap((id) => specs.get(id) ?? [])
    const choices = own.filter(({ input_type }) => categorical.has(input_type))
    return [
      ...choices.flatMap((one, at) => choices.slice(at + 1).flatMap((other) => findRarePairs(group, one, other))),
      ...choices.flatMap((spec) => findRareValues(group, spec)),
      ...own.filter(({ input_type }) => input_type === 'number').flatMap((spec) => findOddNumbers(group, spec)),
      ...own.filter(({ input_type }) => input_type === 'text').flatMap((spec) => findEmptyTexts(group, spec)),
    ]
  })
