// Boxes around points, and boxes turned about their centre.

/** Left, top, right, bottom; pixels. */
export type Bounds = [left: number, top: number, right: number, bottom: number]

/** The box around `x y x y …`; needs at least one point. */
export function findBounds(points: readonly number[]): Bounds {
  const bounds: Bounds = [Infinity, Infinity, -Infinity, -Infinity]
  for (let at = 0; at + 1 < points.length; at += 2) {
    const x = points[at]!
    const y = points[at + 1]!
    if (x < bounds[0]) bounds[0] = x
    if (y < bounds[1]) bounds[1] = y
    if (x > bounds[2]) bounds[2] = x
    if (y > bounds[3]) bounds[3] = y
  }
  return bounds
}

export function uniteBounds(a: Bounds, b: Bounds): Bounds {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])]
}

/** The corners of a rectangle as `x y …`, from its top left on, turned clockwise by `rotation` degrees about its centre. */
export function turnBox([x0, y0, x1, y1]: Readonly<Bounds>, rotation: number): number[] {
  const corners = [x0, y0, x1, y0, x1, y1, x0, y1]
  return rotation % 360 === 0 ? corners : turnPoints(corners, rotation, (x0 + x1) / 2, (y0 + y1) / 2)
}

/** Turns `x y …` clockwise (the y axis points down) about a centre. */
export function turnPoints(points: readonly number[], rotation: number, centerX: number, centerY: number): number[] {
  const angle = (rotation * Math.PI) / 180
  const cos = Math.cos(angle)
  const sin = Math.sin(angle)
  const turned: number[] = []
  for (let at = 0; at + 1 < points.length; at += 2) {
    const dx = points[at]! - centerX
    const dy = points[at + 1]! - centerY
    turned.push(centerX + cos * dx - sin * dy, centerY + sin * dx + cos * dy)
  }
  return turned
}

/** Brings degrees into 0 ≤ rotation < 360. */
export function normaliseRotation(degrees: number): number {
  const rest = degrees % 360
  return rest < 0 ? (rest + 360) % 360 : rest + 0
}

/** The bounding box of an ellipse given as cx cy right top, turned by `rotation` degrees. */
export function findEllipseBounds([cx, cy, right, top]: readonly [number, number, number, number], rotation: number): Bounds {
  const angle = (rotation * Math.PI) / 180
  const halfWidth = Math.hypot((right - cx) * Math.cos(angle), (cy - top) * Math.sin(angle))
  const halfHeight = Math.hypot((right - cx) * Math.sin(angle), (cy - top) * Math.cos(angle))
  return [cx - halfWidth, cy - halfHeight, cx + halfWidth, cy + halfHeight]
}
