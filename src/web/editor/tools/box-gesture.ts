// A box by two points: click and click, or drag. What is made of it is the tool's own.
import { clampToSize, type Point } from '../view/geometry'
import { defineTool, type Preview, type Tool, type ToolContext } from './tool'

type State =
  | { at: 'waiting'; cursor: Point | null }
  | { at: 'pressed'; from: Point; to: Point }
  | { at: 'stretching'; from: Point; to: Point }

export type BoxGesture = Pick<Tool, 'id' | 'title' | 'icon'> & {
  draws: NonNullable<Tool['draws']>
  /** Before the first point, and after it. */
  hints: [first: string, second: string]
  /** Puts it into the picture; false when it was refused, which has been explained. */
  finish: (from: Point, to: Point, context: ToolContext) => boolean
  /** Null while nothing can be made of a box. */
  preview: (from: Point, to: Point, context: ToolContext) => Preview | null
}

const dragDistance = 4

const readSize = (from: Point, to: Point): string =>
  `${Math.abs(to.x - from.x).toFixed(1)} × ${Math.abs(to.y - from.y).toFixed(1)}`

export const makeBoxGestureTool = ({ hints, finish, preview, ...tool }: BoxGesture): Tool => {
  const end = (from: Point, to: Point, context: ToolContext): State => ({
    at: 'waiting',
    cursor: finish(from, to, context) ? null : to,
  })
  return defineTool<State>({
    ...tool,
    cursor: 'none',
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
          return far ? end(state.from, at, context) : { at: 'stretching', from: state.from, to: at }
        }
        case 'stretching':
          return event.type === 'down' ? end(state.from, at, context) : { ...state, to: at }
      }
    },
    mode: () => 'draw',
    hint: (state) => hints[state.at === 'waiting' ? 0 : 1],
    preview: (state, context) => {
      const shown = state.at === 'waiting' ? null : preview(state.from, state.to, context)
      if (state.at === 'waiting' || !shown) return { crosshair: true }
      return { crosshair: true, ...shown, text: readSize(state.from, state.to) }
    },
  })
}
