// Filters as trees of groups and rules, as the filter builder shows them, from and to JSON Logic.

export type Operator =
  | 'equal'
  | 'not-equal'
  | 'less'
  | 'less-or-equal'
  | 'greater'
  | 'greater-or-equal'
  | 'between'
  | 'like'
  | 'in'
  | 'not-in'
  | 'empty'
/** `other`: the field that the value is read from. */
export type FilterRule = { kind: 'rule'; field: string; operator: Operator; value: string; not: boolean; other?: string }
export type FilterGroup = { kind: 'group'; conjunction: 'and' | 'or'; not: boolean; children: (FilterRule | FilterGroup)[] }
export type FieldKind = 'text' | 'number' | 'time' | 'choice'

const signs: Partial<Record<Operator, string>> = {
  equal: '==',
  less: '<',
  'less-or-equal': '<=',
  greater: '>',
  'greater-or-equal': '>=',
}
const operatorsOf = Object.fromEntries(Object.entries(signs).map(([name, sign]) => [sign, name as Operator]))
const mirrored: Record<string, string> = { '==': '==', '<': '>', '<=': '>=', '>': '<', '>=': '<=' }

const toValue = (text: string, kind: FieldKind) =>
  kind === 'number' && text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text
const splitList = (text: string) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)

const ruleToLogic = ({ field, operator, value, not, other }: FilterRule, kind: FieldKind): object => {
  const variable = { var: field }
  const negate = (logic: object) => ({ '!': [logic] })
  const plain = (): object => {
    const sign = signs[operator]
    const against = other ? { var: other } : toValue(value, kind)
    if (sign) return { [sign]: [variable, against] }
    const list = splitList(value).map((part) => toValue(part, kind))
    const byOperator: Record<string, () => object> = {
      'not-equal': () => negate({ '==': [variable, against] }),
      between: () => ({ '<=': [list[0] ?? '', variable, list[1] ?? ''] }),
      like: () => ({ in: [value, variable] }),
      in: () => ({ in: [variable, list] }),
      'not-in': () => negate({ in: [variable, list] }),
      empty: () => negate(variable),
    }
    return byOperator[operator]!()
  }
  return not ? negate(plain()) : plain()
}

/** The JSON Logic of a tree; null when it holds no rule. */
export const toLogic = (node: FilterRule | FilterGroup, kindOf: (field: string) => FieldKind): object | null => {
  if (node.kind === 'rule') return ruleToLogic(node, kindOf(node.field))
  const children = node.children.flatMap((child) => toLogic(child, kindOf) ?? [])
  if (!children.length) return null
  const joined = { [node.conjunction]: children }
  return node.not ? { '!': [joined] } : joined
}

const isVar = (value: unknown): value is { var: string } => typeof value === 'object' && value !== null && 'var' in value
const asText = (value: unknown) => (value === null || value === undefined ? '' : String(value))
const rule = (field: string, operator: Operator, value = ''): FilterRule => ({ kind: 'rule', field, operator, value, not: false })

const negated = (inner: FilterRule | FilterGroup): FilterRule | FilterGroup => {
  if (inner.kind === 'rule' && !inner.not) {
    if (inner.operator === 'equal') return { ...inner, operator: 'not-equal' }
    if (inner.operator === 'in') return { ...inner, operator: 'not-in' }
  }
  return { ...inner, not: !inner.not }
}

/** The tree of a JSON Logic filter; null when the builder cannot show it. */
export const fromLogic = (logic: unknown): FilterRule | FilterGroup | null => {
  if (typeof logic !== 'object' || logic === null) return null
  const [operator, raw] = Object.entries(logic)[0] ?? []
  if (!operator) return null
  const parts: unknown[] = Array.isArray(raw) ? raw : [raw]
  if (operator === 'and' || operator === 'or') {
    const children = parts.map(fromLogic)
    return children.includes(null)
      ? null
      : { kind: 'group', conjunction: operator, not: false, children: children as FilterRule[] }
  }
  if (operator === '!') {
    if (isVar(parts[0])) return rule(parts[0].var, 'empty')
    const inner = fromLogic(parts[0])
    return inner && negated(inner)
  }
  if (operator === 'in') {
    const [left, right] = parts
    if (isVar(left) && Array.isArray(right)) return rule(left.var, 'in', right.map(asText).join(', '))
    return isVar(right) ? rule(right.var, 'like', asText(left)) : null
  }
  if (!(operator in mirrored)) return null
  const [left, middle, right] = parts
  if (parts.length === 3 && isVar(middle) && operator === '<=')
    return rule(middle.var, 'between', `${asText(left)}, ${asText(right)}`)
  if (isVar(left) && isVar(middle)) return { ...rule(left.var, operatorsOf[operator]!), other: middle.var }
  if (isVar(left)) return rule(left.var, operatorsOf[operator]!, asText(middle))
  return isVar(middle) ? rule(middle.var, operatorsOf[mirrored[operator]!]!, asText(left)) : null
}
