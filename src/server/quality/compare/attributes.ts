// How values of attributes are compared: exactly, or as texts that may differ a little.
import type { Mark } from './marks'

export type Comparator = 'exact' | 'levenshtein'
export const comparators: readonly Comparator[] = ['exact', 'levenshtein']
/** `threshold` is the least likeness of two texts that count as equal, 0…1. */
export type ValueRule = { isCompared: boolean; comparator: Comparator; threshold: number }
/** The rule of an attribute by its label and name. */
export type AttributeRules = (labelId: number, name: string) => ValueRule

/** Texts less alike are different when a rule names no threshold. */
export const defaultTextThreshold = 0.8

/** Fewest letters that are put in, taken out or exchanged: V. I. Levenshtein, Soviet Physics Doklady 10 (1966) 707–710. */
export const countEdits = (a: string, b: string): number => {
  const [one, other] = [[...a], [...b]]
  let row = other.map((_, at) => at + 1)
  for (const [at, letter] of one.entries()) {
    let corner = at
    let left = at + 1
    row = row.map((above, column) => {
      left = Math.min(above + 1, left + 1, corner + (letter === other[column] ? 0 : 1))
      corner = above
      return left
    })
  }
  return other.length ? row.at(-1)! : one.length
}

/** 1 for equal texts, 0 for texts that have nothing in common. */
export const measureTexts = (a: string, b: string): number => {
  const longest = Math.max([...a].length, [...b].length)
  return longest ? 1 - countEdits(a, b) / longest : 1
}

type Value = string | number | boolean | undefined

const isSame = (a: Value, b: Value, { comparator, threshold }: ValueRule): boolean => {
  if (a === b) return true
  if (comparator === 'exact' || typeof a !== 'string' || typeof b !== 'string') return false
  return measureTexts(a, b) >= threshold
}

/** Attributes that say how an annotation came to be, or are compared otherwise. */
const internal = new Set(['track_id', 'keyframe', 'z_order', 'group', 'rotation', 'outside'])

/** Names of the attributes whose values differ. */
export const listDifferences = (a: Mark, b: Mark, ignored: ReadonlySet<string>, ruleOf: AttributeRules): string[] =>
  [...new Set([...a.attributes.keys(), ...b.attributes.keys()])].filter((name) => {
    if (ignored.has(name) || internal.has(name)) return false
    const rule = ruleOf(a.labelId, name)
    return rule.isCompared && !isSame(a.attributes.get(name), b.attributes.get(name), rule)
  })

/** Every attribute, exactly. */
export const compareExactly: AttributeRules = () => ({ isCompared: true, comparator: 'exact', threshold: 1 })
