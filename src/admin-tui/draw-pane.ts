// Draws the list of a pane and the details of its selected row. Pure.
import { cleanText, fitText, wrapText } from './fit-text'
import { drawFrame, fillLine } from './frame'
import type { Rect } from './layout'
import type { Column, Detail, Line, Pane, Span } from './pane'
import { currentData, layoutOf, listRows, type State, selectedRow } from './state'

/** Columns that fit into `width` cells, with their widths; one cell between them. */
export const fitColumns = (columns: Column<any>[], width: number): { column: Column<any>; cells: number }[] => {
  const shown = columns.filter(({ from = 0 }) => width >= from)
  const fixed = shown.reduce((sum, column) => sum + (column.width === 'rest' ? 0 : column.width), 0)
  const open = shown.filter((column) => column.width === 'rest').length
  const rest = Math.max(0, width - fixed - (shown.length - 1))
  let given = 0
  return shown.map((column) => {
    if (column.width !== 'rest') return { column, cells: column.width }
    given++
    return { column, cells: Math.floor((rest * given) / open) - Math.floor((rest * (given - 1)) / open) }
  })
}

/** What a panel without rows says. */
const drawEmpty = (state: State, pane: Pane, width: number): Line[] => {
  const { rows, filter, problem } = currentData(state)
  if (problem) return wrapText(cleanText(problem), width).map((text) => [{ text, tone: 'bad' }])
  if (!rows) return [[{ text: 'Loading …', tone: 'muted' }]]
  const text = rows.length ? `Nothing holds “${cleanText(filter)}”. Esc clears the filter.` : pane.empty
  return wrapText(text, width).map((line) => [{ text: line, tone: 'muted' }])
}

export const drawList = (state: State, pane: Pane, rect: Rect): Line[] => {
  const { filter, total, top, problem, rows: all } = currentData(state)
  const inner = rect.width - 2
  const rows = listRows(state)
  const selected = selectedRow(state)
  const columns = fitColumns(pane.columns, inner)
  const { listRows: height } = layoutOf(state)
  const lines = rows.slice(top, top + height).map((row): Line => {
    const cells = columns.flatMap(({ column, cells }): Span[] => [
      { text: fitText(cleanText(column.show(row)), cells, column.right), tone: row === selected ? 'plain' : column.tone?.(row) },
      { text: ' ' },
    ])
    return row === selected ? fillLine(cells, inner).map((span): Span => ({ ...span, inverse: true })) : cells
  })
  const titles: Line = columns.flatMap(({ column, cells }): Span[] => [
    { text: fitText(column.title, cells, column.right), tone: 'muted' },
    { text: ' ' },
  ])
  const shown =
    all && total > all.length
      ? `first ${all.length} of ${total}, / finds more`
      : filter
        ? `${rows.length} of ${total}`
        : `${total}`
  const foot =
    problem && rows.length
      ? 'could not be read anew'
      : rows.length > height
        ? `${top + 1}–${Math.min(rows.length, top + height)}`
        : ''
  return drawFrame(
    {
      title: filter ? `${pane.title} /${cleanText(filter)}` : pane.title,
      note: all ? shown : '',
      foot,
      isFocused: state.mode.kind !== 'details',
    },
    rows.length ? [titles, ...lines] : drawEmpty(state, pane, inner),
    rect,
  )
}

const labelCells = 12

/** Details as lines of at most `width` cells. */
export const drawDetailLines = (details: Detail[], width: number): Line[] =>
  details.flatMap((detail): Line[] => {
    if ('heading' in detail) return [[], [{ text: cleanText(detail.heading), tone: 'strong' }]]
    if ('text' in detail)
      return detail.text
        .split('\n')
        .flatMap((line) => wrapText(cleanText(line), width))
        .map((text) => [{ text, tone: detail.tone }])
    return wrapText(cleanText(detail.value) || '–', width - labelCells).map((text, i) => [
      { text: fitText(i ? '' : detail.label, labelCells), tone: 'muted' },
      { text, tone: detail.tone },
    ])
  })

export const drawDetails = (state: State, pane: Pane, rect: Rect): Line[] => {
  const row = selectedRow(state)
  const { details, detailsTop } = currentData(state)
  const isCurrent = row !== undefined && details?.id === pane.id(row)
  const lines = isCurrent ? drawDetailLines(details.lines, rect.width - 4) : []
  const height = rect.height - 2
  const top = Math.max(0, Math.min(detailsTop, lines.length - height))
  const foot = lines.length > height ? `${top + 1}–${Math.min(lines.length, top + height)} of ${lines.length}` : ''
  return drawFrame(
    { title: row === undefined ? 'Details' : cleanText(pane.label(row)), foot, isFocused: state.mode.kind === 'details' },
    lines.slice(top, top + height).map((line) => [{ text: ' ' }, ...line]),
    rect,
  )
}
