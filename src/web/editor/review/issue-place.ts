// The place of an issue about an object: the box around it on a picture, the numbers of its cuboid in space.
import { isSpatial } from '../../../formats/geometry/interpolation'
import type { ShapeBody } from '../../../formats/model'
import { shapeKinds } from '../shapes/registry'
import type { Body } from '../shapes/shape-kind'
import { type Box, joinBoxes } from '../view/geometry'

export const isInSpace = ({ type, points }: Pick<ShapeBody, 'type' | 'points'>): boolean => type === 'cuboid' && isSpatial(points)

const listCorners = ({ left, top, right, bottom }: Box): number[] => [left, top, right, bottom]

/** Flat numbers as issues store them: two corners, or those of the first cuboid; null without a body. */
export const placeIssue = (bodies: readonly Body[]): number[] | null => {
  const spatial = bodies.find(isInSpace)
  if (spatial) return [...spatial.points]
  return bodies.length > 0 ? listCorners(joinBoxes(bodies.map((body) => shapeKinds[body.type].bounds(body)))) : null
}
