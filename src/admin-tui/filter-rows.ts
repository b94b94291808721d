// The language of `/`: words that rows must hold, `column:value` for one column, `-` before what they must not hold. Pure.
import type { Pane } from './pane'

type Term = { field?: string; value: string; isNot: boolean }

const tokens = /(?<not>[-!])?(?:(?<field>[\p{L}\d_-]+):)?(?:"(?<quoted>[^"]*)"?|(?<plain>\S*))/gu

/** `Signed in` is asked for as `signed-in:`. */
export const nameField = (title: string) => title.toLowerCase().replace(/[^\p{L}\d]+/gu, '-')

/** The fields that a pane's filter knows. */
export const listFields = (pane: Pane): string[] => [
  ...new Set([...pane.columns.map(({ title }) => nameField(title)), ...Object.keys(pane.fields ?? {})]),
]

export const parseFilter = (pane: Pane, text: string): Term[] => {
  const known = listFields(pane)
  return [...text.toLowerCase().matchAll(tokens)].flatMap(({ 0: whole, groups = {} }): Term[] => {
    if (!whole.trim() || whole === '-' || whole === '!') return []
    const { field, quoted, plain } = groups
    const found = field && (known.find((name) => name === field) ?? known.find((name) => name.startsWith(field)))
    const value = quoted ?? plain ?? ''
    if (field && !found) return [{ value: whole, isNot: false }]
    return found ? [{ field: found, value, isNot: Boolean(groups.not) }] : [{ value, isNot: Boolean(groups.not) }]
  })
}

/** The plain words, for servers that search by themselves; `column:value` is looked at afterwards. */
export const readWords = (text: string): string =>
  text
    .split(/\s+/)
    .filter((word) => word && !/^[-!]|:/.test(word))
    .join(' ')
    .replaceAll('"', '')

const readField = (pane: Pane, row: unknown, field: string): string =>
  (pane.columns.find(({ title }) => nameField(title) === field)?.show(row) ?? pane.fields?.[field]?.(row) ?? '').toLowerCase()

/** Of one column: a number as a whole, else the beginning of the text or of one of its words. */
const fitsField = (text: string, value: string): boolean => {
  if (/^#?\d+$/.test(value) && /^#?\d+$/.test(text)) return text.replace('#', '') === value.replace('#', '')
  return (
    text.startsWith(value) ||
    text.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(value)) ||
    (value.length > 2 && !/^[\p{L}\p{N}]+$/u.test(value) && text.includes(value))
  )
}

/** Rows that every term of the filter fits. */
export const filterRows = (pane: Pane, rows: readonly unknown[], filter: string): unknown[] => {
  const terms = parseFilter(pane, filter)
  if (!terms.length) return [...rows]
  return rows.filter((row) => {
    const text = pane.columns
      .map(({ show }) => show(row))
      .join(' ')
      .toLowerCase()
    return terms.every(
      ({ field, value, isNot }) => (field ? fitsField(readField(pane, row, field), value) : text.includes(value)) !== isNot,
    )
  })
}

export type Sort = { column: string; isDown: boolean }

const compare = new Intl.Collator('en', { numeric: true, sensitivity: 'base' }).compare

/** Rows in the order of a column; those that are equal keep theirs. */
export const sortRows = (pane: Pane, rows: unknown[], sort: Sort | undefined): unknown[] => {
  const column = pane.columns.find(({ title }) => title === sort?.column)
  if (!sort || !column) return rows
  const keys = new Map(rows.map((row) => [row, (column.sort ?? column.show)(row)]))
  const sign = sort.isDown ? -1 : 1
  return rows.toSorted((a, b) => {
    const [left, right] = [keys.get(a)!, keys.get(b)!]
    return sign * (typeof left === 'number' && typeof right === 'number' ? left - right : compare(String(left), String(right)))
  })
}
