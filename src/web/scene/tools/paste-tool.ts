// Places copied cuboids: they stand on the cloud under the pointer, a click puts them down, Ctrl and a right click keeps placing.
import type { Shape } from '../../../formats/model'
import type { Content } from '../../editor/document/object'
import { defineTool, type Tool, type ToolContext } from '../../editor/tools/tool'
import type { Point } from '../../editor/view/geometry'
import { toBody, toCuboid } from '../cuboid-body'
import { moveCuboid } from '../views/projection'
import type { DrawPorts } from './cuboid-tool'

type State = { at: 'waiting' } | { at: 'hovering'; cursor: Point }

export const makePasteTool = (ports: () => Pick<DrawPorts, 'groundAt'>): Tool => {
  /** The copied cuboids, the first of them standing on the ground under the pointer. */
  const moveTo = (cursor: Point, context: ToolContext): Shape[] => {
    const ground = ports().groundAt(cursor)
    const shapes = context.template.paste.flatMap((content) => {
      const cuboid = content.kind === 'shape' ? toCuboid(content.data) : null
      return cuboid && content.kind === 'shape' ? [{ shape: content.data, cuboid }] : []
    })
    const [first] = shapes
    if (!ground || !first) return []
    const { position, scale } = first.cuboid
    const by = [ground[0] - position[0], ground[1] - position[1], ground[2] + scale[2] / 2 - position[2]] as const
    return shapes.map(({ shape, cuboid }) => ({ ...shape, ...toBody(moveCuboid(cuboid, by)), elements: [] }))
  }
  const put = (cursor: Point, context: ToolContext, stays: boolean): State => {
    const contents = moveTo(cursor, context).map((data): Content => ({ kind: 'shape', data }))
    if (contents.length > 0) context.dispatch({ type: 'put', contents, title: 'Paste' })
    else context.explain('Nothing is below the pointer to stand on')
    if (contents.length > 0 && !stays) context.leave()
    return { at: 'hovering', cursor }
  }
  return defineTool<State>({
    id: 'paste',
    title: 'Paste',
    icon: 'clipboard-paste',
    cursor: 'copy',
    turnsView: true,
    start: () => ({ at: 'waiting' }),
    on(state, event, context) {
      switch (event.type) {
        case 'cancel':
          context.leave()
          return { at: 'waiting' }
        case 'move':
          return { at: 'hovering', cursor: event.at }
        case 'down':
          if (event.button === 'right') return event.ctrl ? put(event.at, context, true) : state
          return put(event.at, context, event.ctrl)
        case 'finish':
          return state.at === 'hovering' ? put(state.cursor, context, false) : state
        default:
          return state
      }
    },
    mode: () => 'paste',
    hint: () => 'Click to place the copy, Ctrl and click to place several, Esc cancels',
    roams: true,
    preview: (state, context) => {
      if (state.at !== 'hovering') return null
      const [body, ...more] = moveTo(state.cursor, context)
      return body ? { body, more } : null
    },
  })
}
