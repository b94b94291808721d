// Tables that grow while a dataset is walked: rows as JSON in spools, tokens made from what they stand for.

import { createHash } from 'node:crypto'
import { createSeparator } from '../io/json-text'
import { createSpool } from '../io/spool'
import type { ArchiveEntry } from '../io/zip-writer'

export const tableNames = [
  'category',
  'attribute',
  'visibility',
  'instance',
  'sensor',
  'calibrated_sensor',
  'ego_pose',
  'log',
  'map',
  'scene',
  'sample',
  'sample_data',
  'sample_annotation',
  'image_annotations',
] as const
export type TableName = (typeof tableNames)[number]

export type TableWriter = {
  add(table: TableName, row: object): void
  entries(folder: string, skipped: readonly TableName[]): AsyncGenerator<ArchiveEntry>
  dispose(): void
}

export function createTables(tempDir: string): TableWriter {
  const tables = new Map(tableNames.map((name) => [name, { spool: createSpool(tempDir, 1 << 20), separate: createSeparator() }]))
  return {
    add: (table, row) => {
      const { spool, separate } = tables.get(table)!
      spool.append(`${separate()}\n${JSON.stringify(row)}`)
    },
    entries: async function* (folder, skipped) {
      for (const [name, { spool }] of tables)
        if (!skipped.includes(name)) yield { name: `${folder}/${name}.json`, content: wrap(spool.read()) }
    },
    dispose: () => {
      for (const { spool } of tables.values()) spool.dispose()
    },
  }
}

async function* wrap(rows: AsyncIterable<Uint8Array>): AsyncGenerator<string | Uint8Array> {
  yield '['
  yield* rows
  yield '\n]\n'
}

/** 32 hexadecimal digits; the same thing of a dataset always has the same. */
export const createTokens =
  (dataset: string) =>
  (...parts: (string | number)[]): string =>
    createHash('sha256')
      .update(JSON.stringify([dataset, ...parts]))
      .digest('hex')
      .slice(0, 32)
