// The column kit: one schema for SQLite and PostgreSQL. The only file that asks which dialect is in use.
import { type SQL, sql } from 'drizzle-orm'
import * as pg from 'drizzle-orm/pg-core'
import * as lite from 'drizzle-orm/sqlite-core'

export const isPostgres = (process.env.DATABASE_URL ?? '').startsWith('postgres')

const pgKit = {
  table: pg.pgTable,
  text: pg.text,
  int: pg.integer,
  big: (name: string) => pg.bigint(name, { mode: 'number' }),
  real: pg.doublePrecision,
  bool: pg.boolean,
  json: pg.jsonb,
  time: (name: string) => pg.timestamp(name, { withTimezone: true, mode: 'date', precision: 3 }),
  bytes: pg.customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' }),
  id: () => pg.integer('id').primaryKey().generatedByDefaultAsIdentity(),
  index: pg.index,
  unique: pg.uniqueIndex,
}

const liteKit = {
  table: lite.sqliteTable,
  text: lite.text,
  int: lite.integer,
  big: lite.integer,
  real: lite.real,
  bool: (name: string) => lite.integer(name, { mode: 'boolean' }),
  json: (name: string) => lite.text(name, { mode: 'json' }),
  time: (name: string) => lite.integer(name, { mode: 'timestamp_ms' }),
  bytes: lite.customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'blob' }),
  id: () => lite.integer('id').primaryKey({ autoIncrement: true }),
  index: lite.index,
  unique: lite.uniqueIndex,
}

export const { table, text, int, big, real, bool, json, time, bytes, id, index, unique } = (isPostgres
  ? pgKit
  : liteKit) as unknown as typeof pgKit

/** The same table under another name, for joining it twice. */
export const aliased = <T extends pg.PgTable>(source: T, name: string): T =>
  (isPostgres ? pg.alias(source as any, name) : lite.alias(source as any, name)) as T

/** Case-insensitive substring test that means the same on both databases. */
export const contains = (column: pg.AnyPgColumn, part: string) =>
  sql`lower(${column}) like ${`%${part.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`} escape '\\'`

/** How a Date stands in a hand-written comparison. */
export const timeValue = (date: Date) => (isPostgres ? date.toISOString() : date.getTime())

/** How a number stands in a hand-written comparison with an integer column, which need not be able to hold it. */
export const numberValue = (value: number) =>
  Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? sql`${value}` : sql`cast(${value} as double precision)`

/** Classes of PostgreSQL's errors about a value that its column or type cannot hold. */
const valueErrors = new Set(['22003', '22007', '22008', '22021', '22P02', '22P05'])

/** Whether a query failed because of a value that no row could have. */
export const isValueError = (error: unknown): boolean => {
  const { code, cause } = (error ?? {}) as { code?: string; cause?: unknown }
  return valueErrors.has(String(code)) || (cause !== undefined && isValueError(cause))
}

/** A whole number inside a JSON column; null when it is not there. */
export const jsonNumber = (column: pg.AnyPgColumn, key: string) =>
  isPostgres ? sql<number>`(${column}->>${key})::int` : sql<number>`json_extract(${column}, ${`$.${key}`})`

/** `column in (ids)` for any number of ids, which travel as one parameter. */
export const isAmong = (column: pg.AnyPgColumn, ids: readonly number[]) =>
  isPostgres
    ? sql`${column} in (select value::int from json_array_elements_text(${JSON.stringify(ids)}::text::json))`
    : sql`${column} in (select value from json_each(${JSON.stringify(ids)}))`

/** Whether a text has a part, letter by letter. */
export const holds = (column: pg.AnyPgColumn, part: string) =>
  isPostgres ? sql`strpos(${column}, ${part}) > 0` : sql`instr(${column}, ${part}) > 0`

/** The value of one attribute in the text `[{"spec_id", "value"}, …]`; null when it is not there. */
export const attributeValue = (column: pg.AnyPgColumn, specId: number) =>
  isPostgres
    ? sql`(select one->>'value' from json_array_elements(${column}::json) one where (one->>'spec_id')::int = ${specId} limit 1)`
    : sql`(select json_extract(value, '$.value') from json_each(${column}) where json_extract(value, '$.spec_id') = ${specId} limit 1)`

/** A text as the number that it is; null for any other text. */
export const asNumber = (value: SQL) =>
  isPostgres
    ? sql`(case when ${value} ~ '^ *-?[0-9]+([.][0-9]+)? *$' then (${value})::double precision end)`
    : sql`(case when ${value} glob '*[0-9]*' then cast(${value} as real) end)`
