// Draws an ellipse by two corners of its box.
import { ellipse } from '../shapes/ellipse'
import { roundPoint } from '../view/geometry'
import { makeBoxTool } from './rectangle-tool'

export const ellipseTool = makeBoxTool({
  kind: ellipse,
  write: (from, to) => [(from.x + to.x) / 2, (from.y + to.y) / 2, Math.max(from.x, to.x), Math.min(from.y, to.y)].map(roundPoint),
})
