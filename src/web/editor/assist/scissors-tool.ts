// Intelligent scissors: a polygon whose line follows edges between clicks; Shift or Ctrl draws straight.
import { finishDrawing } from '../tools/finish-drawing'
import { defineTool, type ToolContext } from '../tools/tool'
import { clampToSize, measureDistance, type Point, roundPoints } from '../view/geometry'

/** `parts`: what each click added, x y pairs; `path`: from the last click to the cursor as far as it is known. */
type State =
  | { at: 'waiting' }
  | { at: 'drawing'; parts: readonly number[][]; path: readonly number[]; cursor: Point; isStraight: boolean }
type Drawing = Extract<State, { at: 'drawing' }>

const closeDistance = 8
const sameDistance = 2
const waiting: State = { at: 'waiting' }

const endOf = (parts: readonly number[][]): Point => {
  const last = parts.at(-1)!
  return { x: last.at(-2)!, y: last.at(-1)! }
}

/** Fewer points than the raw path has, by as many screen pixels. */
const toleranceOf = ({ scale, approximation }: ToolContext) => (14 - approximation) / 4 / Math.max(scale, 0.25)

/** Path and click as the next part: the path counts when it leads to where the click was. */
const nextPart = ({ path, parts, isStraight }: Drawing, to: Point): number[] => {
  const [endX = Number.NaN, endY = Number.NaN] = path.slice(-2)
  const leadsThere = Math.hypot(endX - to.x, endY - to.y) < 2
  // Its first point is the last of the part before.
  return !isStraight && leadsThere && parts.length > 0 ? [...path.slice(2, -2), to.x, to.y] : [to.x, to.y]
}

const start = (at: Point, context: ToolContext): State => {
  context.assist({ operation: 'seed', values: at })
  return { at: 'drawing', parts: [[at.x, at.y]], path: [at.x, at.y], cursor: at, isStraight: false }
}

const finish = (state: State, context: ToolContext): State => {
  if (state.at === 'waiting') return state
  const points = roundPoints(state.parts.flat())
  if (points.length < 6) {
    context.explain('A polygon needs at least three points')
    return state
  }
  finishDrawing({ type: 'polygon', points, rotation: 0 }, context)
  return waiting
}

const addPoint = (state: State, given: Point, isStraight: boolean, context: ToolContext): State => {
  const at = clampToSize(given, context.size)
  if (state.at === 'waiting') return start(at, context)
  const [firstX, firstY] = state.parts[0]! as [number, number]
  if (measureDistance(at, endOf(state.parts)) * context.scale <= sameDistance) return state
  const isClosing = state.parts.length > 2 && measureDistance(at, { x: firstX, y: firstY }) * context.scale <= closeDistance
  const part = nextPart({ ...state, isStraight }, at)
  // The first point is there already.
  if (isClosing) return finish({ ...state, parts: [...state.parts, part.slice(0, -2)] }, context)
  context.assist({ operation: 'seed', values: at })
  return { ...state, parts: [...state.parts, part], path: [at.x, at.y], cursor: at }
}

const stepBack = (state: State, context: ToolContext): State => {
  if (state.at === 'waiting') return state
  const parts = state.parts.slice(0, -1)
  if (parts.length === 0) return waiting
  const end = endOf(parts)
  context.assist({ operation: 'seed', values: end })
  return { ...state, parts, path: [end.x, end.y] }
}

export const scissorsTool = defineTool<State>({
  id: 'polygon-scissors',
  title: 'Polygon along edges',
  icon: 'pentagon',
  cursor: 'none',
  draws: 'polygon',
  rail: 'polygon',
  start: () => waiting,
  on(state, event, context) {
    switch (event.type) {
      case 'cancel':
        context.leave()
        return waiting
      case 'finish':
      case 'double':
        return finish(state, context)
      case 'step-back':
        return stepBack(state, context)
      case 'down':
        return event.button === 'right' ? stepBack(state, context) : addPoint(state, event.at, event.shift || event.ctrl, context)
      case 'move': {
        if (state.at === 'waiting') return state
        const cursor = clampToSize(event.at, context.size)
        const isStraight = event.shift || event.ctrl
        if (!isStraight) context.assist({ operation: 'path', values: { ...cursor, tolerance: toleranceOf(context) } })
        return { ...state, cursor, isStraight }
      }
      case 'assist':
        return state.at === 'drawing' && event.answer.operation === 'path' ? { ...state, path: event.answer.value } : state
      default:
        return state
    }
  },
  mode: () => 'draw',
  hint: (state) =>
    state.at === 'waiting'
      ? 'Click on an edge; the line follows it to the pointer'
      : 'Click to fix the line, Shift draws straight, N or the first point closes, right click takes back',
  preview: (state) => {
    if (state.at === 'waiting') return { crosshair: true }
    const { parts, path, cursor, isStraight } = state
    const ahead = isStraight ? [cursor.x, cursor.y] : path.slice(2)
    const points = [...parts.flat(), ...ahead]
    const vertices = parts.flatMap((part) => part.slice(-2))
    return { crosshair: true, vertices, body: { type: 'polygon', points, rotation: 0 } }
  },
  canFinish: (state) => state.at === 'drawing' && state.parts.flat().length >= 6,
})
