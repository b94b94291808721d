// For tests: a database as an older version left it, with the rows of now as far as that version had a place for them.
import { Database } from 'bun:sqlite'
import { readFileSync } from 'node:fs'
import { openRows } from './read-rows'
import { listScripts, type Place, storeOf, type TableShape } from './tables'
import { writeRows } from './write-rows'

/** Migrations of the n-th state that has landed: the event store came with the second one. */
const namesOf = (count: number): string[] => {
  const all = [...listScripts({ folder: '' }).keys()]
  const main = all.filter((name) => storeOf(name) === 'main').slice(0, count)
  return count > 1 ? [...main, ...all.filter((name) => storeOf(name) === 'events')] : main
}

/** Names of the tables and columns that some migrations make. */
const readColumns = (names: readonly string[]): Map<string, Set<string>> => {
  const scripts = listScripts({ folder: '' })
  const db = new Database(':memory:')
  for (const name of names) db.exec(readFileSync(scripts.get(name)!, 'utf8').replaceAll('--> statement-breakpoint', ''))
  const tables = db.query(`select name from sqlite_schema where type = 'table'`).all() as { name: string }[]
  const columns = db.query<{ name: string }, [string]>('select name from pragma_table_info(?)')
  const found = new Map(tables.map(({ name }) => [name, new Set(columns.all(name).map((column) => column.name))]))
  db.close()
  return found
}

/** How many migrations of the main database have landed. */
export const countStates = () => [...listScripts({ folder: '' }).keys()].filter((name) => storeOf(name) === 'main').length

/**
 * Fills an empty place with the rows of another, as if a version with the first `count` migrations had written them. Answers how many rows
 * of each table it has now.
 */
export const writeOlderDatabase = async (from: Place, to: Place, count: number): Promise<Record<string, number>> => {
  const migrations = namesOf(count)
  const there = readColumns(migrations)
  const source = await openRows(from)
  const counts: Record<string, number> = {}
  const cut = (table: TableShape): TableShape[] => {
    const columns = there.get(table.name)
    return columns ? [{ ...table, columns: table.columns.filter(({ name }) => columns.has(name)) }] : []
  }
  try {
    await writeRows(to, {
      migrations,
      tables: (async function* () {
        for (const table of source.tables.flatMap(cut)) {
          const counted = async function* () {
            for await (const row of source.rows(table)) {
              counts[table.name] = (counts[table.name] ?? 0) + 1
              yield row
            }
          }
          yield { table, lastId: await source.lastId(table), rows: counted() }
        }
      })(),
    })
    return counts
  } finally {
    await source.close()
  }
}
