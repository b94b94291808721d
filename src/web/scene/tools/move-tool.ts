// Moves the perspective view by dragging.
import { defineTool, type Tool } from '../../editor/tools/tool'
import type { Point } from '../../editor/view/geometry'

type State = { at: 'idle' } | { at: 'panning'; last: Point }

export const sceneMoveTool: Tool = defineTool<State>({
  id: 'move',
  title: 'Move the view',
  icon: 'hand',
  cursor: 'grab',
  start: () => ({ at: 'idle' }),
  on(state, event, context) {
    if (event.type === 'cancel') context.leave()
    if (event.type === 'down') return { at: 'panning', last: event.at }
    if (event.type === 'move' && state.at === 'panning') {
      context.panBy(event.at.x - state.last.x, event.at.y - state.last.y)
      return { at: 'panning', last: event.at }
    }
    return event.type === 'up' || event.type === 'cancel' ? { at: 'idle' } : state
  },
  mode: () => 'pan',
  hint: () => 'Drag to move the view, Esc returns to the cursor',
  preview: () => null,
})
