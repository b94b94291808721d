// Paints a mask by superpixels: strokes add the small regions of alike colour that they touch, right-hand strokes take them away.
import { encodeMask } from '../../../formats/geometry/mask'
import { fillRegion, findRegion, findRegionsAlong, type Superpixels } from '../../../formats/geometry/superpixels'
import type { Body } from '../shapes/shape-kind'
import { finishDrawing } from '../tools/finish-drawing'
import { emptySheet, isSheetEmpty, paintSpans, readSheet, type Sheet } from '../tools/mask-sheet'
import { defineTool, type ToolContext, type ToolEvent } from '../tools/tool'
import type { Point, Size } from '../view/geometry'

/** About how many regions a picture is cut into. */
const counts = [250, 900, 3000] as const
const compactness = 10

type Work = {
  size: Size
  sheet: Sheet
  past: readonly Sheet[]
  future: readonly Sheet[]
  /** null: not asked for, or not answered. */
  cut: Superpixels | null
  isAsking: boolean
  /** Place in `counts`. */
  fineness: number
  cursor: Point | null
}
type State = Work & ({ at: 'ready' } | { at: 'painting'; from: Point; adds: boolean; before: Sheet })

const startWork = (size: Size): State => ({
  at: 'ready',
  size,
  sheet: emptySheet(size),
  past: [],
  future: [],
  cut: null,
  isAsking: false,
  fineness: 1,
  cursor: null,
})

const rest = ({ size, sheet, past, future, cut, isAsking, fineness, cursor }: State): Work => ({
  size,
  sheet,
  past,
  future,
  cut,
  isAsking,
  fineness,
  cursor,
})

const ask = (state: State, fineness: number, context: ToolContext): State => {
  context.assist({ operation: 'regions', values: { count: counts[fineness]!, compactness } })
  return { ...rest(state), at: 'ready', fineness, cut: null, isAsking: true }
}

const paint = (state: State & { cut: Superpixels }, from: Point, to: Point, adds: boolean): Sheet => {
  const { cut, size, sheet } = state
  const regions = findRegionsAlong(cut, size, [from.x, from.y, to.x, to.y])
  return paintSpans(sheet, adds ? 1 : 0, (fill) => {
    for (const region of regions) fillRegion(cut, size, region, fill)
  })
}

const press = (state: State, event: Extract<ToolEvent, { type: 'down' }>, context: ToolContext): State => {
  if (event.alt && event.button === 'left') return ask(state, (state.fineness + 1) % counts.length, context)
  const { cut } = state
  if (!cut) {
    context.explain('The superpixels are still being worked out')
    return state.isAsking ? state : ask(state, state.fineness, context)
  }
  const adds = event.button === 'left'
  const sheet = paint({ ...state, cut }, event.at, event.at, adds)
  return { ...rest(state), at: 'painting', from: event.at, adds, before: state.sheet, sheet, cursor: event.at }
}

const moveOn = (state: State, at: Point, context: ToolContext): State => {
  if (state.at === 'painting' && state.cut) {
    return { ...state, cursor: at, from: at, sheet: paint({ ...state, cut: state.cut }, state.from, at, state.adds) }
  }
  return { ...(state.cut || state.isAsking ? state : ask(state, state.fineness, context)), cursor: at }
}

const endStroke = (state: State): State =>
  state.at === 'painting' ? { ...rest(state), at: 'ready', past: [...state.past, state.before], future: [] } : state

const stepBack = (state: State): State => {
  const last = state.past.at(-1)
  if (!last || state.at === 'painting') return state
  return { ...rest(state), at: 'ready', sheet: last, past: state.past.slice(0, -1), future: [state.sheet, ...state.future] }
}

const stepForward = (state: State): State => {
  const [next, ...future] = state.future
  if (!next || state.at === 'painting') return state
  return { ...rest(state), at: 'ready', sheet: next, past: [...state.past, state.sheet], future }
}

const finish = (state: State, context: ToolContext): State => {
  const points = readSheet(state.sheet)
  if (!points) {
    context.explain('A mask needs at least one pixel')
    return state
  }
  finishDrawing({ type: 'mask', points, rotation: 0 }, context)
  return startWork(context.size)
}

/** The region under the pointer, as it would be added. */
const outlineRegion = ({ cut, size, cursor }: State): Body | null => {
  const region = cut && cursor ? findRegion(cut, size, cursor.x, cursor.y) : -1
  if (!cut || region < 0) return null
  const rows: { row: number; from: number; to: number }[] = []
  fillRegion(cut, size, region, (span) => void rows.push(span))
  const [left, right] = [Math.min(...rows.map(({ from }) => from)), Math.max(...rows.map(({ to }) => to))]
  const [top, bottom] = [Math.min(...rows.map(({ row }) => row)), Math.max(...rows.map(({ row }) => row))]
  if (!rows.length || right <= left) return null
  const data = new Uint8Array((right - left) * (bottom - top + 1))
  for (const { row, from, to } of rows) {
    const start = (row - top) * (right - left) - left
    data.fill(1, start + from, start + to)
  }
  const points = encodeMask({ left, top, width: right - left, height: bottom - top + 1, data })
  return points ? { type: 'mask', points, rotation: 0 } : null
}

export const superpixelTool = defineTool<State>({
  id: 'mask-superpixels',
  title: 'Mask of superpixels',
  icon: 'brush',
  cursor: 'crosshair',
  draws: 'mask',
  rail: 'mask',
  start: (context) => startWork(context?.size ?? { width: 1, height: 1 }),
  on(state, event, context) {
    switch (event.type) {
      case 'cancel':
        context.leave()
        return startWork(context.size)
      case 'finish':
        return finish(endStroke(state), context)
      case 'abort':
        return state.at === 'painting' ? { ...rest(state), at: 'ready', sheet: state.before } : state
      case 'step-back':
        return stepBack(state)
      case 'step-forward':
        return stepForward(state)
      case 'down':
        return press(state, event, context)
      case 'move':
        return moveOn(state, event.at, context)
      case 'up':
        return endStroke(state)
      case 'assist':
        return event.answer.operation === 'regions' ? { ...state, cut: event.answer.value, isAsking: false } : state
      default:
        return state
    }
  },
  mode: () => 'draw',
  hint: (state) =>
    state.cut
      ? 'Paint over what belongs to it, right button takes away, Alt+click for finer or coarser ones, N accepts'
      : 'Cutting the picture into superpixels…',
  preview: (state, { brush }) => {
    const drawn = state.sheet.tiles.size > 0 || state.past.length > 0
    const body = state.at === 'painting' ? null : outlineRegion(state)
    return {
      crosshair: true,
      ...(drawn && { sheet: { sheet: state.sheet, hidden: brush.hidden } }),
      ...(body && { body }),
      ...(state.isAsking && { text: '…' }),
    }
  },
  canFinish: (state) => !isSheetEmpty(state.sheet),
  steps: (state) => ({ back: state.past.length > 0, forward: state.future.length > 0 }),
})
