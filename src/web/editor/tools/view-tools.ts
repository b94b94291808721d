// Tools that only change the view: moving the picture, zooming to a drawn region.
import type { Box, Point } from '../view/geometry'
import { defineTool } from './tool'

type MoveState = { at: 'idle' } | { at: 'panning'; from: Point }

export const moveTool = defineTool<MoveState>({
  id: 'move',
  title: 'Move the picture',
  icon: 'hand',
  cursor: 'grab',
  start: () => ({ at: 'idle' }),
  on(state, event, context) {
    if (event.type === 'cancel') context.leave()
    if (event.type === 'down') return { at: 'panning', from: event.at }
    if (event.type === 'move' && state.at === 'panning') {
      context.panBy((event.at.x - state.from.x) * context.scale, (event.at.y - state.from.y) * context.scale)
    }
    return event.type === 'up' || event.type === 'cancel' ? { at: 'idle' } : state
  },
  mode: () => 'pan',
  hint: () => 'Drag to move the picture, Esc returns to the cursor',
  preview: () => null,
})

type RegionState = { at: 'waiting' } | { at: 'stretching'; from: Point; to: Point }

const boxOf = (a: Point, b: Point): Box => ({
  left: Math.min(a.x, b.x),
  top: Math.min(a.y, b.y),
  right: Math.max(a.x, b.x),
  bottom: Math.max(a.y, b.y),
})

export const zoomRegionTool = defineTool<RegionState>({
  id: 'zoom-region',
  title: 'Zoom to a region',
  icon: 'scan-search',
  cursor: 'zoom-in',
  start: () => ({ at: 'waiting' }),
  on(state, event, context) {
    if (event.type === 'cancel') {
      context.leave()
      return { at: 'waiting' }
    }
    if (event.type === 'down') return { at: 'stretching', from: event.at, to: event.at }
    if (state.at !== 'stretching') return state
    if (event.type === 'move') return { ...state, to: event.at }
    if (event.type !== 'up') return state
    const box = boxOf(state.from, event.at)
    if ((box.right - box.left) * context.scale > 4 && (box.bottom - box.top) * context.scale > 4) context.zoomTo(box)
    context.leave()
    return { at: 'waiting' }
  },
  mode: () => 'zoom-region',
  hint: () => 'Drag over the region to see, Esc cancels',
  preview: (state) => (state.at === 'stretching' ? { box: boxOf(state.from, state.to) } : null),
})
