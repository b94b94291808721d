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

/**
 * Rows from the top: tabs, counters (with a heading, when the pane has any), list and details, keys, status.
 * `focus` decides which of the two is seen on a narrow screen.
 */
export const layOut = (size: Size, counters: number, focus: 'list' | 'details') => {
  const { columns, rows } = size
  const counterRows = counters && rows >= 16 ? 1 + Math.ceil(counters / countersPerRow(size)) : 0
  const top = 1 + counterRows
  const height = Math.max(3, rows - top - 2)
  const isWide = columns >= sideBySideFrom
  const listWidth = isWide ? Math.floor(columns * 0.56) : focus === 'list' ? columns : 0
  return {
    tabs: { left: 0, top: 0, width: columns, height: 1 },
    counters: { left: 0, top: 1, width: columns, height: counterRows },
    list: { left: 0, top, width: listWidth, height },
    details: { left: listWidth, top, width: columns - listWidth, height },
    keys: { left: 0, top: rows - 2, width: columns, height: 1 },
    status: { left: 0, top: rows - 1, width: columns, height: 1 },
    /** Rows that the list shows below its column titles, and lines that the details show. */
    listRows: Math.max(1, height - 3),
    detailRows: Math.max(1, height - 2),
  }
}
