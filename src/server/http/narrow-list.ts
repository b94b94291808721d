// /narrow: adds a rule to the filter of a list and leads there; for forms without scripts, which cannot write a filter themselves.
import { Elysia } from 'elysia'
import { hasRule, type ListState, type Rule, toggleRule } from '../../web/ui/list-address'
import { ownPath, redirectTo } from './html'

/** `kind operator field`, as the form writes it. Null for what is none, and for nothing to compare with. */
const readRule = (text: string, value: string): Rule | null => {
  const [, kind, operator, name] = /^(text|choice|number|time) (in|==|>=|<=) (\w+)$/.exec(text) ?? []
  if (!kind || !operator || !value) return null
  const field = { var: name }
  if (operator === 'in') return { in: [value, field] }
  return { [operator]: [field, kind === 'number' && Number.isFinite(Number(value)) ? Number(value) : value] }
}

export const narrowing = new Elysia({ name: 'narrowing', detail: { hide: true } }).get('/narrow', ({ request }) => {
  const { list, rule: text = '', value = '', ...query } = Object.fromEntries(new URL(request.url).searchParams)
  const path = ownPath(list).replace(/[?#].*$/, '')
  const state: ListState = { path, query, page: 1, size: 1, count: 0 }
  const rule = readRule(text, value.trim())
  // A rule that is there already stays.
  const search = new URLSearchParams(query)
  if (!rule || hasRule(state, rule)) return redirectTo(search.size ? `${path}?${search}` : path)
  return redirectTo(toggleRule(state, rule))
})
