// Draws a cuboid by the box of its front.
import { buildCuboid, guessDepth } from '../../../formats/geometry/cuboid'
import { cuboid } from '../shapes/cuboid'
import { boundPoints, roundPoint } from '../view/geometry'
import { makeBoxTool } from './rectangle-tool'

export const cuboidTool = makeBoxTool({
  kind: cuboid,
  write: (from, to) => {
    const front = boundPoints([from.x, from.y, to.x, to.y])
    return buildCuboid(front, guessDepth(front)).map(roundPoint)
  },
})
