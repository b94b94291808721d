// Reads and writes tables of comma separated values with a header.

import { FormatError, type Place } from '../format-error'
import type { DatasetFile } from './dataset-files'
import { parseNumber, readLines } from './text-lines'

export type CsvRow = {
  line: number
  place: Place
  /** The text of a column; empty when the row or the table lacks it. */
  get(column: string): string
  /** Throws FormatError when the cell holds no finite number. */
  getNumber(column: string): number
  fail(column: string, reason: string): FormatError
}

/** Yields the rows below the header. Throws FormatError when a needed column is missing. */
export async function* readCsv(file: DatasetFile, needed: readonly string[]): AsyncGenerator<CsvRow> {
  let columns: Map<string, number> | undefined
  for await (const { text, line } of readLines(file)) {
    if (text.trim() === '') continue
    const cells = splitCsvLine(text)
    if (!cells) throw new FormatError('A quote is not closed', { file: file.name, line })
    if (columns) {
      yield createRow(file.name, line, columns, cells)
      continue
    }
    columns = new Map(cells.map((name, at) => [name.trim(), at]))
    const missing = needed.find((name) => !columns!.has(name))
    if (missing !== undefined) throw new FormatError(`The table has no column '${missing}'`, { file: file.name, line })
  }
}

function createRow(file: string, line: number, columns: ReadonlyMap<string, number>, cells: readonly string[]): CsvRow {
  const get = (column: string) => cells[columns.get(column) ?? -1] ?? ''
  const fail = (column: string, reason: string) => new FormatError(reason, { file, line, field: column })
  const getNumber = (column: string) => {
    const number = parseNumber(get(column))
    if (number === undefined) throw fail(column, `'${get(column)}' is not a finite number`)
    return number
  }
  return { line, place: { file, line }, get, getNumber, fail }
}

/** The cells of a line; nothing when a quote stays open. */
export function splitCsvLine(text: string): string[] | undefined {
  if (!text.includes('"')) return text.split(',')
  const cells: string[] = []
  for (let at = 0; ; ) {
    if (text[at] !== '"') {
      const comma = text.indexOf(',', at)
      cells.push(text.slice(at, comma < 0 ? undefined : comma))
      if (comma < 0) return cells
      at = comma + 1
      continue
    }
    let cell = ''
    for (;;) {
      const quote = text.indexOf('"', at + 1)
      if (quote < 0) return undefined
      cell += text.slice(at + 1, quote)
      at = quote + 1
      if (text[at] !== '"') break
      cell += '"'
    }
    cells.push(cell)
    if (at >= text.length) return cells
    at = text[at] === ',' ? at + 1 : at
  }
}

/** One line with its CR LF; cells with commas, quotes or line ends are quoted. */
export function formatCsvLine(cells: readonly (string | number)[]): string {
  const quoted = cells.map((cell) => {
    const text = String(cell)
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  })
  return `${quoted.join(',')}\r\n`
}
