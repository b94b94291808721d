// The address of a list holds its search, filter, sort, page and page size: reads it and makes the neighbouring ones.

export type Query = Record<string, string | undefined>
export type ListState = { path: string; query: Query; page: number; size: number; count: number }
export type Rule = Record<string, unknown>

/** What does not narrow a list; `unfold` names the rows whose inner rows are shown. */
const views = ['sort', 'page', 'page_size', 'unfold']

/** The list's address with some keys changed; a change of anything but the page leads back to the first page. */
export const addressOf = ({ path, query }: Pick<ListState, 'path' | 'query'>, changes: Query): string => {
  const merged: Query = { ...query, ...('page' in changes ? {} : { page: undefined }), ...changes }
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(merged)) if (value !== undefined && value !== '') search.set(key, value)
  return search.size ? `${path}?${search}` : path
}

/** Whether the list shows less than everything. */
export const isNarrowed = ({ query }: Pick<ListState, 'query'>) =>
  Object.entries(query).some(([key, value]) => value && !views.includes(key))

/** The address of everything, sorted and sized as now. */
export const clearedAddress = (state: ListState) =>
  addressOf(state, Object.fromEntries(Object.keys(state.query).flatMap((key) => (views.includes(key) ? [] : [[key, undefined]]))))

export type SortMark = { direction: 'ascending' | 'descending'; place: number } | null

const readSort = (query: Query) => (query.sort ?? '').split(',').filter(Boolean)

/** How the list is sorted by this field, and which priority that has (0 = first). */
export const sortOf = ({ query }: ListState, field: string): SortMark => {
  const place = readSort(query).findIndex((part) => part.replace(/^-/, '') === field)
  return place < 0 ? null : { direction: readSort(query)[place]!.startsWith('-') ? 'descending' : 'ascending', place }
}

/** The address after a click on a field: ascending, descending, off. A new field comes last. */
export const nextSort = (state: ListState, field: string): string => {
  const parts = readSort(state.query)
  const mark = sortOf(state, field)
  if (!mark) parts.push(field)
  else if (mark.direction === 'ascending') parts[mark.place] = `-${field}`
  else parts.splice(mark.place, 1)
  return addressOf(state, { sort: parts.join(',') || undefined })
}

/** The rules that the filter joins with AND; a filter of another kind is one rule. */
export const readRules = ({ query }: Pick<ListState, 'query'>): Rule[] => {
  try {
    const filter = JSON.parse(query.filter ?? 'null')
    if (!filter || typeof filter !== 'object') return []
    return Array.isArray(filter.and) ? filter.and : [filter]
  } catch {
    return []
  }
}

const same = (a: Rule, b: Rule) => JSON.stringify(a) === JSON.stringify(b)
export const hasRule = (state: ListState, rule: Rule) => readRules(state).some((own) => same(own, rule))

/** The address with the rule added, or taken out when it is there. */
export const toggleRule = (state: ListState, rule: Rule): string => {
  const there = readRules(state)
  const rules = hasRule(state, rule) ? there.filter((own) => !same(own, rule)) : [...there, rule]
  return addressOf(state, { filter: rules.length ? JSON.stringify({ and: rules }) : undefined })
}

const signs: Record<string, string> = { '==': '=', '<': '<', '<=': '≤', '>': '>', '>=': '≥' }
const asField = (value: unknown) => (typeof value === 'object' && value !== null && 'var' in value ? String(value.var) : null)

/** A rule in words: `status = completed`. */
export const describeRule = (rule: Rule): string => {
  const [operator, value] = Object.entries(rule)[0] ?? ['', null]
  const parts = Array.isArray(value) ? value : [value]
  if (operator === '!') return `not ${describeRule((parts[0] ?? {}) as Rule)}`
  if (operator === 'and' || operator === 'or') return parts.map((part) => describeRule(part as Rule)).join(` ${operator} `)
  if (operator === 'var') return `${value} is set`
  const [left, right] = parts
  if (operator === 'in')
    return asField(right) ? `${asField(right)} contains ${left}` : `${asField(left)} in ${(right as unknown[])?.join(', ')}`
  const sign = signs[operator] ?? operator
  if (parts.length === 3) return `${left} ${sign} ${asField(parts[1])} ${sign} ${parts[2]}`
  return asField(left) ? `${asField(left)} ${sign} ${right ?? 'nothing'}` : `${left} ${sign} ${asField(right)}`
}
