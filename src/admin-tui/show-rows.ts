// Columns and times that many panes have in common, from rows as the REST API shows them.
import type { Column } from './pane'
import { showAge, showTime } from './show-values'

export type Person = { id: number; username: string } | null

const toDate = (iso: string | null | undefined) => (iso ? new Date(iso) : null)
/** `3 d ago` */
export const sayAge = (iso: string | null | undefined) => showAge(toDate(iso))
/** `2026-11-22 14:03:22` */
export const sayTime = (iso: string | null | undefined, none?: string) => showTime(toDate(iso), none)
export const nameOf = (person: Person | undefined) => person?.username ?? ''

export const idColumn = <Row extends { id: number }>(): Column<Row> => ({
  title: 'ID',
  width: 5,
  right: true,
  show: ({ id }) => String(id),
  sort: ({ id }) => id,
})

/** How long ago something was. */
export const ageColumn = <Row>(title: string, read: (row: Row) => string | null | undefined, from?: number): Column<Row> => ({
  title,
  width: 10,
  ...(from !== undefined && { from }),
  show: (row) => sayAge(read(row)),
  // The longest ago first, as everything ascends.
  sort: (row) => toDate(read(row))?.getTime() ?? 0,
})
