// Cuts an object out by a box; clicks say what belongs to it and what does not. Serves polygons and masks.
import { encodeMask } from '../../../formats/geometry/mask'
import type { CutOut } from '../../vision/vision'
import type { Body } from '../shapes/shape-kind'
import { finishDrawing } from '../tools/finish-drawing'
import { defineTool, type Tool, type ToolContext } from '../tools/tool'
import { clampToSize, measureDistance, type Point, roundPoints } from '../view/geometry'

type Wish = { box: { x: number; y: number; width: number; height: number }; inside: number[]; outside: number[] }
type State =
  | { at: 'waiting' }
  | { at: 'boxing'; from: Point; to: Point }
  | ({ at: 'refining'; found: CutOut | null; isAsking: boolean } & Wish)

const waiting: State = { at: 'waiting' }
const leastBox = 6

const boxOf = (a: Point, b: Point) => ({
  x: Math.min(a.x, b.x),
  y: Math.min(a.y, b.y),
  width: Math.abs(a.x - b.x),
  height: Math.abs(a.y - b.y),
})

const ask = (wish: Wish, found: CutOut | null, context: ToolContext): State => {
  const tolerance = (14 - context.approximation) / 4
  context.assist({ operation: 'cut', values: { ...wish, tolerance } })
  return { at: 'refining', ...wish, found, isAsking: true }
}

const bodyOf = (kind: 'polygon' | 'mask', { mask, rect, polygon }: CutOut): Body | null => {
  if (kind === 'polygon') return polygon.length >= 6 ? { type: 'polygon', points: roundPoints(polygon), rotation: 0 } : null
  const points = encodeMask({ left: rect.x, top: rect.y, width: rect.width, height: rect.height, data: mask })
  return points ? { type: 'mask', points, rotation: 0 } : null
}

export const makeCutOutTool = (kind: 'polygon' | 'mask'): Tool => {
  const finish = (state: State, context: ToolContext): State => {
    if (state.at !== 'refining') return state
    const body = state.found && !state.isAsking ? bodyOf(kind, state.found) : null
    if (!body) {
      context.explain(state.isAsking ? 'The outline is still being worked out' : 'Nothing was found in the box')
      return state
    }
    finishDrawing(body, context)
    return waiting
  }

  const refine = (state: Extract<State, { at: 'refining' }>, at: Point, isInside: boolean, context: ToolContext): State => {
    const { box, inside, outside, found } = state
    const more = [at.x, at.y]
    return ask(
      { box, inside: isInside ? [...inside, ...more] : inside, outside: isInside ? outside : [...outside, ...more] },
      found,
      context,
    )
  }

  const takeBack = (state: State, context: ToolContext): State => {
    if (state.at !== 'refining') return state
    const { box, inside, outside, found } = state
    if (outside.length > 0) return ask({ box, inside, outside: outside.slice(0, -2) }, found, context)
    return inside.length > 0 ? ask({ box, inside: inside.slice(0, -2), outside }, found, context) : waiting
  }

  const endBox = (state: Extract<State, { at: 'boxing' }>, context: ToolContext): State => {
    if (measureDistance(state.from, state.to) * context.scale < leastBox) return waiting
    return ask({ box: boxOf(state.from, state.to), inside: [], outside: [] }, null, context)
  }

  return defineTool<State>({
    id: `${kind}-cut-out`,
    title: kind === 'polygon' ? 'Polygon cut out of a box' : 'Mask cut out of a box',
    icon: kind === 'polygon' ? 'pentagon' : 'brush',
    cursor: 'crosshair',
    draws: kind,
    rail: kind,
    start: () => waiting,
    on(state, event, context) {
      switch (event.type) {
        case 'cancel':
          if (state.at === 'refining') return waiting
          context.leave()
          return waiting
        case 'finish':
        case 'double':
          return finish(state, context)
        case 'step-back':
          return takeBack(state, context)
        case 'down': {
          const at = clampToSize(event.at, context.size)
          if (state.at === 'refining') return refine(state, at, event.button === 'left', context)
          return event.button === 'left' ? { at: 'boxing', from: at, to: at } : state
        }
        case 'move':
          return state.at === 'boxing' ? { ...state, to: clampToSize(event.at, context.size) } : state
        case 'up':
          return state.at === 'boxing' ? endBox({ ...state, to: clampToSize(event.at, context.size) }, context) : state
        case 'abort':
          return state.at === 'boxing' ? waiting : state
        case 'assist':
          return state.at === 'refining' && event.answer.operation === 'cut'
            ? { ...state, found: event.answer.value, isAsking: false }
            : state
        default:
          return state
      }
    },
    mode: () => 'draw',
    hint: (state) => {
      if (state.at !== 'refining') return 'Drag a box around the object'
      if (state.isAsking) return 'Working out the outline…'
      return 'Click adds to the object, right click takes away, N accepts, Ctrl+Z takes a click back, Esc starts anew'
    },
    preview: (state) => {
      if (state.at === 'waiting') return { crosshair: true }
      if (state.at === 'boxing') {
        const { x, y, width, height } = boxOf(state.from, state.to)
        return { box: { left: x, top: y, right: x + width, bottom: y + height } }
      }
      const body = state.found ? bodyOf(kind, state.found) : null
      return { ...(body && { body }), vertices: [...state.inside, ...state.outside], text: state.isAsking ? '…' : '' }
    },
    canFinish: (state) => state.at === 'refining' && state.found !== null && !state.isAsking,
    steps: (state) => ({ back: state.at === 'refining', forward: false }),
  })
}

export const polygonCutOutTool = makeCutOutTool('polygon')
export const maskCutOutTool = makeCutOutTool('mask')
