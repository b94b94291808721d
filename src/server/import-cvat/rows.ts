// Rows on their way into the database, with the ids that they had before.
import { getTableName } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import { ConfigError } from '../config'
import { continueIds, type Tx } from '../db/open'

/** Rows of one table, in an order in which references are already there. */
export type TableRows = { table: PgTable; name: string; rows: Record<string, unknown>[] }

export const rowsOf = <T extends PgTable>(table: T, rows: T['$inferInsert'][]): TableRows => ({
  table,
  name: getTableName(table),
  rows: rows as Record<string, unknown>[],
})

/** Rows that refer to others of their table come after those. */
export const parentsFirst = <T>(rows: T[], parentOf: (row: T) => unknown): T[] => [
  ...rows.filter((row) => !parentOf(row)),
  ...rows.filter((row) => parentOf(row)),
]

/** Few enough that no database runs out of parameters. */
const rowsPerInsert = 400

/** Inserts all rows and lets new ids begin after theirs. */
export const insertTables = async (t: Tx, tables: TableRows[]) => {
  for (const { table, name, rows } of tables) {
    for (let from = 0; from < rows.length; from += rowsPerInsert)
      await t
        .insert(table)
        .values(rows.slice(from, from + rowsPerInsert))
        .catch((error: Error) => {
          const reason = error.cause instanceof Error ? error.cause.message : error.message
          throw new ConfigError(`the dump does not hold together: rows of ${name} are refused (${reason})`)
        })
    if ('id' in (rows[0] ?? {}) && typeof rows[0]!.id === 'number') await continueIds(t, table)
  }
}
