// The edges of a cuboid as pairs of places, with a line that shows where it looks.
import { type Cuboid, cuboidEdges, listCorners } from '../../../formats/geometry3d/cuboid'
import { createRotation, turnVector, type Vector } from '../../../formats/geometry3d/rotation'

export const listCuboidLines = (cuboid: Cuboid): number[] => {
  const corners = listCorners(cuboid)
  const turn = createRotation(cuboid.rotation)
  const [length, , height] = cuboid.scale
  const place = (own: Vector) => turnVector(turn, own).map((value, axis) => value + cuboid.position[axis]!)
  const edges = cuboidEdges.flatMap(([a, b]) => [...corners[a]!, ...corners[b]!])
  return [...edges, ...place([length / 2, 0, -height / 2]), ...place([length / 2 + Math.max(0.5, length / 4), 0, -height / 2])]
}
