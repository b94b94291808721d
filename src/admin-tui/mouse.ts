// What the mouse does, by where the pointer is on the drawn screen. Pure.
import { openPane, pressInPane } from './bindings'
import { listTabs } from './draw-tabs'
import { fitColumns } from './fit-columns'
import { layTiles, type Rect } from './layout'
import { sortByTitle } from './list-keys'
import {
  changePane,
  currentData,
  currentPane,
  layoutOf,
  listRows,
  type State,
  type Step,
  selectedIndex,
  selectIndex,
  stay,
} from './state'

/** Cells are counted from 0. */
export type Mouse = { kind: 'mouse'; does: 'click' | 'wheel-up' | 'wheel-down'; x: number; y: number }

const holds = ({ left, top, width, height }: Rect, { x, y }: Mouse) =>
  x >= left && x < left + width && y >= top && y < top + height

/** Rows that one notch of the wheel moves. */
const notch = 3

const clickTitle = (state: State, { list }: { list: Rect }, x: number): Step => {
  let at = list.left + 2
  for (const { column, cells } of fitColumns(currentPane(state).columns, list.width - 3)) {
    if (x >= at && x <= at + cells) return sortByTitle(state, column.title)
    at += cells + 1
  }
  return stay(state)
}

const clickTile = (state: State, list: Rect, mouse: Mouse): Step => {
  const at = layTiles(list, listRows(state).length).findIndex((tile) => holds(tile, mouse))
  if (at < 0) return stay(state)
  return at === selectedIndex(state) ? pressInPane(state, 'enter') : selectIndex(state, at)
}

const clickRow = (state: State, row: number): Step => {
  const at = currentData(state).top + row
  if (at >= listRows(state).length) return stay(state)
  const selected = selectIndex({ ...state, mode: { kind: 'list' } }, at)
  // A second click on the same row opens it.
  return at === selectedIndex(state) && state.mode.kind === 'list' ? pressInPane(state, 'enter') : selected
}

const turnWheel = (state: State, mouse: Mouse): Step => {
  const by = mouse.does === 'wheel-up' ? -notch : notch
  const { details } = layoutOf(state)
  if (state.mode.kind === 'help') return stay({ ...state, mode: { kind: 'help', top: Math.max(0, state.mode.top + by) } })
  if (state.mode.kind !== 'list' && state.mode.kind !== 'details') return stay(state)
  if (holds(details, mouse))
    return stay(changePane(state, state.current, { detailsTop: Math.max(0, currentData(state).detailsTop + by) }))
  const listed = { ...state, mode: { kind: 'list' as const } }
  return selectIndex(listed, selectedIndex(listed) + by)
}

export const useMouse = (state: State, mouse: Mouse): Step => {
  if (mouse.does !== 'click') return turnWheel(state, mouse)
  if (state.mode.kind === 'help') return stay({ ...state, mode: { kind: 'list' } })
  if (state.mode.kind !== 'list' && state.mode.kind !== 'details') return stay(state)
  const at = layoutOf(state)
  if (holds(at.tabs, mouse)) {
    const tab = listTabs(state).find(({ left, width }) => mouse.x >= left && mouse.x < left + width)
    return tab ? openPane(state, tab.name) : stay(state)
  }
  if (holds(at.details, mouse)) return state.mode.kind === 'details' ? stay(state) : pressInPane(state, 'enter')
  if (!holds(at.list, mouse)) return stay(state)
  if (currentPane(state).graph) return clickTile(state, at.list, mouse)
  const row = mouse.y - at.list.top - 2
  return row === -1 ? clickTitle(state, at, mouse.x) : row >= 0 && row < at.listRows ? clickRow(state, row) : stay(state)
}
