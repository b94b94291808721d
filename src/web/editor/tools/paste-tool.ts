// Places copied shapes: a ghost follows the pointer, a click puts them down, Ctrl and click keeps placing.
import type { Shape } from '../../../formats/model'
import type { Content } from '../document/object'
import { fitShape } from '../document/operations/propagate'
import { shapeKinds } from '../shapes/registry'
import type { Body } from '../shapes/shape-kind'
import { clampToSize, joinBoxes, type Point, type Size } from '../view/geometry'
import { defineTool, type ToolContext } from './tool'

type State = { at: 'waiting' } | { at: 'hovering'; cursor: Point }

/** A mask larger than this frame is cropped to what fits on it. */
const trimShape = (shape: Shape, size: Size): Shape | null => {
  if (shape.type !== 'mask') return shape
  const { left, top, right, bottom } = shapeKinds.mask.bounds(shape)
  if (right - left <= size.width && bottom - top <= size.height) return shape
  return fitShape(shape, { width: left + size.width, height: top + size.height })
}

/** The copied shapes with their common centre at the pointer, kept within the picture. */
const moveTo = (at: Point, context: ToolContext): Body[] => {
  const shapes = context.template.paste.flatMap((content) =>
    content.kind === 'shape' ? (trimShape(content.data, context.size) ?? []) : [],
  )
  if (shapes.length === 0) return []
  const box = joinBoxes(shapes.map((shape) => shapeKinds[shape.type].bounds(shape)))
  const aim = clampToSize(at, context.size)
  const dx = aim.x - (box.left + box.right) / 2
  const dy = aim.y - (box.top + box.bottom) / 2
  return shapes.map((shape) => shapeKinds[shape.type].translate(shape, dx, dy, context.size))
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
    // Kinds translate whole shapes, so label and attributes came along.
    const contents = moveTo(event.at, context).map((body): Content => ({ kind: 'shape', data: body as Shape }))
    if (contents.length > 0) context.dispatch({ type: 'put', contents, title: 'Paste' })
    if (!event.ctrl) context.leave()
    return { at: 'hovering', cursor: event.at }
  },
  mode: () => 'paste',
  hint: () => 'Click to place the copy, Ctrl and click to place several, Esc cancels',
  preview: (state, context) => {
    if (state.at !== 'hovering') return null
    const [body, ...more] = moveTo(state.cursor, context)
    return body ? { body, more } : null
  },
})
