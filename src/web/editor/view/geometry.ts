// Small plane geometry on flat point lists (x y x y …) that shapes and tools share.

export type Point = { x: number; y: number }
export type Box = { left: number; top: number; right: number; bottom: number }
export type Size = { width: number; height: number }

/** Two decimals: the precision in which positions are kept and sent. */
export const roundPoint = (value: number): number => Math.round(value * 100) / 100

export const roundPoints = (points: readonly number[]): number[] => points.map(roundPoint)

export const clampNumber = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high)

export const clampToSize = (at: Point, size: Size): Point => ({
  x: clampNumber(at.x, 0, size.width),
  y: clampNumber(at.y, 0, size.height),
})

/** Box around a flat point list; empty lists give an empty box at the origin. */
export const boundPoints = (points: readonly number[]): Box => {
  if (points.length < 2) return { left: 0, top: 0, right: 0, bottom: 0 }
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity }
  for (let i = 0; i + 1 < points.length; i += 2) {
    const x = points[i]!
    const y = points[i + 1]!
    if (x < box.left) box.left = x
    if (x > box.right) box.right = x
    if (y < box.top) box.top = y
    if (y > box.bottom) box.bottom = y
  }
  return box
}

/** The smallest box around all; without any an endless inside-out one. */
export const joinBoxes = (boxes: readonly Box[]): Box => {
  const all = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity }
  for (const box of boxes) {
    all.left = Math.min(all.left, box.left)
    all.top = Math.min(all.top, box.top)
    all.right = Math.max(all.right, box.right)
    all.bottom = Math.max(all.bottom, box.bottom)
  }
  return all
}

export const growBox = (box: Box, by: number): Box => ({
  left: box.left - by,
  top: box.top - by,
  right: box.right + by,
  bottom: box.bottom + by,
})

export const rotatePoint = (at: Point, centre: Point, degrees: number): Point => {
  const angle = (degrees * Math.PI) / 180
  const cos = Math.cos(angle)
  const sin = Math.sin(angle)
  const dx = at.x - centre.x
  const dy = at.y - centre.y
  return { x: centre.x + dx * cos - dy * sin, y: centre.y + dx * sin + dy * cos }
}

export const measureDistance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y)

/** Distance of a point from the segment a–b. */
export const measureToSegment = (at: Point, a: Point, b: Point): number => {
  const dx = b.x - a.x
  const dy = b.y - a.y
  const length = dx * dx + dy * dy
  const t = length === 0 ? 0 : clampNumber(((at.x - a.x) * dx + (at.y - a.y) * dy) / length, 0, 1)
  return Math.hypot(at.x - a.x - t * dx, at.y - a.y - t * dy)
}

/** Shortest distance of a point from a line of points (closed: with the last edge). */
export const measureToLine = (at: Point, points: readonly number[], closed: boolean): number => {
  const count = points.length / 2
  if (count === 1) return measureDistance(at, { x: points[0]!, y: points[1]! })
  let best = Infinity
  for (let i = 0; i < (closed ? count : count - 1); i++) {
    const j = (i + 1) % count
    const a = { x: points[2 * i]!, y: points[2 * i + 1]! }
    const b = { x: points[2 * j]!, y: points[2 * j + 1]! }
    best = Math.min(best, measureToSegment(at, a, b))
  }
  return best
}

/** Even-odd test of a point against a closed flat point list. */
export const isInside = (at: Point, points: readonly number[]): boolean => {
  let inside = false
  for (let i = 0, j = points.length - 2; i < points.length; j = i, i += 2) {
    const xi = points[i]!
    const yi = points[i + 1]!
    const xj = points[j]!
    const yj = points[j + 1]!
    if (yi > at.y !== yj > at.y && at.x < ((xj - xi) * (at.y - yi)) / (yj - yi) + xi) inside = !inside
  }
  return inside
}

/** Unsigned area of a closed flat point list (square pixels). */
export const measureArea = (points: readonly number[]): number => {
  let sum = 0
  for (let i = 0, j = points.length - 2; i < points.length; j = i, i += 2) {
    sum += points[j]! * points[i + 1]! - points[i]! * points[j + 1]!
  }
  return Math.abs(sum) / 2
}

type Edge = { keep: (x: number, y: number) => boolean; cut: (a: Point, b: Point) => Point }

const cutAtX = (x: number) => (a: Point, b: Point) => ({ x, y: a.y + ((b.y - a.y) * (x - a.x)) / (b.x - a.x) })
const cutAtY = (y: number) => (a: Point, b: Point) => ({ x: a.x + ((b.x - a.x) * (y - a.y)) / (b.y - a.y), y })

/** A closed contour cropped to the picture, with new corners on its border (Sutherland and Hodgman, 1974). */
export const cropPolygon = (points: readonly number[], size: Size): number[] => {
  const edges: Edge[] = [
    { keep: (x) => x >= 0, cut: cutAtX(0) },
    { keep: (x) => x <= size.width, cut: cutAtX(size.width) },
    { keep: (_x, y) => y >= 0, cut: cutAtY(0) },
    { keep: (_x, y) => y <= size.height, cut: cutAtY(size.height) },
  ]
  let ring = [...points]
  for (const edge of edges) {
    const next: number[] = []
    for (let i = 0; i < ring.length; i += 2) {
      const j = (i + 2) % ring.length
      const a = { x: ring[i]!, y: ring[i + 1]! }
      const b = { x: ring[j]!, y: ring[j + 1]! }
      const inA = edge.keep(a.x, a.y)
      if (inA) next.push(a.x, a.y)
      if (inA !== edge.keep(b.x, b.y)) {
        const cut = edge.cut(a, b)
        next.push(cut.x, cut.y)
      }
    }
    ring = next
  }
  return ring
}

/** The longest part of an open line that lies in the picture, with new ends on its border (Liang and Barsky, 1984); empty when none does. */
export const cropLine = (points: readonly number[], size: Size): number[] => {
  let [best, run]: [number[], number[]] = [[], []]
  const close = () => {
    if (run.length > best.length) best = run
    run = []
  }
  for (let i = 0; i + 3 < points.length; i += 2) {
    const [x0, y0] = [points[i]!, points[i + 1]!]
    const [dx, dy] = [points[i + 2]! - x0, points[i + 3]! - y0]
    let [from, to] = [0, 1]
    for (const [step, room] of [
      [-dx, x0],
      [dx, size.width - x0],
      [-dy, y0],
      [dy, size.height - y0],
    ] as const) {
      if (step === 0 && room < 0) to = -1
      if (step < 0) from = Math.max(from, room / step)
      if (step > 0) to = Math.min(to, room / step)
    }
    if (from > to) {
      close()
      continue
    }
    if (run.length === 0 || from > 0) {
      close()
      run.push(x0 + from * dx, y0 + from * dy)
    }
    run.push(x0 + to * dx, y0 + to * dy)
    if (to < 1) close()
  }
  close()
  return best
}
