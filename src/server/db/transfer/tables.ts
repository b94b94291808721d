// Tables as data that both databases understand: names of columns and what kind of value each holds.
import { getTableColumns, getTableName, is, Table } from 'drizzle-orm'
import { ConfigError } from '../../config'
import * as eventSchema from '../../events/store-schema'
import { embeddedFiles } from '../../http/embedded-files'
import * as schema from '../schema'

/**
 * How a value travels: `number` and `text` as they are, `bool` as true or false, `time` as ms since 1970, `json` as its value,
 * `bytes` in base64. Null is null.
 */
export type Kind = 'number' | 'text' | 'bool' | 'time' | 'json' | 'bytes'
/** SQLite keeps the event store in a file of its own. */
export const stores = { main: 'annolith.db', events: 'events.db' } as const
export type Store = keyof typeof stores
export type TableShape = { name: string; store: Store; columns: { name: string; kind: Kind }[] }
/** Values of one row in the order of the table's columns. */
export type Row = unknown[]

/** Where the databases are: the folder of SQLite's files, or the address of PostgreSQL. */
export type Place = { folder: string } | { url: string }

const kinds: Record<string, Kind> = {
  string: 'text',
  number: 'number',
  boolean: 'bool',
  date: 'time',
  json: 'json',
  custom: 'bytes',
}

const shapesOf = (store: Store, schema: object): TableShape[] =>
  Object.values(schema)
    .filter((one) => is(one, Table))
    .map((table: any) => ({
      name: getTableName(table),
      store,
      columns: Object.values(getTableColumns(table)).map((column: any) => ({
        name: column.name as string,
        kind: kinds[column.dataType]!,
      })),
    }))

/** Every table of this version, in the order of their names. */
export const listTables = (): TableShape[] =>
  [...shapesOf('main', schema), ...shapesOf('events', eventSchema)].sort((a, b) => (a.name < b.name ? -1 : 1))

/** To which store a migration belongs, by its name. */
export const storeOf = (migration: string): Store => (migration.startsWith('events/') ? 'events' : 'main')

/**
 * Name → file of every migration of this version for one kind of database, in the order in which they are applied: those of the event store,
 * which begin with `events/`, come last.
 */
export const listScripts = (place: Place): Map<string, string> => {
  const dialect = 'url' in place ? 'postgres' : 'sqlite'
  const pattern = new RegExp(`^drizzle/${dialect}(-events)?/([^/]+[.]sql)$`)
  const scripts = [...embeddedFiles()].flatMap(([file, path]): [string, string][] => {
    const [, isEvents, name] = pattern.exec(file) ?? []
    return name ? [[isEvents ? `events/${name}` : name, path]] : []
  })
  // Digits sort before letters.
  return new Map(scripts.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Throws ConfigError when a database has migrations that this version does not know. */
export const refuseNewer = (place: Place, applied: readonly string[]): void => {
  const known = listScripts(place)
  const unknown = applied.filter((name) => !known.has(name))
  if (unknown.length)
    throw new ConfigError(
      `the data were written by a newer version of Annolith (${unknown.join(', ')}); install that version or a newer one`,
    )
}

export const quote = (name: string) => `"${name.replaceAll('"', '""')}"`
