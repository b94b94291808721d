// Selects several objects by a line drawn around them.
import { shapeKinds } from '../shapes/registry'
import { boundPoints, isInside, measureArea } from '../view/geometry'
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

/** A nearly straight way is the diagonal of a box. */
const readRing = (points: readonly number[]): number[] => {
  const { left, top, right, bottom } = boundPoints(points)
  const isStraight = measureArea(points) < 0.1 * (right - left) * (bottom - top)
  return isStraight ? [left, top, right, top, right, bottom, left, bottom] : [...points]
}

export const selectTool = defineTool<LassoState>({
  id: 'select',
  title: 'Select objects by a box or a line around them',
  icon: 'lasso-select',
  cursor: 'crosshair',
  start: () => ({ at: 'idle' }),
  on(state, event, context) {
    if (event.type === 'cancel') context.leave()
    if (!('at' in event)) return { at: 'idle' }
    if (event.type === 'down') return { at: 'boxing', points: [event.at.x, event.at.y] }
    if (state.at === 'idle') return state
    if (event.type === 'move') return { ...state, points: [...state.points, event.at.x, event.at.y] }
    const ring = readRing([...state.points, event.at.x, event.at.y])
    const found = context.listTargets().filter((target) => isWithin(target, ring))
    context.leave()
    context.select(found.map((target) => target.clientId))
    return { at: 'idle' }
  },
  mode: () => 'select',
  hint: () => 'Drag a box or draw a line around objects; those wholly inside are selected, Esc returns to the cursor',
  preview: (state) => {
    if (state.at === 'idle') return null
    const ring = readRing(state.points)
    return { line: [...ring, ring[0]!, ring[1]!] }
  },
})
