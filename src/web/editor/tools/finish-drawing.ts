// What every drawing tool does with a finished body: a new object, or a new position of the one that is redrawn.
import type { Body } from '../shapes/shape-kind'
import type { ToolContext } from './tool'

type Element = { label_id: number; points: number[] }

export const finishDrawing = (body: Body, context: ToolContext, elements?: Element[]): void => {
  const { as, labelId, redraws } = context.template
  const { type, points, rotation } = body
  if (redraws === null)
    context.dispatch({ type: 'add', as, body: { type, points, rotation }, labelId, ...(elements && { elements }) })
  else {
    const position = { points, rotation, ...(elements && { elements: elements as never }) }
    context.dispatch({ type: 'place', clientId: redraws, position, title: `Redraw ${type}` })
  }
  context.leave()
}
