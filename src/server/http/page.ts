// Lists: paging, simple filters, JSON Logic, search and sort over an allow list of fields.
import { and, asc, desc, eq, isNull, not, or, type SQL, sql } from 'drizzle-orm'
import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import { contains, numberValue, timeValue } from '../db/dialect'
import { invalid, notFound } from './errors'

export type FieldKind = 'text' | 'number' | 'time' | 'boolean'
/** A field that clients may name: its column and how its values compare; `read` turns a text that a client sent into the stored one. */
export type Field = { column: AnyPgColumn; kind: FieldKind; read?: (text: string) => string }
export type Fields = Record<string, Field>

export type Query = Record<string, string | undefined>

const parseBoolean = (text: string) => /^(1|true|yes)$/i.test(text)

/** The value as the column compares it. Throws 400 naming the field. */
const comparable = (name: string, field: Field, value: unknown): unknown => {
  const fail = () => invalid({ filter: `Field "${name}" cannot be compared with ${JSON.stringify(value)}.` })
  if (field.kind === 'boolean')
    return sql.param(typeof value === 'string' ? parseBoolean(value) : Boolean(value), field.column as any)
  if (field.kind === 'number') {
    if (value === '' || !Number.isFinite(Number(value))) throw fail()
    return numberValue(Number(value))
  }
  if (field.kind === 'time') {
    const date = new Date(String(value))
    if (Number.isNaN(date.getTime())) throw fail()
    return timeValue(date)
  }
  if (typeof value === 'object') throw fail()
  return field.read ? field.read(String(value)) : String(value)
}

const comparisons = { '==': '=', '<': '<', '<=': '<=', '>': '>', '>=': '>=' } as const
type Rule = unknown
const isVar = (rule: Rule): rule is { var: string } => typeof rule === 'object' && rule !== null && 'var' in rule
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value])
const maxDepth = 20

/**
 * Turns a JSON Logic rule into a condition. Understands and, or, !, ==, <, <=, >, >=, a <= x <= b, in (both ways round), bare var.
 * Throws 400 for anything else and for fields outside `fields`.
 */
export const filterToSql = (rule: Rule, fields: Fields, depth = 0): SQL => {
  const fieldOf = (node: { var: string }) => {
    const field = Object.hasOwn(fields, node.var) ? fields[node.var] : undefined
    if (!field) throw invalid({ filter: `Unknown field "${node.var}".` })
    return field
  }
  if (depth > maxDepth) throw invalid({ filter: 'The filter is nested too deeply.' })
  if (isVar(rule)) {
    const field = fieldOf(rule)
    const present = not(isNull(field.column))
    if (field.kind === 'text') return and(present, sql`${field.column} <> ''`)!
    if (field.kind === 'boolean') return eq(field.column, sql.param(true, field.column as any))
    return present
  }
  if (typeof rule !== 'object' || rule === null || Array.isArray(rule) || Object.keys(rule).length !== 1)
    throw invalid({ filter: 'Not a JSON Logic rule.' })
  const [operator, rawArguments] = Object.entries(rule)[0]!
  const parts = listOf(rawArguments)
  const inner = (part: Rule) => filterToSql(part, fields, depth + 1)
  if (operator === 'and' || operator === 'or') {
    if (!parts.length) throw invalid({ filter: `"${operator}" needs arguments.` })
    return (operator === 'and' ? and : or)(...parts.map(inner))!
  }
  if (operator === '!') return sql`not coalesce((${inner(parts[0])}), ${sql.raw('false')})`
  if (operator === 'in') {
    const [left, right] = parts
    if (isVar(left) && Array.isArray(right)) {
      const field = fieldOf(left)
      return right.length
        ? or(...right.map((value) => sql`${field.column} = ${comparable(left.var, field, value)}`))!
        : sql.raw('1 = 0')
    }
    if (isVar(right) && typeof left === 'string') return contains(fieldOf(right).column, left)
    throw invalid({ filter: '"in" takes a field and a list, or a text and a field.' })
  }
  const sign = comparisons[operator as keyof typeof comparisons]
  if (!sign) throw invalid({ filter: `Unknown operator "${operator}".` })
  if (parts.length === 3 && isVar(parts[1])) {
    const field = fieldOf(parts[1])
    const [from, to] = [comparable(parts[1].var, field, parts[0]), comparable(parts[1].var, field, parts[2])]
    return sql`(${from} ${sql.raw(sign)} ${field.column} and ${field.column} ${sql.raw(sign)} ${to})`
  }
  const [left, right] = parts
  if (parts.length !== 2 || isVar(left) === isVar(right))
    throw invalid({ filter: `"${operator}" compares a field with a value.` })
  const node = (isVar(left) ? left : right) as { var: string }
  const value = isVar(left) ? right : left
  const field = fieldOf(node)
  if (value === null) return operator === '==' ? isNull(field.column) : sql.raw('1 = 0')
  const compared = comparable(node.var, field, value)
  return isVar(left) ? sql`${field.column} ${sql.raw(sign)} ${compared}` : sql`${compared} ${sql.raw(sign)} ${field.column}`
}

export type ListOptions = {
  /** Fields of `filter` and `sort`. */
  fields: Fields
  /** Fields of `search`. */
  search: string[]
  /** Fields that are query parameters of their own. */
  simple: string[]
}

const parseFilter = (text: string): Rule => {
  try {
    return JSON.parse(text)
  } catch {
    throw invalid({ filter: 'Not valid JSON.' })
  }
}

/** All conditions that the query asks for. */
export const readConditions = (query: Query, { fields, search, simple }: ListOptions): SQL[] => {
  const conditions: SQL[] = []
  for (const name of simple) {
    const value = query[name]
    if (value !== undefined && value !== '')
      conditions.push(sql`${fields[name]!.column} = ${comparable(name, fields[name]!, value)}`)
  }
  if (query.search) conditions.push(or(...search.map((name) => contains(fields[name]!.column, query.search!)))!)
  if (query.filter) conditions.push(filterToSql(parseFilter(query.filter), fields))
  return conditions
}

/** Order by `sort` (comma list, `-` = descending; unknown fields are ignored), then newest id first. */
export const readOrder = (query: Query, { fields }: ListOptions, fallback: SQL[]): SQL[] => [
  ...(query.sort ?? '').split(',').flatMap((part) => {
    const name = part.replace(/^-/, '')
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined
    return field ? [part.startsWith('-') ? desc(field.column) : asc(field.column)] : []
  }),
  ...fallback,
]

export type Paging = { page: number; size: number; offset: number }
const readWhole = (name: string, text: string | undefined, initial: number) => {
  if (text === undefined || text === '') return initial
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw name === 'page' ? notFound('Invalid page.') : invalid({ [name]: 'A positive integer is required.' })
  return Number(text)
}

/** `page` from 1 and `page_size` (default 10, at most 500; `all` = everything in one page). */
export const readPaging = (query: Query): Paging => {
  const size = query.page_size === 'all' ? Number.MAX_SAFE_INTEGER : Math.min(readWhole('page_size', query.page_size, 10), 500)
  const page = readWhole('page', query.page, 1)
  return { page, size, offset: (page - 1) * size }
}

/** The four keys of every list page. `next` and `previous` are absolute addresses. */
export const listPage = <T>(request: Request, origin: string, { page, size }: Paging, count: number, results: T[]) => {
  if (page > 1 && (page - 1) * size >= count) throw notFound('Invalid page.')
  const link = (to: number) => {
    const url = new URL(request.url)
    url.searchParams.set('page', String(to))
    return `${origin}${url.pathname}${url.search}`
  }
  return { count, next: page * size < count ? link(page + 1) : null, previous: page > 1 ? link(page - 1) : null, results }
}
