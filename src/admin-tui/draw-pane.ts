// Draws the list of a pane and the details of its selected row. Pure.

import { drawGraph, topOf } from './draw-graph'
import { fitColumns } from './fit-columns'
import { cleanText, fitText, wrapText } from './fit-text'
import { drawFrame, fillLine } from './frame'
import type { Rect } from './layout'
import type { Column, Detail, Graph, Line, Pane, Span, Tone } from './pane'
import { currentData, layoutOf, listRows, type State, selectedRow } from './state'

/** What a panel without rows says. */
export const drawEmpty = (state: State, pane: Pane, width: number): Line[] => {
  const { rows, filter, problem } = currentData(state)
  const say = (text: string, tone: Tone): Line[] => wrapText(text, width - 2).map((line) => [{ text: ` ${line}`, tone }])
  if (problem) return say(cleanText(problem), 'bad')
  if (!rows) return say('Loading …', 'muted')
  return say(rows.length ? `Nothing holds “${cleanText(filter)}”. Esc clears the filter.` : pane.empty, 'muted')
}

const drawTitle = ({ title, right }: Column<any>, cells: number, sort: { column: string; isDown: boolean } | undefined): Span => {
  const isSorted = sort?.column === title
  const text = isSorted ? `${fitText(title, Math.min(title.length, cells - 1)).trimEnd()}${sort.isDown ? '↓' : '↑'}` : title
  return { text: fitText(text, cells, right), tone: isSorted ? 'accent' : 'muted' }
}

/** How much of everything is listed. */
const sayCount = (state: State): string => {
  const { filter, total, rows: all, marked } = currentData(state)
  if (!all) return ''
  const rows = listRows(state)
  const count =
    total > all.length ? `first ${all.length} of ${total}, / finds more` : filter ? `${rows.length} of ${total}` : `${total}`
  return marked.size ? `${marked.size} marked of ${total > all.length || filter ? rows.length : total}` : count
}

export const drawList = (state: State, pane: Pane, rect: Rect): Line[] => {
  const { filter, top, problem, sort, marked, isFollowing } = currentData(state)
  const inner = rect.width - 2
  const rows = listRows(state)
  const selected = selectedRow(state)
  // One cell is for the mark.
  const columns = fitColumns(pane.columns, inner - 1)
  const { listRows: height } = layoutOf(state)
  const lines = rows.slice(top, top + height).map((row): Line => {
    const isMarked = marked.has(pane.id(row))
    const cells: Line = [
      { text: isMarked ? '•' : ' ', tone: 'accent' },
      ...columns.flatMap(({ column, cells }): Span[] => [
        {
          text: fitText(cleanText(column.show(row)), cells, column.right),
          tone: row === selected ? 'plain' : isMarked ? 'accent' : column.tone?.(row),
        },
        { text: ' ' },
      ]),
    ]
    return row === selected ? fillLine(cells, inner).map((span): Span => ({ ...span, inverse: true })) : cells
  })
  const titles: Line = [
    { text: ' ' },
    ...columns.flatMap(({ column, cells }): Span[] => [drawTitle(column, cells, sort), { text: ' ' }]),
  ]
  const following = pane.isFollowed && isFollowing ? 'following · ' : ''
  const foot =
    problem && rows.length
      ? 'could not be read anew'
      : rows.length > height
        ? `${following}${top + 1}–${Math.min(rows.length, top + height)}`
        : following.slice(0, -3)
  return drawFrame(
    {
      title: filter ? `${pane.title} /${cleanText(filter)}` : pane.title,
      note: sayCount(state),
      foot,
      isFocused: state.mode.kind !== 'details',
    },
    rows.length ? [titles, ...lines] : drawEmpty(state, pane, inner),
    rect,
  )
}

const labelCells = 11

/** A graph with its scale: the top beside the first line, the newest value beside the last. */
const drawScaled = (graph: Graph, width: number, rows: number): Line[] => {
  const scale = [graph.show(topOf(graph)), graph.show(graph.samples.at(-1) ?? 0)]
  const cells = Math.max(8, ...scale.map((text) => text.length + 1))
  return drawGraph(graph, Math.max(1, width - cells), rows).map((text, i) => [
    { text: fitText(i === 0 ? scale[0]! : i === rows - 1 ? scale[1]! : '', cells - 1, true), tone: 'muted' },
    { text: ' ' },
    { text, tone: 'accent' },
  ])
}

/** Details as lines of at most `width` cells. */
export const drawDetailLines = (details: Detail[], width: number): Line[] =>
  details.flatMap((detail): Line[] => {
    if ('graph' in detail) return drawScaled(detail.graph, width, detail.rows)
    if ('heading' in detail) return [[], [{ text: cleanText(detail.heading), tone: 'strong' }]]
    if ('text' in detail)
      return detail.text
        .split('\n')
        .flatMap((line) => {
          // The indentation of JSON tells what belongs together.
          const [indent = ''] = /^ {0,12}/.exec(line) ?? []
          return wrapText(cleanText(line.trimStart()), width - indent.length).map((text) => indent + text)
        })
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
