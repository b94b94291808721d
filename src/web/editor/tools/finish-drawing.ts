// What every drawing tool does with a finished body: a new object, or a new position of the one that is redrawn.
import type { Body } from '../shapes/shape-kind'
import type { ToolContext } from './tool'

export const finishDrawing = (body: Body, context: ToolContext): void => {
  const { as, labelId, redraws } = context.template
  const { type, points, rotation } = body
  if (redraws === null) context.dispatch({ type: 'add', as, body: { type, points, rotation }, labelId })
  else context.dispatch({ type: 'place', clientId: redraws, position: { points, rotation }, title: `Redraw ${type}` })
  context.leave()
}
