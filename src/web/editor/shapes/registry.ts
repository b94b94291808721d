// Every kind of shape, in the order of the tool rail.
import type { ShapeType } from '../../../formats/model'
import { cuboid } from './cuboid'
import { ellipse } from './ellipse'
import { mask } from './mask'
import { points } from './points'
import { polygon } from './polygon'
import { polyline } from './polyline'
import { rectangle } from './rectangle'
import type { ShapeKind } from './shape-kind'
import { skeleton } from './skeleton'

export const shapeKinds: Record<ShapeType, ShapeKind> = {
  rectangle,
  polygon,
  polyline,
  points,
  ellipse,
  cuboid,
  mask,
  skeleton,
}
