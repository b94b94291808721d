// Where an issue lies in a point cloud: x y z of a place, or the 16 numbers of a cuboid; positions of other kinds lie nowhere.
import { type Cuboid, readCuboid } from '../../../formats/geometry3d/cuboid'
import type { Vector } from '../../../formats/geometry3d/rotation'

export type IssuePlace = { at: Vector; cuboid: Cuboid | null }

export const readIssuePlace = (position: readonly number[]): IssuePlace | null => {
  if (position.length === 3) return { at: [position[0]!, position[1]!, position[2]!], cuboid: null }
  if (position.length < 9) return null
  const cuboid = readCuboid(position)
  const isPlace = cuboid.scale.every((length) => length === 0)
  return { at: cuboid.position, cuboid: isPlace ? null : cuboid }
}

/** Millimetres are enough for a place that a person means. */
export const writeIssuePlace = (at: Vector): number[] => at.map((value) => Math.round(value * 1000) / 1000)
