// Marks the place of a new issue: a click means a point, a drag a region.
import { defineTool } from '../tools/tool'
import type { Box, Point } from '../view/geometry'

type State = { at: 'waiting' } | { at: 'stretching'; from: Point; to: Point }

const boxOf = (a: Point, b: Point): Box => ({
  left: Math.min(a.x, b.x),
  top: Math.min(a.y, b.y),
  right: Math.max(a.x, b.x),
  bottom: Math.max(a.y, b.y),
})

const clickDistance = 4
/** CSS pixels to each side of a click. */
const clickReach = 8

export const issueTool = defineTool<State>({
  id: 'issue',
  title: 'Open an issue',
  icon: 'message-square',
  cursor: 'crosshair',
  start: () => ({ at: 'waiting' }),
  on(state, event, context) {
    if (event.type === 'cancel') {
      context.leave()
      return { at: 'waiting' }
    }
    if (event.type === 'down' && event.button === 'left') return { at: 'stretching', from: event.at, to: event.at }
    if (state.at !== 'stretching') return state
    if (event.type === 'move') return { ...state, to: event.at }
    if (event.type !== 'up') return state
    let { left, top, right, bottom } = boxOf(state.from, event.at)
    if (Math.max(right - left, bottom - top) * context.scale < clickDistance) {
      const reach = clickReach / context.scale
      ;[left, top, right, bottom] = [left - reach, top - reach, right + reach, bottom + reach]
    }
    const { width, height } = context.size
    const clamp = (value: number, limit: number) => Math.min(Math.max(value, 0), limit)
    context.report([clamp(left, width), clamp(top, height), clamp(right, width), clamp(bottom, height)])
    context.leave()
    return { at: 'waiting' }
  },
  mode: () => 'issue',
  hint: () => 'Click or drag over what is wrong, Esc cancels',
  preview: (state) => (state.at === 'stretching' ? { box: boxOf(state.from, state.to) } : null),
})
