// The lists of item ids below ImageSets.

import { FormatError, type Place } from '../format-error'
import type { DatasetFile } from '../io/dataset-files'
import { readLines } from '../io/text-lines'

/** An id as a list holds it: in quotes when it has spaces. */
export function formatId(id: string): string {
  return /\s/.test(id) ? `"${id}"` : id
}

/** Yields the ids of a list with what follows them on their line. Throws FormatError. */
export async function* readIds(file: DatasetFile): AsyncGenerator<{ id: string; rest: string; place: Place }> {
  for await (const { text, line } of readLines(file)) {
    if (text.trim() === '') continue
    const place = { file: file.name, line }
    const [, quoted, plain, rest] = /^\s*(?:"([^"]*)"|([^\s"]+))\s*(.*?)\s*$/.exec(text) ?? []
    const id = quoted ?? plain
    if (id === undefined) throw new FormatError('an item id is needed, in quotes if it has spaces', place)
    yield { id, rest: rest ?? '', place }
  }
}
