// Draws a cuboid: a ghost stands on the cloud under the pointer, a double click places it with the last size of its label.
import type { Cuboid } from '../../../formats/geometry3d/cuboid'
import type { Vector } from '../../../formats/geometry3d/rotation'
import { finishDrawing } from '../../editor/tools/finish-drawing'
import { defineTool, type Tool, type ToolContext } from '../../editor/tools/tool'
import type { Point } from '../../editor/view/geometry'
import { toBody } from '../cuboid-body'

export type DrawPorts = {
  /** The ground under a pixel of the perspective view; null where the view meets none. */
  groundAt: (at: Point) => Vector | null
  sizeOf: (labelId: number) => Vector
  /** Turn of a new one about z, radians. */
  yaw: () => number
}

type State = { at: 'waiting' } | { at: 'hovering'; cursor: Point }

export const makeCuboidTool = (ports: () => DrawPorts): Tool => {
  const ghost = (cursor: Point, context: ToolContext): Cuboid | null => {
    const ground = ports().groundAt(cursor)
    if (!ground) return null
    const { redraws, labelId } = context.template
    const old = redraws === null ? null : context.object(redraws)
    const scale = ports().sizeOf(old?.data.label_id ?? labelId)
    return { position: [ground[0], ground[1], ground[2] + scale[2] / 2], rotation: [0, 0, ports().yaw()], scale }
  }
  const put = (cursor: Point, context: ToolContext, stays: boolean): State => {
    const cuboid = ghost(cursor, context)
    if (!cuboid) {
      context.explain('Nothing is below the pointer to stand on')
      return { at: 'hovering', cursor }
    }
    if (!stays || context.template.redraws !== null) {
      finishDrawing(toBody(cuboid), context)
      return { at: 'waiting' }
    }
    const { as, labelId } = context.template
    const { type, points, rotation } = toBody(cuboid)
    context.dispatch({ type: 'add', as, body: { type, points, rotation }, labelId })
    return { at: 'hovering', cursor }
  }
  return defineTool<State>({
    id: 'cuboid',
    title: 'Cuboid',
    icon: 'box',
    cursor: 'crosshair',
    draws: 'cuboid',
    turnsView: true,
    start: () => ({ at: 'waiting' }),
    on(state, event, context) {
      switch (event.type) {
        case 'cancel':
          context.leave()
          return { at: 'waiting' }
        case 'move':
          return { at: 'hovering', cursor: event.at }
        case 'double':
          return put(event.at, context, false)
        case 'down':
          return event.button === 'right' && event.ctrl ? put(event.at, context, true) : { at: 'hovering', cursor: event.at }
        case 'finish':
          return state.at === 'hovering' ? put(state.cursor, context, false) : state
        default:
          return state
      }
    },
    mode: () => 'draw',
    hint: () => 'A double click places the cuboid, Ctrl and a right click place several, Esc cancels',
    canFinish: (state) => state.at === 'hovering',
    // The view and the frame may change below a ghost.
    roams: true,
    preview: (state, context) => {
      const { redraws } = context.template
      const without = redraws === null ? [] : [redraws]
      const cuboid = state.at === 'hovering' ? ghost(state.cursor, context) : null
      return { without, ...(cuboid && { body: toBody(cuboid) }) }
    },
  })
}
