// Cuts a polygon, mask or polyline in two: choose it, start on its contour, go through it, end on its contour.
import type { Shape } from '../../../formats/model'
import { findOutline, listOutlines, sliceShape } from '../document/operations/slice'
import { measureDistance, measureToLine, type Point } from '../view/geometry'
import { defineTool, type Target, type ToolContext } from './tool'

type State =
  | { at: 'idle' }
  | { at: 'starting'; clientId: number; outlines: number[][]; cursor: Point }
  | { at: 'cutting'; clientId: number; outlines: number[][]; outline: number[]; points: number[]; cursor: Point }

const snapDistance = 12
const sameDistance = 2
const slideDistance = 15

const shapeOf = (clientId: number, context: ToolContext): Shape | null => {
  const object = context.object(clientId)
  return object?.kind === 'shape' ? object.data : null
}

const refuseTarget = (target: Target | null, context: ToolContext): string | null => {
  if (!target) return 'Click a polygon, mask or polyline to cut'
  if (target.locked) return 'Locked: L unlocks it'
  if (context.object(target.clientId)?.kind !== 'shape') return 'Tracks cannot be cut: Split ends them on a frame'
  return ['polygon', 'mask', 'polyline'].includes(target.type) ? null : 'Only polygons, masks and polylines can be cut'
}

const finish = (clientId: number, points: number[], context: ToolContext): boolean => {
  const shape = shapeOf(clientId, context)
  const outcome = shape && sliceShape(shape, points)
  if (!outcome) return true
  if ('refusal' in outcome) {
    context.explain(outcome.refusal)
    return false
  }
  const adds = outcome.done.map((data) => ({ kind: 'shape' as const, data }))
  context.dispatch({ type: 'rewrite', title: 'Slice', changes: [{ clientId, content: null }], adds })
  context.leave()
  return true
}

const choose = (at: Point, context: ToolContext): State => {
  const target = context.targetAt(at)
  const refusal = refuseTarget(target, context)
  const shape = target && shapeOf(target.clientId, context)
  if (refusal || !target || !shape) {
    context.explain(refusal ?? '')
    return { at: 'idle' }
  }
  if (shape.type === 'polyline') {
    finish(target.clientId, [at.x, at.y], context)
    return { at: 'idle' }
  }
  return { at: 'starting', clientId: target.clientId, outlines: listOutlines(shape), cursor: at }
}

/** The place on the contour that a pointer means, if it is near one. */
const snap = (outlines: readonly number[][], at: Point, context: ToolContext) => {
  const found = findOutline(outlines, at)
  return found && found.place.distance * context.scale <= snapDistance ? found : null
}

export const sliceTool = defineTool<State>({
  id: 'slice',
  title: 'Slice a polygon, mask or polyline',
  icon: 'slice',
  cursor: 'crosshair',
  picks: true,
  start: () => ({ at: 'idle' }),
  on(state, event, context) {
    switch (event.type) {
      case 'cancel':
        if (state.at === 'idle') context.leave()
        return { at: 'idle' }
      case 'step-back':
        return stepBack(state)
      case 'down': {
        if (event.button === 'right') return stepBack(state)
        if (state.at === 'idle') {
          const next = choose(event.at, context)
          const found = next.at === 'starting' ? snap(next.outlines, event.at, context) : null
          // A click on the contour chooses and starts at once.
          return found && next.at === 'starting' ? begin(next, found) : next
        }
        if (state.at === 'starting') {
          const found = snap(state.outlines, event.at, context)
          if (!found) context.explain('Start on the contour')
          return found ? begin(state, found) : state
        }
        return addPoint(state, event.at, context)
      }
      case 'move': {
        if (state.at === 'idle') return state
        if (state.at === 'cutting' && event.shift) {
          const last = { x: state.points.at(-2)!, y: state.points.at(-1)! }
          if (measureDistance(event.at, last) * context.scale >= slideDistance) return addPoint(state, event.at, context)
        }
        return { ...state, cursor: event.at }
      }
      default:
        return state
    }
  },
  mode: () => 'slice',
  hint: (state) => {
    if (state.at === 'idle') return 'Click the polygon or mask to cut, or the place where a polyline is cut; Esc cancels'
    if (state.at === 'starting') return 'Click where the cut starts on the contour'
    return 'Click points inside, end on the contour; Shift slides, right click takes back, Esc starts over'
  },
  preview: (state, context) => {
    if (state.at === 'idle') return null
    const snapped = snap(state.at === 'cutting' ? [state.outline] : state.outlines, state.cursor, context)
    const mark = snapped ? { snap: { x: snapped.place.x, y: snapped.place.y } } : {}
    if (state.at === 'starting') return { marks: [state.clientId], ...mark }
    const end = snapped ? snapped.place : state.cursor
    return { marks: [state.clientId], line: [...state.points, end.x, end.y], vertices: state.points, ...mark }
  },
})

type Found = NonNullable<ReturnType<typeof findOutline>>

const begin = (state: Extract<State, { at: 'starting' }>, { outline, place }: Found): State => ({
  ...state,
  at: 'cutting',
  outline,
  points: [place.x, place.y],
})

const stepBack = (state: State): State => {
  if (state.at !== 'cutting') return state
  const points = state.points.slice(0, -2)
  return points.length > 0
    ? { ...state, points }
    : { at: 'starting', clientId: state.clientId, outlines: state.outlines, cursor: state.cursor }
}

const addPoint = (state: Extract<State, { at: 'cutting' }>, at: Point, context: ToolContext): State => {
  const last = { x: state.points.at(-2)!, y: state.points.at(-1)! }
  if (measureDistance(at, last) * context.scale <= sameDistance) return state
  const found = snap([state.outline], at, context)
  const start = { x: state.points[0]!, y: state.points[1]! }
  const backAtStart = state.points.length === 2 && measureDistance(at, start) * context.scale <= snapDistance
  if (found && !backAtStart && measureToLine(at, state.outline, true) * context.scale <= snapDistance) {
    const points = [...state.points, found.place.x, found.place.y]
    return finish(state.clientId, points, context) ? { at: 'idle' } : state
  }
  return { ...state, points: [...state.points, at.x, at.y], cursor: at }
}
