// Which cuboid a ray means.
import type { Cuboid } from '../../formats/geometry3d/cuboid'
import { createRotation, transposeMatrix, turnVector, type Vector } from '../../formats/geometry3d/rotation'
import { dotVectors, subtractVectors } from './views/matrix'
import type { Ray } from './workspace'

/** Where a ray goes in and out of a cuboid grown by `margin` (metres along the ray); null when it passes by or lies behind. */
export const hitCuboid = (ray: Ray, cuboid: Cuboid, margin = 0): { from: number; to: number } | null => {
  const centre = subtractVectors(cuboid.position, ray.origin)
  const nearest = dotVectors(centre, ray.direction)
  const radius = Math.hypot(...cuboid.scale) / 2 + 2 * margin
  // Most lie far from the ray: no need to turn it into their axes.
  if (dotVectors(centre, centre) - nearest * nearest > radius * radius) return null
  const inverse = transposeMatrix(createRotation(cuboid.rotation))
  const start = turnVector(inverse, subtractVectors(ray.origin, cuboid.position))
  const way = turnVector(inverse, ray.direction)
  let [from, to] = [-Infinity, Infinity]
  for (let axis = 0; axis < 3; axis++) {
    const half = cuboid.scale[axis]! / 2 + margin
    if (Math.abs(way[axis]!) < 1e-12) {
      if (Math.abs(start[axis]!) > half) return null
      continue
    }
    const a = (-half - start[axis]!) / way[axis]!
    const b = (half - start[axis]!) / way[axis]!
    from = Math.max(from, Math.min(a, b))
    to = Math.min(to, Math.max(a, b))
  }
  return from <= to && to > 0 ? { from, to } : null
}

type Named = { clientId: number; cuboid: Cuboid }

/** The nearest one, or the one inside it; cuboids around the eye do not count. `slack`: metres that a ray may pass by, by distance. */
export const findCuboid = (ray: Ray, all: Iterable<Named>, slack: (at: Vector) => number): number[] => {
  const list = (margin: (one: Cuboid) => number) =>
    [...all]
      .flatMap(({ clientId, cuboid }) => {
        const hit = hitCuboid(ray, cuboid, margin(cuboid))
        return hit && hit.from > 0 ? [{ clientId, ...hit }] : []
      })
      .sort((a, b) => a.from - b.from)
  const straight = list(() => 0)
  const hits = straight.length > 0 ? straight : list((cuboid) => slack(cuboid.position))
  const [first] = hits
  if (!first) return []
  // What lies wholly within another one could not be reached else.
  let best = first
  for (const hit of hits) if (hit.from >= best.from && hit.to <= best.to) best = hit
  return [best.clientId, ...hits.filter((hit) => hit !== best).map((hit) => hit.clientId)]
}
