// Places a copied object: a ghost follows the pointer, a click puts it down, Ctrl and click keeps placing.
import type { Content } from '../document/object'
import { shapeKinds } from '../shapes/registry'
import type { Body } from '../shapes/shape-kind'
import { clampToSize, type Point } from '../view/geometry'
import { defineTool, type ToolContext } from './tool'

type State = { at: 'waiting' } | { at: 'hovering'; cursor: Point }

const shapeOf = (content: Content | undefined) => (content?.kind === 'shape' ? content : null)

/** The copied shape with its centre at the pointer, kept within the picture. */
const moveTo = (content: Content | undefined, at: Point, context: ToolContext): { content: Content; body: Body } | null => {
  const shape = shapeOf(content)
  if (!shape) return null
  const kind = shapeKinds[shape.data.type]
  const box = kind.bounds(shape.data)
  const aim = clampToSize(at, context.size)
  const body = kind.translate(shape.data, aim.x - (box.left + box.right) / 2, aim.y - (box.top + box.bottom) / 2, context.size)
  return { content: { kind: 'shape', data: body as typeof shape.data }, body }
}

export const pasteTool = defineTool<State>({
  id: 'paste',
  title: 'Paste',
  icon: 'clipboard-paste',
  cursor: 'copy',
  start: () => ({ at: 'waiting' }),
  on(state, event, context) {
    if (event.type === 'cancel') {
      context.leave()
      return { at: 'waiting' }
    }
    if (event.type === 'move') return { at: 'hovering', cursor: event.at }
    if (event.type !== 'down' || event.button === 'right') return state
    const placed = moveTo(context.template.paste[0], event.at, context)
    if (placed) context.dispatch({ type: 'put', contents: [placed.content], title: 'Paste' })
    if (!event.ctrl) context.leave()
    return { at: 'hovering', cursor: event.at }
  },
  mode: () => 'paste',
  hint: () => 'Click to place the copy, Ctrl and click to place several, Esc cancels',
  preview: (state, context) => {
    const placed = state.at === 'hovering' ? moveTo(context.template.paste[0], state.cursor, context) : null
    return placed ? { body: placed.body } : null
  },
})
