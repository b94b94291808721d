// What one undoable step changes of labels of points and of shapes in space.
import type { CloudShapeType } from '../../../formats/cloud-shapes/model'
import type { AttributeValue } from '../../../formats/model'

export type GroundShape = {
  /** Names the shape here and on the server. */
  uid: string
  frame: number
  type: CloudShapeType
  labelId: number
  /** x, y, z of each vertex in the coordinates of the file. */
  points: number[]
  attributes: AttributeValue[]
}

/** Rows that had one label and instance and get others; pairs of first row and the row after the last. */
export type PointsChange = { kind: 'points'; frame: number; rows: number[]; before: number; after: number }
/** null before = new, null after = removed. */
export type ShapeChange = { kind: 'shape'; frame: number; uid: string; before: GroundShape | null; after: GroundShape | null }
export type CloudChange = PointsChange | ShapeChange

export const maxInstance = 65_535

/** A label and an instance as one number; 0 = unlabelled. */
export const packValue = (labelId: number, instance: number): number => labelId * (maxInstance + 1) + instance
export const unpackValue = (value: number): { labelId: number; instance: number } => ({
  labelId: Math.floor(value / (maxInstance + 1)),
  instance: value % (maxInstance + 1),
})

export const invertChange = (change: CloudChange): CloudChange =>
  ({ ...change, before: change.after, after: change.before }) as CloudChange
