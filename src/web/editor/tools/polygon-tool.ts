// Draws lines of points: click by click, or sliding with Shift; serves polygon, polyline and points.
import { points as pointsKind } from '../shapes/points'
import { polygon } from '../shapes/polygon'
import { polyline } from '../shapes/polyline'
import type { Body, ShapeKind } from '../shapes/shape-kind'
import { clampToSize, cropPolygon, measureDistance, type Point, roundPoints } from '../view/geometry'
import { finishDrawing } from './finish-drawing'
import { defineTool, type Tool, type ToolContext } from './tool'

type State = { at: 'waiting'; cursor: Point | null } | { at: 'drawing'; points: number[]; cursor: Point }

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
    const kept = isOut && closes ? cropPolygon(state.points, context.size) : state.points
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
    return left.length === 0 ? { at: 'waiting', cursor: state.cursor } : { ...state, points: left }
  }

  const addPoint = (state: State, at: Point, context: ToolContext): State => {
    const placed = closes ? at : clampToSize(at, context.size)
    if (state.at === 'waiting') return finishFull({ at: 'drawing', points: [placed.x, placed.y], cursor: placed }, context)
    const first = { x: state.points[0]!, y: state.points[1]! }
    const last = { x: state.points.at(-2)!, y: state.points.at(-1)! }
    const enough = state.points.length / 2 >= least
    if (closes && enough && measureDistance(at, first) * context.scale <= closeDistance) return finish(state, context)
    // The second press of a double click lands on the point just placed.
    if (measureDistance(at, last) * context.scale <= sameDistance) return state
    return finishFull({ at: 'drawing', points: [...state.points, placed.x, placed.y], cursor: placed }, context)
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
        case 'up':
        case 'step-forward':
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
    preview: (state) => {
      if (state.at === 'waiting') return { crosshair: true }
      const count = state.points.length / 2
      const body = makeBody([...state.points, state.cursor.x, state.cursor.y])
      return { crosshair: true, body, vertices: state.points, text: `${count} ${count === 1 ? 'point' : 'points'}` }
    },
    canFinish: (state) => state.at === 'drawing' && state.points.length / 2 >= least,
  })
}

export const polygonTool = makeLineTool({ kind: polygon, least: 3, closes: true })
export const polylineTool = makeLineTool({ kind: polyline, least: 2, closes: false })
export const pointsTool = makeLineTool({ kind: pointsKind, least: 1, closes: false })
