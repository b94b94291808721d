// JSON Logic over annotations: which of them a requirement is about.
import { invalid } from '../http/errors'
import type { Mark } from './compare/marks'

/** What a filter may name: `label`, `type`, `shape_type`, `occluded`, `group`, and attributes as `attr.name`. */
type Facts = (name: string) => unknown
type Rule = unknown
export type MarkTest = (mark: Mark, labelName: string) => boolean

const maxDepth = 20
const known = new Set(['label', 'type', 'shape_type', 'occluded', 'group'])
const fail = (text: string) => invalid({ filter: text })

const isVar = (rule: Rule): rule is { var: string } =>
  typeof rule === 'object' && rule !== null && typeof (rule as { var?: unknown }).var === 'string'

/** Texts and numbers that look the same are equal, as attribute values are texts in clients. */
const isEqual = (a: unknown, b: unknown) => a === b || (a != null && b != null && String(a) === String(b))

const compile = (rule: Rule, depth = 0): ((facts: Facts) => unknown) => {
  if (depth > maxDepth) throw fail('The filter is nested too deeply.')
  if (isVar(rule)) {
    if (!known.has(rule.var) && !rule.var.startsWith('attr.')) throw fail(`Unknown field "${rule.var}".`)
    return (facts) => facts(rule.var)
  }
  if (rule === null || typeof rule !== 'object') return () => rule
  if (Array.isArray(rule)) {
    const parts = rule.map((part) => compile(part, depth + 1))
    return (facts) => parts.map((part) => part(facts))
  }
  const entries = Object.entries(rule)
  if (entries.length !== 1) throw fail('Not a JSON Logic rule.')
  const [operator, given] = entries[0]!
  const parts = (Array.isArray(given) ? given : [given]).map((part) => compile(part, depth + 1))
  const values = (facts: Facts) => parts.map((part) => part(facts))
  const compareNumbers = (fits: (a: number, b: number) => boolean) => (facts: Facts) => {
    const list = values(facts).map(Number)
    return list.length > 1 && list.slice(1).every((value, at) => fits(list[at]!, value))
  }
  switch (operator) {
    case 'and':
      return (facts) => parts.every((part) => part(facts))
    case 'or':
      return (facts) => parts.some((part) => part(facts))
    case '!':
      return (facts) => !parts[0]?.(facts)
    case '==':
      return (facts) => isEqual(values(facts)[0], values(facts)[1])
    case '!=':
      return (facts) => !isEqual(values(facts)[0], values(facts)[1])
    case 'in':
      return (facts) => {
        const [one, list] = values(facts)
        if (Array.isArray(list)) return list.some((value) => isEqual(one, value))
        return typeof list === 'string' && list.includes(String(one))
      }
    case '<':
      return compareNumbers((a, b) => a < b)
    case '<=':
      return compareNumbers((a, b) => a <= b)
    case '>':
      return compareNumbers((a, b) => a > b)
    case '>=':
      return compareNumbers((a, b) => a >= b)
    default:
      throw fail(`Unknown operator "${operator}".`)
  }
}

/** Nothing for an empty filter. Throws 400 naming `filter`. */
export const readMarkFilter = (text: string): MarkTest | undefined => {
  if (!text.trim()) return undefined
  let rule: Rule
  try {
    rule = JSON.parse(text)
  } catch {
    throw fail('Not valid JSON.')
  }
  if (Array.isArray(rule) && !rule.length) return undefined
  if (rule === null || typeof rule !== 'object' || Array.isArray(rule)) throw fail('Not a JSON Logic rule.')
  const test = compile(rule)
  return (mark, labelName) =>
    Boolean(
      test((name) => {
        if (name === 'label') return labelName
        if (name === 'type') return mark.ref.type
        if (name === 'shape_type') return mark.ref.shape_type
        if (name === 'group') return mark.group
        if (name === 'occluded') return mark.attributes.get('occluded')
        return mark.attributes.get(name.slice('attr.'.length))
      }),
    )
}
