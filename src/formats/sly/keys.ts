// Keys of what a dataset of Supervisely holds, and the file that gives their numbers.

import { createHash } from 'node:crypto'
import { createSeparator } from '../io/json-text'
import { createSpool } from '../io/spool'

const kinds = ['tags', 'objects', 'figures', 'videos'] as const
export type KeyKind = (typeof kinds)[number]

export type KeyList = {
  /** The key of a thing; the same thing always has the same. */
  make(kind: KeyKind | 'values', ...parts: (string | number)[]): string
  /** Notes the number of a key. */
  note(kind: KeyKind, key: string, number: number): void
  /** The text of the file. */
  read(): AsyncGenerator<string | Uint8Array>
  dispose(): void
}

/** Keys are UUIDs made from what they stand for, so that equal datasets have equal keys. */
export function createKeyList(tempDir: string, dataset: string): KeyList {
  const lists = kinds.map((kind) => ({ kind, spool: createSpool(tempDir), separate: createSeparator() }))
  return {
    make: (kind, ...parts) =>
      formatUuid(
        createHash('sha256')
          .update(JSON.stringify([dataset, kind, ...parts]))
          .digest('hex'),
      ),
    note: (kind, key, number) => {
      const { spool, separate } = lists[kinds.indexOf(kind)]!
      spool.append(`${separate()}\n    "${key}": ${number}`)
    },
    read: async function* () {
      for (const [at, { kind, spool }] of lists.entries()) {
        yield `${at === 0 ? '{' : ','}\n  "${kind}": {`
        yield* spool.read()
        yield '\n  }'
      }
      yield '\n}'
    },
    dispose: () => {
      for (const { spool } of lists) spool.dispose()
    },
  }
}

/** Version 8: a UUID of somebody's own making. */
function formatUuid(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
