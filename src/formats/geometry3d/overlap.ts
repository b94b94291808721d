// How much two cuboids have in common, exactly: one is clipped by the faces of the other, whatever their rotations.

import { type Cuboid, listCorners } from './cuboid'
import { findHull } from './oriented-box'
import { createRotation, transposeMatrix, turnVector, type Vector } from './rotation'

/** Corners in order, seen from outside counter-clockwise. */
type Face = Vector[]

/** Corners of the faces of a cuboid, as `listCorners` numbers them. */
const faces = [
  [1, 3, 7, 5],
  [0, 4, 6, 2],
  [2, 6, 7, 3],
  [0, 1, 5, 4],
  [4, 5, 7, 6],
  [0, 2, 3, 1],
] as const

/** Of the sizes at hand; what is nearer to a plane lies on it. */
const tolerance = 1e-9

const volumeOf = ({ scale: [x, y, z] }: Cuboid) => x * y * z

/** Part of a convex solid on the lower side of `sign · axis = limit`; nothing when none is left. */
function clipSolid(solid: Face[], axis: 0 | 1 | 2, sign: 1 | -1, limit: number, slack: number): Face[] {
  const away = (corner: Vector) => sign * corner[axis] - limit
  if (solid.every((face) => face.every((corner) => away(corner) <= slack))) return solid
  const kept = solid.flatMap((face): Face[] => {
    const left: Face = []
    face.forEach((from, i) => {
      const to = face[(i + 1) % face.length]!
      const [a, b] = [away(from), away(to)]
      if (a <= slack) left.push(from)
      if (a <= slack !== b <= slack && Math.abs(a - b) > 0) {
        const share = a / (a - b)
        const cut = from.map((value, at) => value + (to[at]! - value) * share) as [number, number, number]
        cut[axis] = sign * limit
        left.push(cut)
      }
    })
    return left.length > 2 ? [left] : []
  })
  const rim = kept.flat().filter((corner) => Math.abs(away(corner)) <= slack * 2)
  if (rim.length < 3) return kept.length > 3 ? kept : []
  // The new face: the corners on the plane in order around their hull.
  const [u, v] = [(axis + 1) % 3, (axis + 2) % 3] as [number, number]
  const hull = findHull(rim.map((corner) => [corner[u]!, corner[v]!] as const))
  const cap = hull.map(([a, b]) => {
    const corner: [number, number, number] = [0, 0, 0]
    corner[axis] = sign * limit
    corner[u] = a
    corner[v] = b
    return corner as Vector
  })
  return cap.length > 2 ? [...kept, sign > 0 ? cap : cap.reverse()] : kept
}

/** Of a convex solid, from pyramids with their tips in its first corner. */
function measureSolid(solid: readonly Face[]): number {
  const tip = solid[0]?.[0]
  if (!tip) return 0
  let six = 0
  for (const face of solid)
    for (let i = 1; i + 1 < face.length; i++) {
      const [a, b, c] = [face[0]!, face[i]!, face[i + 1]!].map((corner) => corner.map((value, at) => value - tip[at]!)) as [
        number[],
        number[],
        number[],
      ]
      six +=
        a[0]! * (b[1]! * c[2]! - b[2]! * c[1]!) +
        a[1]! * (b[2]! * c[0]! - b[0]! * c[2]!) +
        a[2]! * (b[0]! * c[1]! - b[1]! * c[0]!)
    }
  return Math.max(0, six / 6)
}

/** Volume that lies in both cuboids, cubic metres. */
export function measureCommonVolume(a: Cuboid, b: Cuboid): number {
  const reach = (Math.hypot(...a.scale) + Math.hypot(...b.scale)) / 2
  const between = a.position.map((value, axis) => value - b.position[axis]!) as unknown as Vector
  if (Math.hypot(...between) > reach) return 0
  const back = transposeMatrix(createRotation(b.rotation))
  const corners = listCorners({ ...a, position: between }).map((corner) => turnVector(back, corner) as Vector)
  let solid: Face[] = faces.map((face) => face.map((i) => corners[i]!))
  for (const axis of [0, 1, 2] as const)
    for (const sign of [1, -1] as const) solid = clipSolid(solid, axis, sign, b.scale[axis] / 2, tolerance * reach)
  return Math.min(measureSolid(solid), volumeOf(a), volumeOf(b))
}

/** Common volume by that of both together, 0…1. */
export function measureIou3d(a: Cuboid, b: Cuboid): number {
  const common = measureCommonVolume(a, b)
  const all = volumeOf(a) + volumeOf(b) - common
  return all > 0 ? common / all : 0
}

type Point = readonly [number, number]

const measureArea = (outline: readonly Point[]): number => {
  let two = 0
  outline.forEach(([x, y], i) => {
    const [nx, ny] = outline[(i + 1) % outline.length]!
    two += x * ny - nx * y
  })
  return two / 2
}

/** Counter-clockwise outline of what a cuboid covers, seen from above. */
export function findFootprint(cuboid: Cuboid): Point[] {
  return findHull(listCorners(cuboid).map(([x, y]) => [x, y] as const))
}

/** Sutherland and Hodgman's clipping of convex outlines. */
function clipOutline(outline: readonly Point[], by: readonly Point[]): Point[] {
  let left = [...outline]
  by.forEach(([x, y], i) => {
    const [nx, ny] = by[(i + 1) % by.length]!
    const inside = ([px, py]: Point) => (nx - x) * (py - y) - (ny - y) * (px - x)
    left = left.flatMap((from, at): Point[] => {
      const to = left[(at + 1) % left.length]!
      const [a, b] = [inside(from), inside(to)]
      const found: Point[] = a >= 0 ? [from] : []
      if (a >= 0 !== b >= 0) {
        const share = a / (a - b)
        found.push([from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share])
      }
      return found
    })
  })
  return left
}

/** Intersection over union of what two cuboids cover, seen from above, 0…1. */
export function measureIouAbove(a: Cuboid, b: Cuboid): number {
  const [ox, oy] = a.position
  const near = (cuboid: Cuboid) => findFootprint(cuboid).map(([x, y]): Point => [x - ox, y - oy])
  const [one, other] = [near(a), near(b)]
  const common = Math.max(0, measureArea(clipOutline(one, other)))
  const all = measureArea(one) + measureArea(other) - common
  return all > 0 ? Math.min(1, common / all) : 0
}
