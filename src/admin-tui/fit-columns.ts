// Which columns of a pane fit into a width, and how wide each is. Pure.
import type { Column } from './pane'

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
