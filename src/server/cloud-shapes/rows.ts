// Segments and shapes of point clouds as the database keeps them and the API shows them.

import type { CloudShapeType } from '../../formats/cloud-shapes/model'
import type { RunSet } from '../../formats/geometry/run-sets'
import type { AttributeValue } from '../../formats/model'

export { type CloudShapeType, cloudShapeTypes } from '../../formats/cloud-shapes/model'

/** Rows of a cloud's file that have one label and instance; `rows` as pairs of first row and the row after the last. */
export type Segment = { labelId: number; instance: number; rows: RunSet }

export type ShapeRow = {
  id?: number
  uid: string
  frame: number
  labelId: number
  type: CloudShapeType
  /** x, y, z of each vertex, in the coordinates of the file. */
  points: number[]
  attributes: AttributeValue[]
}

/** Everything on one frame of a job. */
export type FrameShapes = { frame: number; segments: Segment[]; shapes: ShapeRow[] }
