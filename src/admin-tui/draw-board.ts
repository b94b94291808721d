// Draws a pane of figures as tiles: each with its title, its value and how it went. Pure.
import { drawGraph } from './draw-graph'
import { drawEmpty } from './draw-pane'
import { cleanText, fitText } from './fit-text'
import { drawFrame } from './frame'
import { layTiles, type Rect } from './layout'
import type { Line, Pane } from './pane'
import { listRows, type State, selectedRow } from './state'

const drawTile = (state: State, pane: Pane, row: unknown, rect: Rect): Line[] => {
  const graph = pane.graph!(row)
  const width = rect.width - 2
  const [name, value] = pane.columns
  const lines = drawGraph(graph, width, Math.max(1, rect.height - 3))
  return drawFrame(
    { title: cleanText(name!.show(row)), isFocused: row === selectedRow(state) && state.mode.kind !== 'details' },
    [
      [{ text: fitText(cleanText(value!.show(row)), width), tone: value!.tone?.(row) ?? 'strong' }],
      ...lines.map((text): Line => [{ text, tone: 'accent' }]),
    ],
    rect,
  )
}

/** Lines as wide as the rectangle, tiles beside each other joined. */
export const drawBoard = (state: State, pane: Pane, rect: Rect): Line[] => {
  const rows = listRows(state)
  if (!rows.length) return drawFrame({ title: pane.title, isFocused: true }, drawEmpty(state, pane, rect.width - 2), rect)
  const lines: Line[] = Array.from({ length: rect.height }, () => [])
  for (const [i, tile] of layTiles(rect, rows.length).entries())
    for (const [y, line] of drawTile(state, pane, rows[i], tile).entries()) lines[tile.top - rect.top + y]?.push(...line)
  return lines
}
