// Takes all rows of one place to another, whatever databases they are.
import { openRows } from './read-rows'
import type { Place, TableShape } from './tables'
import { writeRows } from './write-rows'

/** As they stood at one moment; the target must be empty. Answers how many there were. */
export const copyRows = async (from: Place, to: Place): Promise<{ tables: number; rows: number }> => {
  const source = await openRows(from)
  let rows = 0
  const readAll = async function* (table: TableShape) {
    for await (const row of source.rows(table)) {
      rows++
      yield row
    }
  }
  const tables = async function* () {
    for (const table of source.tables) yield { table, lastId: await source.lastId(table), rows: readAll(table) }
  }
  try {
    await writeRows(to, { migrations: source.migrations, tables: tables() })
    return { tables: source.tables.length, rows }
  } finally {
    await source.close()
  }
}
