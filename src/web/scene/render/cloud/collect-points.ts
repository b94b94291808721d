// Points at full resolution, loaded or fetched for the purpose: those in a cuboid, or all of a frame.
import { type Cuboid, createCuboidTest, listCorners } from '../../../../formats/geometry3d/cuboid'
import type { Box } from '../../../../formats/geometry3d/frustum'
import { createRotation, transposeMatrix, turnVector, type Vector } from '../../../../formats/geometry3d/rotation'
import type { CloudPoints } from '../../workspace'
import type { CloudTree } from './cloud-tree'
import type { NodePoints } from './decode-node'

/** Whether a box along the axes may have a place in common with a cuboid: never no when it has. */
export const createMeeting = (cuboid: Cuboid): ((box: Box) => boolean) => {
  const corners = listCorners(cuboid)
  const from = [0, 1, 2].map((axis) => Math.min(...corners.map((corner) => corner[axis]!)))
  const to = [0, 1, 2].map((axis) => Math.max(...corners.map((corner) => corner[axis]!)))
  const inverse = transposeMatrix(createRotation(cuboid.rotation))
  return ({ min, max }) => {
    if ([0, 1, 2].some((axis) => max[axis]! < from[axis]! || min[axis]! > to[axis]!)) return false
    // Along the cuboid's own axes.
    const middle = min.map((low, axis) => (low + max[axis]!) / 2 - cuboid.position[axis]!) as unknown as Vector
    const half = min.map((low, axis) => (max[axis]! - low) / 2)
    return turnVector(inverse, middle).every((value, axis) => {
      const reach = half.reduce((sum, length, i) => sum + length * Math.abs(inverse[axis * 3 + i]!), 0)
      return Math.abs(value) <= cuboid.scale[axis]! / 2 + reach
    })
  }
}

/** Nodes of every level that may have points in a cuboid. */
export const listMeeting = ({ nodes }: CloudTree, cuboid: Cuboid): number[] => {
  const meets = createMeeting(cuboid)
  const found: number[] = []
  const look = (node: number) => {
    const { box, children } = nodes[node]!
    if (!meets(box)) return
    found.push(node)
    for (const child of children) look(child)
  }
  if (nodes.length > 0) look(0)
  return found
}

/** The points of nodes that lie in a cuboid; all in the coordinates of `origin`. */
export const filterPoints = (
  nodes: readonly Pick<NodePoints, 'positions' | 'rows' | 'count'>[],
  cuboid: Cuboid,
  origin: Vector,
): CloudPoints => {
  const isIn = createCuboidTest(cuboid)
  const kept = nodes.map(({ positions, count }) => {
    const rows: number[] = []
    for (let i = 0; i < count; i++) if (isIn(positions[i * 3]!, positions[i * 3 + 1]!, positions[i * 3 + 2]!)) rows.push(i)
    return rows
  })
  const total = kept.reduce((sum, { length }) => sum + length, 0)
  const out: CloudPoints = { positions: new Float32Array(total * 3), rows: new Uint32Array(total), origin }
  let to = 0
  for (const [number, { positions, rows }] of nodes.entries())
    for (const i of kept[number]!) {
      out.positions.set(positions.subarray(i * 3, i * 3 + 3), to * 3)
      out.rows[to++] = rows[i]!
    }
  return out
}

/** Runs of nodes that are fetched in one request each: neighbours in the file, at most so many bytes. */
export const groupNodes = (nodes: readonly { offset: number; bytes: number }[], mostBytes: number): number[][] => {
  const groups: number[][] = []
  let group: number[] = []
  let bytes = 0
  for (const [number, node] of nodes.entries()) {
    const before = nodes[number - 1]
    const follows = before && before.offset + before.bytes === node.offset
    if (group.length > 0 && (!follows || bytes + node.bytes > mostBytes)) {
      groups.push(group)
      group = []
      bytes = 0
    }
    group.push(number)
    bytes += node.bytes
  }
  if (group.length > 0) groups.push(group)
  return groups
}
