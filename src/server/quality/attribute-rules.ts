// Rules about attributes as settings hold them, and what follows from them for a comparison.
import type { Attribute, Label } from '../../formats/model'
import { invalid } from '../http/errors'
import { type AttributeRules, type Comparator, comparators, defaultTextThreshold } from './compare/attributes'
import type { AttributeComparison, AttributeRule } from './schema'
import type { Requirement } from './settings'

type Known = { labelId: number; spec: Attribute }
/** Attributes by their ids. */
export type KnownAttributes = ReadonlyMap<number, Known>

/** Attributes of labels, those of the points of skeletons included, by their ids. */
export const indexAttributes = (labels: readonly Label[]): KnownAttributes =>
  new Map(
    labels.flatMap((label) =>
      [label, ...label.sublabels].flatMap(({ id, attributes }) =>
        attributes.map((spec): [number, Known] => [spec.id, { labelId: id, spec }]),
      ),
    ),
  )

const readComparator = (text: string | null | undefined): Comparator => comparators.find((one) => one === text) ?? 'exact'

/** Rules of single attributes go before the default, and take from it what they leave open. */
export const toAttributeRules = (
  { default: common, rules = [] }: AttributeComparison,
  known: KnownAttributes,
  isOn: boolean,
): AttributeRules => {
  const resolve = (rule: AttributeRule, enabled: boolean) => {
    const comparator = readComparator(rule.comparator ?? common?.comparator)
    const threshold = rule.threshold ?? common?.threshold ?? (comparator === 'exact' ? 1 : defaultTextThreshold)
    return { isCompared: rule.enabled ?? enabled, comparator, threshold }
  }
  const byName = new Map(
    rules.flatMap((rule) => {
      const attribute = known.get(rule.spec_id)
      return attribute ? [[`${attribute.labelId} ${attribute.spec.name}`, resolve(rule, isOn)] as const] : []
    }),
  )
  const initial = resolve(common ?? {}, isOn)
  return (labelId, name) => byName.get(`${labelId} ${name}`) ?? initial
}

/** Whether a requirement or one above it, but not the base one, says how attributes are compared: then they decide what is right. */
export const doAttributesDecide = (row: Requirement, all: readonly Requirement[]): boolean => {
  const seen = new Set<number>()
  for (let at: Requirement | undefined = row; at && !at.isBase && !seen.has(at.id); ) {
    if (at.attributeComparison) return true
    seen.add(at.id)
    const parentId: number | null = at.parentId
    at = all.find(({ id }) => id === parentId)
  }
  return false
}

/** Whether any attribute is compared by these rules. */
export const isAnyCompared = ({ default: common, rules = [] }: AttributeComparison, isOn: boolean): boolean =>
  (common?.enabled ?? isOn) || rules.some(({ enabled }) => enabled)

/** Whether a rule that is on names an attribute that is not there (any more). */
export const isAnyMissing = ({ rules = [] }: AttributeComparison, known: KnownAttributes): boolean =>
  rules.some(({ spec_id, enabled }) => enabled && !known.has(spec_id))

/** Throws 400 for attributes that the labels do not have, or that are named twice. */
export const requireAttributes = ({ rules = [] }: AttributeComparison, known: KnownAttributes): void => {
  const seen = new Set<number>()
  for (const { spec_id } of rules) {
    if (!known.has(spec_id)) throw invalid({ attribute_comparison: `There is no attribute with id ${spec_id} in these labels.` })
    if (seen.has(spec_id)) throw invalid({ attribute_comparison: `The attribute with id ${spec_id} is named twice.` })
    seen.add(spec_id)
  }
}
