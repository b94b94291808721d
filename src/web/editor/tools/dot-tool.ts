// Draws by dots of which a body is made: extreme points of a box, points on the contour of a turned one, corners of a cuboid.
import type { ShapeType } from '../../../formats/model'
import { shapeKinds } from '../shapes/registry'
import type { Body } from '../shapes/shape-kind'
import { clampToSize, measureDistance, type Point, roundPoints } from '../view/geometry'
import { finishDrawing } from './finish-drawing'
import { defineTool, type Tool, type ToolContext } from './tool'

type State = { at: 'waiting'; points: []; cursor: Point | null } | { at: 'drawing'; points: number[]; cursor: Point }

const sameDistance = 2

export type DotTool = {
  id: string
  kind: ShapeType
  title: string
  /** Body of the points; null while they make none. */
  make: (points: readonly number[]) => Pick<Body, 'points' | 'rotation'> | null
  least: number
  /** Number of points at which it finishes by itself. */
  full?: number
  hints: { first: string; next: string; enough: string }
  /** Lines to show while there is no body yet. */
  guide?: (points: readonly number[]) => number[]
}

export const makeDotTool = ({ id, kind, title, make, least, full, hints, guide }: DotTool): Tool => {
  const waiting: State = { at: 'waiting', points: [], cursor: null }
  const shape = shapeKinds[kind]

  const build = (points: readonly number[]): Body | null => {
    const made = points.length / 2 >= least ? make(points) : null
    return made && { type: kind, points: roundPoints(made.points), rotation: made.rotation }
  }

  const finish = (state: State, context: ToolContext): State => {
    const body = build(state.points)
    const refusal = body ? shape.refuse(body) : 'These points do not make one yet'
    if (!body || refusal) {
      context.explain(refusal ?? '')
      return state
    }
    finishDrawing(body, context)
    return waiting
  }

  const stepBack = (state: State): State => {
    const points = state.points.slice(0, -2)
    return points.length > 0 && state.cursor ? { at: 'drawing', points, cursor: state.cursor } : waiting
  }

  const addPoint = (state: State, given: Point, context: ToolContext): State => {
    const at = clampToSize(given, context.size)
    const last = state.at === 'drawing' ? { x: state.points.at(-2)!, y: state.points.at(-1)! } : null
    if (last && measureDistance(at, last) * context.scale <= sameDistance) return state
    const next: State = { at: 'drawing', points: [...state.points, at.x, at.y], cursor: at }
    return full !== undefined && next.points.length / 2 >= full ? finish(next, context) : next
  }

  return defineTool<State>({
    id,
    title,
    icon: shape.icon,
    cursor: 'none',
    draws: kind,
    rail: kind,
    start: () => waiting,
    on(state, event, context) {
      switch (event.type) {
        case 'cancel':
          context.leave()
          return waiting
        case 'finish':
          return state.at === 'waiting' ? state : finish(state, context)
        case 'double':
          return full === undefined ? finish(state, context) : state
        case 'step-back':
          return stepBack(state)
        case 'down':
          return event.button === 'right' ? stepBack(state) : addPoint(state, event.at, context)
        case 'move':
          return { ...state, cursor: event.at } as State
        default:
          return state
      }
    },
    mode: () => 'draw',
    hint: (state) => {
      if (state.at === 'waiting') return hints.first
      return state.points.length / 2 >= least ? hints.enough : hints.next
    },
    preview: (state) => {
      if (state.at === 'waiting') return { crosshair: true }
      const points = [...state.points, state.cursor.x, state.cursor.y]
      const body = build(points)
      const line = guide?.(points) ?? points
      const count = state.points.length / 2
      const text = full ? `${count} of ${full}` : `${count} ${count === 1 ? 'point' : 'points'}`
      return { crosshair: true, vertices: state.points, ...(body ? { body } : { line }), text }
    },
    canFinish: (state) => full === undefined && state.points.length / 2 >= least,
  })
}
