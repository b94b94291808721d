// The point that a ray means, found among loaded ones.
import type { Box } from '../../../../formats/geometry3d/frustum'
import type { Vector } from '../../../../formats/geometry3d/rotation'
import type { Ray } from '../../workspace'

export type Pickable = { positions: Float32Array; box: Box }

/** Whether a ray may come within a slope (tangent of the angle) of the box's circumsphere, and how far along it that begins at least. */
const meetsBox = ({ min, max }: Box, { origin, direction }: Ray, slope: number): number | null => {
  const middle = min.map((low, axis) => (low + max[axis]!) / 2 - origin[axis]!)
  const radius = Math.hypot(...max.map((high, axis) => (high - min[axis]!) / 2))
  const along = middle.reduce((sum, value, axis) => sum + value * direction[axis]!, 0)
  const off = Math.sqrt(Math.max(middle.reduce((sum, value) => sum + value * value, 0) - along * along, 0))
  if (along + radius < 0 || off > radius + (along + radius) * slope) return null
  return along - radius
}

/**
 * The first point within `radians` of a ray: of those that lie about as near as the nearest one, the one closest to the ray.
 * @param isShown whether a place (in the points' coordinates) counts
 */
export const pickPoint = (
  nodes: readonly Pickable[],
  ray: Ray,
  radians: number,
  isShown: (x: number, y: number, z: number) => boolean = () => true,
): Vector | null => {
  const slope = Math.tan(radians)
  const [ox, oy, oz] = ray.origin
  const [dx, dy, dz] = ray.direction
  const inOrder = nodes
    .flatMap((node) => {
      const from = meetsBox(node.box, ray, slope)
      return from === null ? [] : [{ positions: node.positions, from }]
    })
    .sort((a, b) => a.from - b.from)
  let best = Infinity
  let score = Infinity
  let found: Vector | null = null
  for (const { positions, from } of inOrder) {
    if (from > best) break
    for (let i = 0; i < positions.length; i += 3) {
      const [x, y, z] = [positions[i]! - ox, positions[i + 1]! - oy, positions[i + 2]! - oz]
      const along = x * dx + y * dy + z * dz
      if (along <= 0) continue
      const reach = along * slope
      const off = Math.sqrt(Math.max(x * x + y * y + z * z - along * along, 0))
      if (off > reach) continue
      // A point a little further away that lies better under the pointer wins.
      const rank = along + 2 * off
      if (rank >= score || !isShown(positions[i]!, positions[i + 1]!, positions[i + 2]!)) continue
      score = rank
      best = rank
      found = [positions[i]!, positions[i + 1]!, positions[i + 2]!]
    }
  }
  return found
}
