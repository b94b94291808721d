// One click places a cuboid on the object under the pointer; hovering shows what the click would give.
import type { Vector } from '../../../formats/geometry3d/rotation'
import { defineTool, type Tool, type ToolContext } from '../../editor/tools/tool'
import type { Point } from '../../editor/view/geometry'
import { toBody } from '../cuboid-body'
import type { Region } from './protocol'

export type ClickPorts = {
  /** The place of the cloud under a pixel of the perspective view. */
  placeAt: (at: Point) => Vector | null
  pick: (at: Vector) => Promise<Region | null>
  show: (found: Region | null) => void
  /** The frame that is shown now. */
  frame: () => number
  fail: (reason: string) => void
}

type State = { at: 'waiting' }

export const makeOneClickTool = (ports: ClickPorts): Tool => {
  /** Only the newest question about a hovered place counts. */
  let asked = 0
  let isAsking = false
  let next: Point | null = null

  const hover = async (at: Point): Promise<void> => {
    next = at
    if (isAsking) return
    isAsking = true
    try {
      while (next) {
        const mine = ++asked
        const place = ports.placeAt(next)
        next = null
        const found = place ? await ports.pick(place) : null
        if (mine === asked) ports.show(found)
      }
    } catch (error) {
      ports.fail((error as Error).message)
    } finally {
      isAsking = false
    }
  }
  const rest = () => {
    asked += 1
    next = null
    ports.show(null)
  }
  const put = async (at: Point, context: ToolContext): Promise<void> => {
    const place = ports.placeAt(at)
    const { as, labelId } = context.template
    const frame = ports.frame()
    try {
      const found = place && (await ports.pick(place))
      if (!found) {
        context.explain('There is no object here: click on its points')
        return
      }
      // Another frame is shown by now.
      if (ports.frame() !== frame) return
      const { type, points, rotation } = toBody(found.cuboid)
      context.dispatch({ type: 'add', as, body: { type, points, rotation }, labelId })
      rest()
    } catch (error) {
      ports.fail((error as Error).message)
    }
  }
  return defineTool<State>({
    id: 'one-click',
    title: 'Cuboid by one click',
    icon: 'sparkles',
    cursor: 'crosshair',
    draws: 'cuboid',
    turnsView: true,
    roams: true,
    start: () => ({ at: 'waiting' }),
    on(state, event, context) {
      switch (event.type) {
        case 'cancel':
          rest()
          context.leave()
          return state
        case 'move':
          void hover(event.at)
          return state
        case 'down':
          if (event.button === 'left') void put(event.at, context)
          return state
        case 'finish':
          rest()
          context.leave()
          return state
        default:
          return state
      }
    },
    mode: () => 'draw',
    hint: () => 'Click on the points of an object: the cuboid fits itself; Esc ends',
    preview: () => null,
  })
}
