// Paints masks: brush and eraser, polygons added and taken away, with steps back of its own; also changes masks that exist.
import { decodeMask, encodeMask } from '../../../formats/geometry/mask'
import { subtractMask } from '../../../formats/geometry/mask-operations'
import type { Shape } from '../../../formats/model'
import type { Intent } from '../document/intent'
import type { EditorObject } from '../document/object'
import { mask } from '../shapes/mask'
import type { BrushOptions } from '../state'
import { clampNumber, measureDistance, type Point, type Size } from '../view/geometry'
import { emptySheet, isSheetEmpty, paintPolygon, paintRuns, paintStroke, readSheet, type Sheet } from './mask-sheet'
import { defineTool, type ToolContext, type ToolEvent } from './tool'

/** `past` and `future` are sheets, which share what did not change. `edits`: the mask that is changed. */
type Work = { sheet: Sheet; past: readonly Sheet[]; future: readonly Sheet[]; cursor: Point | null; edits: number | null }

type State = Work &
  (
    | { at: 'ready' }
    | { at: 'painting'; from: Point; before: Sheet }
    | { at: 'sizing'; fromX: number; size: number }
    | { at: 'plotting'; points: number[] }
  )

type Painting = Extract<State, { at: 'painting' }>
type Plotting = Extract<State, { at: 'plotting' }>

export const brushLimits = { least: 1, most: 1000 }
const closeDistance = 8
const slideDistance = 15
const sameDistance = 2

export const startMask = (size: Size): State => ({
  at: 'ready',
  sheet: emptySheet(size),
  past: [],
  future: [],
  cursor: null,
  edits: null,
})

/** The state in which a stored mask lies on the sheet. */
export const openMask = (clientId: number, points: readonly number[], size: Size): State => {
  const blank = startMask(size)
  return { ...blank, sheet: paintRuns(blank.sheet, points, 1), edits: clientId }
}

const isEraser = (brush: BrushOptions): boolean => brush.act === 'eraser' || brush.act === 'polygon-minus'
const isPlot = (brush: BrushOptions): boolean => brush.act === 'polygon-plus' || brush.act === 'polygon-minus'

const rest = ({ sheet, past, future, cursor, edits }: State): Work => ({ sheet, past, future, cursor, edits })

/** A pen draws a fourth of the size at no pressure, all of it from two thirds on. */
const sizeOf = (event: { force?: number }, brush: BrushOptions): number =>
  event.force === undefined ? brush.size : Math.max(brush.size * Math.min(0.25 + event.force * 1.125, 1), 1)

const paint = (sheet: Sheet, from: Point, event: { at: Point; force?: number }, { brush }: ToolContext): Sheet => {
  const line = [from.x, from.y, event.at.x, event.at.y] as const
  return paintStroke(sheet, { line, size: sizeOf(event, brush), form: brush.form }, isEraser(brush) ? 0 : 1)
}

const settle = (state: State, sheet: Sheet, before = state.sheet): State => ({
  ...rest(state),
  at: 'ready',
  sheet,
  past: [...state.past, before],
  future: [],
})

const closePolygon = (state: Plotting, context: ToolContext): State => {
  if (state.points.length < 6) return { ...rest(state), at: 'ready' }
  return settle(state, paintPolygon(state.sheet, state.points, isEraser(context.brush) ? 0 : 1))
}

const isMask = (object: EditorObject | null): object is EditorObject & { kind: 'shape'; data: Shape } =>
  object?.kind === 'shape' && object.data.type === 'mask'

/** Takes the drawn pixels away from all other free masks of the frame; what is left empty goes. */
const removeUnderlying = (points: readonly number[], own: number | null, context: ToolContext): Intent[] => {
  const drawn = decodeMask(points)
  const changes = context.listTargets(mask.bounds({ type: 'mask', points: [...points], rotation: 0 })).flatMap((target) => {
    const object = context.object(target.clientId)
    if (target.clientId === own || target.locked || !isMask(object)) return []
    const old = decodeMask(object.data.points)
    const left = subtractMask(old, drawn)
    if (left === old) return []
    const runs = encodeMask(left)
    const content = runs ? { kind: 'shape' as const, data: { ...object.data, points: runs } } : null
    return [{ clientId: target.clientId, content }]
  })
  const gone = changes.filter((change) => change.content === null).length
  if (gone > 0) context.explain(`${gone} ${gone === 1 ? 'mask' : 'masks'} wholly covered by the new one deleted`)
  return changes.length > 0 ? [{ type: 'rewrite', title: 'Remove underlying pixels', changes }] : []
}

const finish = (given: State, goesOn: boolean, context: ToolContext): State => {
  const state = given.at === 'plotting' ? closePolygon(given, context) : given
  const points = readSheet(state.sheet)
  if (!points) {
    context.explain('A mask needs at least one pixel')
    return { ...rest(state), at: 'ready' }
  }
  const { as: _as, labelId, redraws } = context.template
  const target = state.edits ?? redraws
  const below = context.brush.removeUnderlying ? removeUnderlying(points, target, context) : []
  if (target === null) {
    const body = { type: 'mask' as const, points, rotation: 0 }
    context.dispatch({ type: 'add', as: context.template.as, body, labelId }, ...below)
  } else {
    context.dispatch({ type: 'place', clientId: target, position: { points, rotation: 0 }, title: 'Edit mask' }, ...below)
  }
  if (goesOn && state.edits === null) context.again()
  else context.leave()
  if (state.edits !== null) context.activate(state.edits)
  return startMask(context.size)
}

const addPoint = (state: State & { at: 'ready' | 'plotting' }, at: Point, context: ToolContext): State => {
  const points = state.at === 'plotting' ? state.points : []
  if (points.length > 0) {
    const near = (i: number) => measureDistance(at, { x: points.at(i)!, y: points.at(i + 1)! }) * context.scale
    if (points.length >= 6 && near(0) <= closeDistance) return closePolygon(state as Plotting, context)
    if (near(-2) <= sameDistance) return state
  }
  return { ...rest(state), at: 'plotting', points: [...points, at.x, at.y], cursor: at }
}

const stepBack = (state: State): State => {
  if (state.at === 'plotting') {
    const points = state.points.slice(0, -2)
    return points.length > 0 ? { ...state, points } : { ...rest(state), at: 'ready' }
  }
  const last = state.past.at(-1)
  if (!last) return state
  return { ...rest(state), at: 'ready', sheet: last, past: state.past.slice(0, -1), future: [state.sheet, ...state.future] }
}

const stepForward = (state: State): State => {
  const [next, ...future] = state.future
  if (!next || state.at !== 'ready') return state
  return { ...state, sheet: next, past: [...state.past, state.sheet], future }
}

const press = (state: State, event: Extract<ToolEvent, { type: 'down' }>, context: ToolContext): State => {
  if (event.button === 'right') {
    if (state.at === 'plotting') return stepBack(state)
    if (event.alt) return { ...rest(state), at: 'sizing', fromX: event.at.x, size: context.brush.size }
    return state
  }
  if (state.at === 'plotting' || isPlot(context.brush)) {
    return addPoint(state as State & { at: 'ready' | 'plotting' }, event.at, context)
  }
  if (isEraser(context.brush) && isSheetEmpty(state.sheet)) {
    context.explain('There is nothing to erase yet')
    return state
  }
  return {
    ...rest(state),
    at: 'painting',
    from: event.at,
    before: state.sheet,
    sheet: paint(state.sheet, event.at, event, context),
  }
}

const moveOn = (state: State, event: Extract<ToolEvent, { type: 'move' }>, context: ToolContext): State => {
  const cursor = event.at
  switch (state.at) {
    case 'painting':
      return { ...state, cursor, from: event.at, sheet: paint(state.sheet, state.from, event, context) }
    case 'sizing': {
      const size = Math.round(state.size + 2 * (event.at.x - state.fromX))
      context.setBrush({ size: clampNumber(size, brushLimits.least, brushLimits.most) })
      return state
    }
    case 'plotting': {
      const last = { x: state.points.at(-2)!, y: state.points.at(-1)! }
      const slides = event.shift && measureDistance(event.at, last) * context.scale >= slideDistance
      return slides ? addPoint(state, event.at, context) : { ...state, cursor }
    }
    default:
      return { ...state, cursor }
  }
}

const endStroke = (state: Painting): State => settle(state, state.sheet, state.before)

export const maskTool = defineTool<State>({
  id: 'mask',
  title: 'Mask',
  icon: 'brush',
  cursor: 'none',
  draws: 'mask',
  start: (context) => startMask(context?.size ?? { width: 1, height: 1 }),
  on(state, event, context) {
    switch (event.type) {
      case 'cancel':
        if (state.at === 'plotting') return { ...rest(state), at: 'ready' }
        context.leave()
        return startMask(context.size)
      case 'finish':
        if (event.how === 'part') return state.at === 'plotting' ? closePolygon(state, context) : state
        return finish(state, event.how === 'continue', context)
      case 'abort':
        return state.at === 'painting' ? { ...rest(state), at: 'ready', sheet: state.before } : state
      case 'double':
        return state.at === 'plotting' ? closePolygon(state, context) : state
      case 'step-back':
        return state.at === 'painting' ? state : stepBack(state)
      case 'step-forward':
        return stepForward(state)
      case 'down':
        return press(state, event, context)
      case 'move':
        return moveOn(state, event, context)
      case 'up':
        if (state.at === 'painting') return endStroke(state)
        return state.at === 'sizing' ? { ...rest(state), at: 'ready' } : state
      case 'assist':
        return state
      default:
        return state
    }
  },
  mode: (state) => (state.edits === null ? 'draw' : 'edit'),
  hint: (state) => {
    if (state.at === 'sizing') return 'Drag left or right for the size of the brush'
    if (state.at === 'plotting') return 'Click the next point; double click or the first point closes, right click takes back'
    return 'Paint; N finishes, Esc cancels, Alt and right drag changes the size, H hides the mask'
  },
  preview: (state, { brush }) => {
    const erases = isEraser(brush)
    const drawn = state.sheet.tiles.size > 0 || state.past.length > 0
    const shown = drawn ? { sheet: { sheet: state.sheet, hidden: brush.hidden } } : {}
    const without = state.edits === null ? {} : { without: [state.edits] }
    if (state.at === 'plotting') {
      const end = state.cursor ? [state.cursor.x, state.cursor.y] : []
      const body = { type: 'polygon' as const, points: [...state.points, ...end], rotation: 0 }
      return { ...shown, ...without, body, vertices: state.points, crosshair: true }
    }
    if (isPlot(brush)) return { ...shown, ...without, crosshair: true }
    const pointer = state.at === 'sizing' ? { x: state.fromX, y: state.cursor?.y ?? 0 } : state.cursor
    const at = pointer ? { brush: { at: pointer, size: brush.size, form: brush.form, erases } } : {}
    return { ...shown, ...without, ...at, ...(state.at === 'sizing' && { text: `${brush.size} px` }) }
  },
  canFinish: (state) => state.at === 'plotting' || state.sheet.tiles.size > 0,
  steps: (state) => ({ back: state.at === 'plotting' || state.past.length > 0, forward: state.future.length > 0 }),
})
