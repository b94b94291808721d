// Conditions that may turn out to hold always or never, so that whole tables need not be read.
import { and, or, type SQL, sql } from 'drizzle-orm'

export type Condition = SQL | boolean

export const all = (parts: Condition[]): Condition => {
  if (parts.includes(false)) return false
  const open = parts.filter((part) => part !== true) as SQL[]
  return open.length ? and(...open)! : true
}

export const any = (parts: Condition[]): Condition => {
  if (parts.includes(true)) return true
  const open = parts.filter((part) => part !== false) as SQL[]
  return open.length ? or(...open)! : false
}

/** What cannot be told (a null) counts as not so. */
export const negate = (part: Condition): Condition =>
  typeof part === 'boolean' ? !part : sql`not coalesce((${part}), ${sql.raw('false')})`
