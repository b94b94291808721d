// Where everything stands on a screen of a given size. Pure.

export type Size = { columns: number; rows: number }
export type Rect = { left: number; top: number; width: number; height: number }

/** Width of one group of counters and the gap between groups, in cells. */
export const counterCells = 34
const counterGap = 4

/** How many groups of counters stand beside each other. */
export const countersPerRow = ({ columns }: Size) =>
  Math.max(1, Math.floor((columns - 2 + counterGap) / (counterCells + counterGap)))

/** Below this width list and details take turns instead of standing side by side. */
const sideBySideFrom = 72

export type Wanted = {
  /** Groups of counters above the list. */
  counters: number
  hasNote: boolean
  /** Which of the two is seen where they do not stand side by side. */
  focus: 'list' | 'details'
  /** Whether they may stand side by side. */
  isSplit: boolean
}

/** Rows from the top: tabs, counters (with a heading, when the pane has any), a note, list and details, keys, status. */
export const layOut = (size: Size, { counters, hasNote, focus, isSplit }: Wanted) => {
  const { columns, rows } = size
  const counterRows = counters && rows >= 16 ? 1 + Math.ceil(counters / countersPerRow(size)) : 0
  const noteRows = hasNote && rows >= 12 ? 1 : 0
  const top = 1 + counterRows + noteRows
  const height = Math.max(3, rows - top - 2)
  const isBeside = isSplit && columns >= sideBySideFrom
  const listWidth = isBeside ? Math.floor(columns * 0.57) : focus === 'list' ? columns : 0
  return {
    tabs: { left: 0, top: 0, width: columns, height: 1 },
    counters: { left: 0, top: 1, width: columns, height: counterRows },
    note: { left: 0, top: 1 + counterRows, width: columns, height: noteRows },
    list: { left: 0, top, width: listWidth, height },
    details: { left: listWidth, top, width: columns - listWidth, height },
    keys: { left: 0, top: rows - 2, width: columns, height: 1 },
    status: { left: 0, top: rows - 1, width: columns, height: 1 },
    /** Rows that the list shows below its column titles, and lines that the details show. */
    listRows: Math.max(1, height - 3),
    detailRows: Math.max(1, height - 2),
  }
}

const leastTile = { width: 25, height: 5 }

/** Tiles of equal size over a rectangle, row by row, with as few gaps as there can be; those that do not fit are left out. */
export const layTiles = ({ left, top, width, height }: Rect, count: number): Rect[] => {
  const most = Math.max(1, Math.min(count, 4, Math.floor(width / leastTile.width)))
  const rowsFor = (columns: number) => Math.ceil(count / columns)
  const fits = (columns: number) => rowsFor(columns) * leastTile.height <= height
  const choices = Array.from({ length: most }, (_, i) => i + 1)
  const gapsOf = (columns: number) => rowsFor(columns) * columns - count
  const fitting = choices.filter(fits)
  const columns = (fitting.length ? fitting : [most]).toSorted((a, b) => gapsOf(a) - gapsOf(b) || b - a)[0]!
  const rows = Math.min(rowsFor(columns), Math.max(1, Math.floor(height / leastTile.height)))
  const edge = (total: number, parts: number, i: number) => Math.floor((total * i) / parts)
  return Array.from({ length: Math.min(count, rows * columns) }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns]
    const [x, y] = [edge(width, columns, column), edge(height, rows, row)]
    return { left: left + x, top: top + y, width: edge(width, columns, column + 1) - x, height: edge(height, rows, row + 1) - y }
  })
}
