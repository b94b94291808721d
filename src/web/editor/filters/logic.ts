// JSON Logic over flat facts: the part that filters use.

export type Logic = { [operator: string]: unknown }
export type Facts = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Numbers are compared as numbers even where one side is text. */
const same = (a: unknown, b: unknown): boolean => {
  if (a === undefined || a === null || b === undefined || b === null) return (a ?? null) === (b ?? null)
  if (typeof a === 'boolean' || typeof b === 'boolean') return String(a) === String(b)
  return String(a) === String(b) || (String(a).trim() !== '' && String(b).trim() !== '' && Number(a) === Number(b))
}

const compare = (parts: readonly unknown[], test: (a: number, b: number) => boolean): boolean =>
  parts.every((part, i) => {
    if (i === 0) return true
    const [a, b] = [parts[i - 1], part].map((one) => (one === null || one === undefined || one === '' ? Number.NaN : Number(one)))
    return test(a!, b!)
  })

const contains = (needle: unknown, hay: unknown): boolean => {
  if (Array.isArray(hay)) return hay.some((one) => same(one, needle))
  return String(hay ?? '')
    .toLowerCase()
    .includes(String(needle ?? '').toLowerCase())
}

const operators: Record<string, (parts: unknown[]) => unknown> = {
  '==': ([a, b]) => same(a, b),
  '===': ([a, b]) => same(a, b),
  '!=': ([a, b]) => !same(a, b),
  '!==': ([a, b]) => !same(a, b),
  '<': (parts) => compare(parts, (a, b) => a < b),
  '<=': (parts) => compare(parts, (a, b) => a <= b),
  '>': (parts) => compare(parts, (a, b) => a > b),
  '>=': (parts) => compare(parts, (a, b) => a >= b),
  in: ([needle, hay]) => contains(needle, hay),
  '!': ([value]) => !value,
  '!!': ([value]) => Boolean(value),
  and: (parts) => parts.every(Boolean),
  or: (parts) => parts.some(Boolean),
}

/** The value of a rule over facts. Unknown operators throw, naming the operator. */
export const evaluate = (logic: unknown, facts: Facts): unknown => {
  if (Array.isArray(logic)) return logic.map((one) => evaluate(one, facts))
  if (!isObject(logic)) return logic
  const [operator, raw] = Object.entries(logic)[0] ?? []
  if (operator === undefined) return true
  if (operator === 'var') return facts[String(Array.isArray(raw) ? raw[0] : raw)]
  const run = operators[operator]
  if (!run) throw new Error(`The filter uses the unknown operator “${operator}”`)
  return run((Array.isArray(raw) ? raw : [raw]).map((one) => evaluate(one, facts)))
}

/** Whether facts pass a filter; no filter passes all. */
export const passes = (logic: Logic | null, facts: Facts): boolean => logic === null || Boolean(evaluate(logic, facts))

/** The fields that a filter reads. */
export const listFields = (logic: unknown): string[] => {
  if (Array.isArray(logic)) return logic.flatMap(listFields)
  if (!isObject(logic)) return []
  return Object.entries(logic).flatMap(([operator, raw]) =>
    operator === 'var' ? [String(Array.isArray(raw) ? raw[0] : raw)] : listFields(raw),
  )
}
