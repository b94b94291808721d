// Places on outlines: the nearest one, the way between two, and lines that cross.
import type { Point } from './geometry'

/** A place on an outline: on the edge after vertex `edge`, `t` of the way (0 to 1). */
export type Place = { edge: number; t: number; x: number; y: number; distance: number }

const vertex = (points: readonly number[], i: number): Point => {
  const count = points.length / 2
  const at = ((i % count) + count) % count
  return { x: points[2 * at]!, y: points[2 * at + 1]! }
}

/** The place of an outline nearest to a point. */
export const findPlace = (points: readonly number[], closed: boolean, at: Point): Place => {
  const count = points.length / 2
  let best: Place = { edge: 0, t: 0, ...vertex(points, 0), distance: Infinity }
  for (let edge = 0; edge < (closed ? count : count - 1); edge++) {
    const [a, b] = [vertex(points, edge), vertex(points, edge + 1)]
    const [dx, dy] = [b.x - a.x, b.y - a.y]
    const length = dx * dx + dy * dy
    const t = length === 0 ? 0 : Math.min(Math.max(((at.x - a.x) * dx + (at.y - a.y) * dy) / length, 0), 1)
    const [x, y] = [a.x + t * dx, a.y + t * dy]
    const distance = Math.hypot(at.x - x, at.y - y)
    if (distance < best.distance) best = { edge, t, x, y, distance }
  }
  return best
}

/** Points of a closed outline from one place to another in the order of its vertices, both places included. */
export const walkBetween = (points: readonly number[], from: Place, to: Place): number[] => {
  const count = points.length / 2
  const walked = [from.x, from.y]
  const push = (x: number, y: number) => {
    if (walked.at(-2) !== x || walked.at(-1) !== y) walked.push(x, y)
  }
  const ahead = from.edge === to.edge ? to.t >= from.t : false
  if (!ahead) {
    let i = (from.edge + 1) % count
    for (let steps = 0; steps < count; steps++) {
      const { x, y } = vertex(points, i)
      push(x, y)
      if (i === to.edge) break
      i = (i + 1) % count
    }
  }
  push(to.x, to.y)
  return walked
}

export const reversePoints = (points: readonly number[]): number[] => {
  const reversed: number[] = []
  for (let i = points.length - 2; i >= 0; i -= 2) reversed.push(points[i]!, points[i + 1]!)
  return reversed
}

/** A closed outline that begins at another of its vertices. */
export const startAt = (points: readonly number[], i: number): number[] => [...points.slice(2 * i), ...points.slice(0, 2 * i)]

/** Whether the segments a–b and c–d cross in their insides. */
export const doCross = (a: Point, b: Point, c: Point, d: Point): boolean => {
  const side = (p: Point, q: Point, r: Point) => (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x)
  const [s1, s2, s3, s4] = [side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)]
  return s1 * s2 < 0 && s3 * s4 < 0
}

/** Whether an open line crosses itself. */
export const crossesItself = (line: readonly number[]): boolean => {
  const count = line.length / 2
  for (let i = 0; i + 1 < count; i++) {
    for (let j = i + 2; j + 1 < count; j++) {
      if (doCross(vertex(line, i), vertex(line, i + 1), vertex(line, j), vertex(line, j + 1))) return true
    }
  }
  return false
}

/** Whether an open line crosses an outline. */
export const crossesOutline = (line: readonly number[], outline: readonly number[]): boolean => {
  const count = outline.length / 2
  for (let i = 0; i + 2 < line.length; i += 2) {
    const [a, b] = [
      { x: line[i]!, y: line[i + 1]! },
      { x: line[i + 2]!, y: line[i + 3]! },
    ]
    for (let j = 0; j < count; j++) if (doCross(a, b, vertex(outline, j), vertex(outline, j + 1))) return true
  }
  return false
}

/** Length of an open line. */
export const measureLength = (line: readonly number[]): number => {
  let sum = 0
  for (let i = 0; i + 3 < line.length; i += 2) sum += Math.hypot(line[i + 2]! - line[i]!, line[i + 3]! - line[i + 1]!)
  return sum
}
