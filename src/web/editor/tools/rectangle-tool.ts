// Draws a box by two points: click and click, or drag. Serves rectangle and ellipse.
import type { ShapeType } from '../../../formats/model'
import { rectangle } from '../shapes/rectangle'
import type { Body, ShapeKind } from '../shapes/shape-kind'
import { clampToSize, type Point, roundPoint } from '../view/geometry'
import { finishDrawing } from './finish-drawing'
import { defineTool, type Tool, type ToolContext } from './tool'

type State =
  | { at: 'waiting'; cursor: Point | null }
  | { at: 'pressed'; from: Point; to: Point }
  | { at: 'stretching'; from: Point; to: Point }

const dragDistance = 4

const readSize = (from: Point, to: Point): string =>
  `${Math.abs(to.x - from.x).toFixed(1)} × ${Math.abs(to.y - from.y).toFixed(1)}`

export type BoxTool = { kind: ShapeKind; write: (from: Point, to: Point) => number[] }

const twoCorners = (from: Point, to: Point): number[] => [
  roundPoint(Math.min(from.x, to.x)),
  roundPoint(Math.min(from.y, to.y)),
  roundPoint(Math.max(from.x, to.x)),
  roundPoint(Math.max(from.y, to.y)),
]

export const makeBoxTool = ({ kind, write }: BoxTool): Tool => {
  const makeBody = (from: Point, to: Point): Body => ({ type: kind.kind as ShapeType, points: write(from, to), rotation: 0 })
  const finish = (from: Point, to: Point, context: ToolContext): State => {
    const body = makeBody(from, to)
    const refusal = kind.refuse(body)
    if (refusal) {
      context.explain(refusal)
      return { at: 'waiting', cursor: to }
    }
    finishDrawing(body, context)
    return { at: 'waiting', cursor: null }
  }
  return defineTool<State>({
    id: kind.kind,
    title: kind.title,
    icon: kind.icon,
    cursor: 'none',
    draws: kind.kind,
    start: () => ({ at: 'waiting', cursor: null }),
    on(state, event, context) {
      if (event.type === 'cancel') {
        context.leave()
        return { at: 'waiting', cursor: null }
      }
      if (event.type === 'abort') return state.at === 'pressed' ? { at: 'waiting', cursor: null } : state
      if (!('at' in event) || event.type === 'double') return state
      if (event.type === 'down' && event.button === 'right') return { at: 'waiting', cursor: event.at }
      const at = clampToSize(event.at, context.size)
      switch (state.at) {
        case 'waiting':
          return event.type === 'down' ? { at: 'pressed', from: at, to: at } : { at: 'waiting', cursor: event.at }
        case 'pressed': {
          if (event.type === 'move') return { ...state, to: at }
          if (event.type !== 'up') return state
          const far = Math.hypot(at.x - state.from.x, at.y - state.from.y) * context.scale > dragDistance
          return far ? finish(state.from, at, context) : { at: 'stretching', from: state.from, to: at }
        }
        case 'stretching':
          return event.type === 'down' ? finish(state.from, at, context) : { ...state, to: at }
      }
    },
    mode: () => 'draw',
    hint: (state) =>
      state.at === 'waiting' ? 'Click the first corner, or drag from corner to corner' : 'Click the opposite corner, Esc cancels',
    preview: (state) => {
      if (state.at === 'waiting') return { crosshair: true }
      return { crosshair: true, body: makeBody(state.from, state.to), text: readSize(state.from, state.to) }
    },
  })
}

export const rectangleTool = makeBoxTool({ kind: rectangle, write: twoCorners })
