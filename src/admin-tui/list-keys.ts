// What keys do to marks, to the order of a list and to the last change. Pure.
import {
  changePane,
  currentData,
  currentPane,
  layoutOf,
  listRows,
  type Pending,
  type State,
  type Step,
  selectedIndex,
  selectedRow,
  selectIndex,
  stay,
} from './state'

const setMarks = (state: State, marked: ReadonlySet<string>, anchor = currentData(state).anchor): State =>
  changePane(state, state.current, { marked, anchor })

export const toggleMark = (state: State): Step => {
  const row = selectedRow(state)
  if (row === undefined) return stay(state)
  const id = currentPane(state).id(row)
  const marked = new Set(currentData(state).marked)
  if (!marked.delete(id)) marked.add(id)
  return selectIndex(setMarks(state, marked, id), selectedIndex(state) + 1)
}

export const markRange = (state: State): Step => {
  const pane = currentPane(state)
  const { marked, anchor } = currentData(state)
  const rows = listRows(state)
  const to = selectedIndex(state)
  if (to < 0) return stay(state)
  const from = Math.max(0, anchor === undefined ? to : rows.findIndex((row) => pane.id(row) === anchor))
  const range = rows.slice(Math.min(from, to), Math.max(from, to) + 1).map((row) => pane.id(row))
  return stay(setMarks(state, new Set([...marked, ...range]), pane.id(rows[to])))
}

export const markAll = (state: State): Step => {
  const ids = listRows(state).map((row) => currentPane(state).id(row))
  const { marked } = currentData(state)
  return stay(setMarks(state, ids.every((id) => marked.has(id)) ? new Set() : new Set(ids)))
}

/** Sorts by the column of this title; by the same one again: the other way round. */
export const sortByTitle = (state: State, title: string): Step => {
  const { sort } = currentData(state)
  const isDown = sort?.column === title ? !sort.isDown : false
  const sorted = changePane(state, state.current, { sort: { column: title, isDown } })
  return selectIndex(sorted, Math.max(0, selectedIndex(sorted)))
}

/** The column `by` places further, or with 0 the same one the other way round. Only columns that are shown. */
export const sortBy =
  (by: number) =>
  (state: State): Step => {
    const { width } = layoutOf(state).list
    const titles = currentPane(state).columns.flatMap(({ title, from = 0 }) => (width - 3 >= from ? [title] : []))
    const at = titles.indexOf(currentData(state).sort?.column ?? '')
    const next =
      by === 0 ? Math.max(0, at) : at < 0 ? (by > 0 ? 0 : titles.length - 1) : (at + by + titles.length) % titles.length
    return titles[next] === undefined ? stay(state) : sortByTitle(state, titles[next])
  }

/** Takes back the last change that says how. */
export const undoLast = (state: State): Step => {
  const undo = state.undos.at(-1)
  if (!undo) return stay({ ...state, message: { text: 'There is nothing to undo.', tone: 'muted' } })
  const run = async () => {
    await undo.run()
    return { said: undo.said }
  }
  const action = { key: 'z', label: 'undo', needs: 'nothing' as const, run }
  const pending: Pending = { action, row: undefined, rows: [], undoes: undo }
  return { state: { ...state, mode: { kind: 'running', pending } }, effects: [{ do: 'run', pending, values: {} }] }
}
