// The upright cuboid around points: a rectangle in the ground plane, of least area or along the sides that are seen, and the heights.

import type { Cuboid } from './cuboid'

export type Rectangle = {
  x: number
  y: number
  /** Along the direction `angle` (radians, −π/2 < angle ≤ π/2), never shorter than `width`. */
  length: number
  width: number
  angle: number
}

type Point = readonly [number, number]

/** The corners of the convex hull, counter-clockwise (Andrew's monotone chain). */
export function findHull(points: readonly Point[]): Point[] {
  const sorted = points.toSorted((a, b) => a[0] - b[0] || a[1] - b[1])
  const turn = (a: Point, b: Point, c: Point) => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
  const chain = (list: readonly Point[]) => {
    const half: Point[] = []
    for (const point of list) {
      while (half.length > 1 && turn(half.at(-2)!, half.at(-1)!, point) <= 0) half.pop()
      half.push(point)
    }
    half.pop()
    return half
  }
  const hull = [...chain(sorted), ...chain(sorted.toReversed())]
  return hull.length ? hull : sorted.slice(0, 1)
}

/** The upright or turned rectangle around points at one angle. */
export function boundAtAngle(points: readonly Point[], angle: number): Rectangle {
  const [c, s] = [Math.cos(angle), Math.sin(angle)]
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity]
  for (const [x, y] of points) {
    const [along, across] = [c * x + s * y, c * y - s * x]
    left = Math.min(left, along)
    right = Math.max(right, along)
    low = Math.min(low, across)
    high = Math.max(high, across)
  }
  const [along, across] = [(left + right) / 2, (low + high) / 2]
  return { x: c * along - s * across, y: s * along + c * across, length: right - left, width: high - low, angle }
}

/** −π/2 < angle ≤ π/2: a direction without its sense. */
function foldAngle(angle: number): number {
  const turn = angle % Math.PI
  if (turn > Math.PI / 2) return turn - Math.PI
  return turn <= -Math.PI / 2 ? turn + Math.PI : turn
}

const areaOf = ({ length, width }: Rectangle) => length * width

/** Rectangles with a side along each side of the hull: the one of least area is among them. */
function listRectangles(points: readonly Point[]): Rectangle[] {
  if (!points.length) throw new RangeError('there are no points to fit a rectangle to')
  const hull = findHull(points)
  const found = hull.flatMap(([x, y], i) => {
    const [nx, ny] = hull[(i + 1) % hull.length]!
    return nx === x && ny === y ? [] : [boundAtAngle(hull, Math.atan2(ny - y, nx - x))]
  })
  return found.length ? found : [boundAtAngle(hull, 0)]
}

function layAlong(rectangle: Rectangle): Rectangle {
  const isLong = rectangle.length >= rectangle.width
  const [length, width] = isLong ? [rectangle.length, rectangle.width] : [rectangle.width, rectangle.length]
  return { ...rectangle, length, width, angle: foldAngle(isLong ? rectangle.angle : rectangle.angle + Math.PI / 2) }
}

/** The rectangle of least area around points in the plane. */
export function fitRectangle(points: readonly Point[]): Rectangle {
  return layAlong(listRectangles(points).reduce((best, one) => (areaOf(one) < areaOf(best) ? one : best)))
}

/** Rectangles this much larger than the least one still come into question. */
const areaSlack = 1.15
const judgedPoints = 2000

/**
 * The rectangle that fits an object of which two sides are seen, as a scanner sees it: the least ones around an L are as large along its
 * long side as along its legs, so that among nearly equal ones the one whose sides lie nearest to the points is taken (the closeness of
 * Zhang et al., Efficient L-Shape Fitting, 2017).
 */
export function fitOutline(points: readonly Point[]): Rectangle {
  const all = listRectangles(points)
  const least = Math.min(...all.map(areaOf))
  const step = Math.max(1, Math.floor(points.length / judgedPoints))
  const distance = ({ x, y, length, width, angle }: Rectangle) => {
    const [c, s] = [Math.cos(angle), Math.sin(angle)]
    let sum = 0
    for (let i = 0; i < points.length; i += step) {
      const [dx, dy] = [points[i]![0] - x, points[i]![1] - y]
      sum += Math.min(length / 2 - Math.abs(c * dx + s * dy), width / 2 - Math.abs(c * dy - s * dx))
    }
    return sum
  }
  const near = all.filter((one) => areaOf(one) <= least * areaSlack + 1e-12).map((one) => ({ one, away: distance(one) }))
  return layAlong(near.reduce((best, next) => (next.away < best.away ? next : best)).one)
}

/** Sides of cuboids are at least this long (metres). */
const least = 0.01

/**
 * The upright cuboid with the best outline on the ground around some points (x, y, z one after another). `facing` turns it by a half where its x axis
 * would point away from that direction (radians).
 * @param only numbers of the points that count; all by default
 */
export function fitCuboid(positions: Float32Array, only?: Iterable<number>, facing = 0): Cuboid {
  const flat: Point[] = []
  let [low, high] = [Infinity, -Infinity]
  for (const i of only ?? Array(positions.length / 3).keys()) {
    flat.push([positions[i * 3]!, positions[i * 3 + 1]!])
    low = Math.min(low, positions[i * 3 + 2]!)
    high = Math.max(high, positions[i * 3 + 2]!)
  }
  const { x, y, length, width, angle } = fitOutline(flat)
  const isAway = Math.cos(angle - facing) < 0
  return {
    position: [x, y, (low + high) / 2],
    rotation: [0, 0, isAway ? foldAngle(angle) + (angle > 0 ? -Math.PI : Math.PI) : angle],
    scale: [Math.max(least, length), Math.max(least, width), Math.max(least, high - low)],
  }
}
