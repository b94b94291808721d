// Draws lines of points: click by click, or sliding with Shift; serves polygon, polyline and points.
import { points as pointsKind } from '../shapes/points'
import { polygon } from '../shapes/polygon'
import { polyline } from '../shapes/polyline'
import type { Body, ShapeKind } from '../shapes/shape-kind'
import { clampToSize, cropLine, cropPolygon, measureDistance, type Point, roundPoints } from '../view/geometry'
import { finishDrawing } from './finish-drawing'
import { copyBorder, findBorder, listBorderTargets, snapPoint } from './snap'
import { defineTool, type Tool, type ToolContext } from './tool'

/** `copies`: vertices of one neighbour that were clicked so far, of which the contour between is copied at the third. */
type State =
  | { at: 'waiting'; cursor: Point | null }
  | { at: 'drawing'; points: number[]; cursor: Point; copies?: { clientId: number; first: number; middle: number | null } | null }

const closeDistance = 8
const sameDistance = 2
const slideDistance = 15

export type LineTool = { kind: ShapeKind; least: number; closes: boolean }

export const makeLineTool = ({ kind, least, closes }: LineTool): Tool => {
  const makeBody = (list: number[]): Body => ({ type: kind.kind, points: list, rotation: 0 })
  const waiting: State = { at: 'waiting', cursor: null }

  const finish = (state: State, context: ToolContext): State => {
    if (state.at === 'waiting') return state
    const { width, height } = context.size
    const isOut = state.points.some((value, i) => value < 0 || value > (i % 2 === 0 ? width : height))
    const crop = closes ? cropPolygon : cropLine
    const kept = isOut ? crop(state.points, context.size) : state.points
    const body = makeBody(roundPoints(kept))
    const refusal = kind.refuse(body)
    if (refusal) {
      context.explain(refusal)
      return state
    }
    finishDrawing(body, context)
    return waiting
  }

  const stepBack = (state: State): State => {
    if (state.at === 'waiting') return state
    const left = state.points.slice(0, -2)
    return left.length === 0 ? { at: 'waiting', cursor: state.cursor } : { ...state, points: left, copies: null }
  }

  /** A click on a neighbour's vertex: the third one on the same contour copies what lies between, through the second. */
  const followBorder = (state: State, at: Point, context: ToolContext): State | null => {
    const border = context.bordering ? findBorder(at, context, context.template.redraws) : null
    if (!border) return null
    const point = [border.x, border.y]
    const begin = { clientId: border.clientId, first: border.index, middle: null }
    if (state.at === 'waiting') return { at: 'drawing', points: point, cursor: at, copies: begin }
    const { copies } = state
    if (copies?.clientId !== border.clientId) return { ...state, points: [...state.points, ...point], cursor: at, copies: begin }
    // The second press of a double click keeps just the point.
    if (copies.middle === border.index || copies.first === border.index)
      return { ...state, copies: { ...begin, first: border.index } }
    if (copies.middle === null) {
      return { ...state, points: [...state.points, ...point], cursor: at, copies: { ...copies, middle: border.index } }
    }
    const target = context.listTargets().find((one) => one.clientId === border.clientId)
    const way = target ? copyBorder(target, copies.first, copies.middle, border.index) : point
    // The middle one was placed as a point of its own; the copied way contains it.
    return { ...state, points: [...state.points.slice(0, -2), ...way], cursor: at, copies: null }
  }

  const addPoint = (state: State, given: Point, context: ToolContext): State => {
    const followed = followBorder(state, given, context)
    if (followed) return finishFull(followed as Extract<State, { at: 'drawing' }>, context)
    const at = snapPoint(given, context, context.template.redraws)
    const placed = kind.kind === 'points' ? clampToSize(at, context.size) : at
    if (state.at === 'waiting')
      return finishFull({ at: 'drawing', points: [placed.x, placed.y], cursor: placed, copies: null }, context)
    const first = { x: state.points[0]!, y: state.points[1]! }
    const last = { x: state.points.at(-2)!, y: state.points.at(-1)! }
    const enough = state.points.length / 2 >= least
    if (closes && enough && measureDistance(at, first) * context.scale <= closeDistance) return finish(state, context)
    // The second press of a double click lands on the point just placed.
    if (measureDistance(at, last) * context.scale <= sameDistance) return state
    return finishFull({ at: 'drawing', points: [...state.points, placed.x, placed.y], cursor: placed, copies: null }, context)
  }

  /** Finishes by itself at the chosen number of points. */
  const finishFull = (state: Extract<State, { at: 'drawing' }>, context: ToolContext): State => {
    const { count } = context.template
    return count >= least && state.points.length / 2 >= count ? finish(state, context) : state
  }

  return defineTool<State>({
    id: kind.kind,
    title: kind.title,
    icon: kind.icon,
    cursor: 'none',
    draws: kind.kind,
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
          return stepBack(state)
        case 'down':
          return event.button === 'right' ? stepBack(state) : addPoint(state, event.at, context)
        case 'move': {
          if (state.at === 'waiting') return { ...state, cursor: event.at }
          const last = { x: state.points.at(-2)!, y: state.points.at(-1)! }
          const slides = event.shift && measureDistance(event.at, last) * context.scale >= slideDistance
          return slides ? addPoint(state, event.at, context) : { ...state, cursor: event.at }
        }
        default:
          return state
      }
    },
    mode: () => 'draw',
    hint: (state) => {
      if (state.at === 'waiting') return 'Click the first point; hold Shift and move to slide points'
      const enough = state.points.length / 2 >= least
      const how = closes ? 'N, double click or the first point closes' : 'N or double click finishes'
      return enough ? `${how}, right click takes back, Esc cancels` : 'Click the next point, right click takes back'
    },
    preview: (state, context) => {
      const border = state.cursor && context.bordering ? findBorder(state.cursor, context) : null
      const targets = state.cursor && context.bordering ? { targets: listBorderTargets(state.cursor, context) } : {}
      const guides = { crosshair: true, ...targets, ...(border && { snap: { x: border.x, y: border.y } }) }
      if (state.at === 'waiting') return guides
      const count = state.points.length / 2
      const body = makeBody([...state.points, state.cursor.x, state.cursor.y])
      return { ...guides, body, vertices: state.points, text: `${count} ${count === 1 ? 'point' : 'points'}` }
    },
    canFinish: (state) => state.at === 'drawing' && state.points.length / 2 >= least,
  })
}

export const polygonTool = makeLineTool({ kind: polygon, least: 3, closes: true })
export const polylineTool = makeLineTool({ kind: polyline, least: 2, closes: false })
export const pointsTool = makeLineTool({ kind: pointsKind, least: 1, closes: false })
