// The nodes of a tiled cloud as they are chosen by: their cubes, spacing and children.
import type { Box } from '../../../../formats/geometry3d/frustum'
import type { Hierarchy } from '../../../../server/media/clouds/tiles/tile-file'

export type CloudNode = {
  /** Its cube, in coordinates less the hierarchy's origin. */
  box: Box
  /** How far its points are apart (metres) at most in each direction; 0 for leaves, which are never refined. */
  spacing: number
  points: number
  parent: number
  children: number[]
}
export type CloudTree = { nodes: CloudNode[] }

/** Parents come before their children, as in the file. */
export const readTree = ({ nodes, cube, cells }: Pick<Hierarchy, 'nodes' | 'cube' | 'cells'>): CloudTree => {
  const out: CloudNode[] = []
  const sides: number[] = []
  for (const { parent, octant, points } of nodes) {
    const above = out[parent]
    const side = above ? sides[parent]! / 2 : cube.side
    const corner = above?.box.min ?? cube.min
    const low = [0, 1, 2].map((axis) => corner[axis]! + (above ? ((octant >> axis) & 1) * side : 0)) as [number, number, number]
    const high = low.map((value) => value + side) as [number, number, number]
    sides.push(side)
    out.push({ box: { min: low, max: high }, spacing: side / cells, points, parent, children: [] })
    if (above) above.children.push(out.length - 1)
  }
  return { nodes: out }
}
