// Selects several objects by a line drawn around them.
import { shapeKinds } from '../shapes/registry'
import { isInside } from '../view/geometry'
import { defineTool, type Target } from './tool'

type LassoState = { at: 'idle' } | { at: 'boxing'; points: number[] }

/** Whether an object lies wholly inside a drawn line. */
const isWithin = (target: Target, ring: readonly number[]): boolean => {
  const { left, top, right, bottom } = shapeKinds[target.type].bounds(target.body)
  return [
    { x: left, y: top },
    { x: right, y: top },
    { x: right, y: bottom },
    { x: left, y: bottom },
  ].every((corner) => isInside(corner, ring))
}

export const selectTool = defineTool<LassoState>({
  id: 'select',
  title: 'Select objects by a line around them',
  icon: 'lasso-select',
  cursor: 'crosshair',
  start: () => ({ at: 'idle' }),
  on(state, event, context) {
    if (event.type === 'cancel') context.leave()
    if (!('at' in event)) return { at: 'idle' }
    if (event.type === 'down') return { at: 'boxing', points: [event.at.x, event.at.y] }
    if (state.at === 'idle') return state
    if (event.type === 'move') return { ...state, points: [...state.points, event.at.x, event.at.y] }
    const ring = state.points.length === 4 ? ringOf(state.points) : state.points
    const found = context.listTargets().filter((target) => isWithin(target, ring))
    context.leave()
    context.select(found.map((target) => target.clientId))
    return { at: 'idle' }
  },
  mode: () => 'select',
  hint: () => 'Draw a line around the objects; those wholly inside are selected, Esc returns to the cursor',
  preview: (state) => (state.at === 'boxing' ? { line: [...state.points, state.points[0]!, state.points[1]!] } : null),
})

const ringOf = ([x0 = 0, y0 = 0, x1 = 0, y1 = 0]: readonly number[]): number[] => [x0, y0, x1, y0, x1, y1, x0, y1]
