// Likeness of texts, and which attributes count as different.
import { expect, test } from 'bun:test'
import { countEdits, listDifferences, measureTexts, type ValueRule } from './attributes'
import type { Mark } from './marks'

test('edits between words, as in textbooks', () => {
  const known: [string, string, number][] = [
    ['kitten', 'sitting', 3],
    ['saturday', 'sunday', 3],
    ['flaw', 'lawn', 2],
    ['', 'abc', 3],
    ['abc', '', 3],
    ['', '', 0],
    ['same', 'same', 0],
    ['😀a', '😀b', 1],
  ]
  for (const [a, b, edits] of known) {
    expect([a, b, countEdits(a, b)]).toEqual([a, b, edits])
    expect(countEdits(b, a)).toBe(edits)
  }
  expect(measureTexts('kitten', 'sitting')).toBeCloseTo(4 / 7, 12)
  expect(measureTexts('', '')).toBe(1)
})

const mark = (values: Record<string, string | number | boolean>) =>
  ({ labelId: 1, attributes: new Map(Object.entries(values)) }) as unknown as Mark
const fuzzy = (threshold: number): ValueRule => ({ isCompared: true, comparator: 'levenshtein', threshold })
const compare = (rule: ValueRule) =>
  listDifferences(
    mark({ plate: 'AB 123', seats: 4, parked: true }),
    mark({ plate: 'AB 124', seats: 5, parked: true }),
    new Set(),
    () => rule,
  )

test('texts that differ a little are the same by the threshold; numbers never are', () => {
  expect(compare(fuzzy(0.8))).toEqual(['seats'])
  expect(compare(fuzzy(0.9))).toEqual(['plate', 'seats'])
  expect(compare({ isCompared: true, comparator: 'exact', threshold: 0 })).toEqual(['plate', 'seats'])
  expect(compare({ isCompared: false, comparator: 'exact', threshold: 1 })).toEqual([])
})

test('a value that only one side has differs; how the annotation came to be does not', () => {
  const rule = fuzzy(0)
  expect(listDifferences(mark({ a: 'x', track_id: 1 }), mark({ keyframe: true }), new Set(), () => rule)).toEqual(['a'])
  expect(listDifferences(mark({ a: 'x' }), mark({}), new Set(['a']), () => rule)).toEqual([])
})
