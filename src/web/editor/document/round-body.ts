// Positions in the precision in which they are kept: hundredths of a pixel, millionths of a metre and of a radian.
import { isSpatial } from '../../../formats/geometry/interpolation'
import type { ShapeBody } from '../../../formats/model'
import { roundPoints } from '../view/geometry'
import type { Content } from './object'

export const roundSpatial = (points: readonly number[]): number[] => points.map((value) => Math.round(value * 1e6) / 1e6)

export const roundBody = ({ type, points }: Pick<ShapeBody, 'type' | 'points'>): number[] =>
  type === 'cuboid' && isSpatial(points) ? roundSpatial(points) : roundPoints(points)

/** Cuboids in space, which pictures cannot hold. */
export const isSpatialContent = (content: Content): boolean =>
  content.kind === 'shape' && content.data.type === 'cuboid' && isSpatial(content.data.points)
