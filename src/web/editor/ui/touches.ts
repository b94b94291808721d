// Two fingers on the picture: they zoom and move it at once.
import type { Point } from '../view/geometry'

export type Pinch = { centre: Point; distance: number }

export const measurePinch = ([a, b]: readonly [Point, Point]): Pinch => ({
  centre: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 },
  distance: Math.max(Math.hypot(a.x - b.x, a.y - b.y), 1),
})

/** What two fingers did between two moments. */
export const comparePinches = (before: Pinch, now: Pinch): { zoom: number; dx: number; dy: number } => ({
  zoom: now.distance / before.distance,
  dx: now.centre.x - before.centre.x,
  dy: now.centre.y - before.centre.y,
})

/** Fingers that lie on the picture now. */
export class Touches {
  private readonly points = new Map<number, Point>()
  private last: Pinch | null = null

  get count(): number {
    return this.points.size
  }

  down(id: number, at: Point): void {
    this.points.set(id, at)
    this.last = this.read()
  }

  /** What changed, when two fingers lie there. */
  move(id: number, at: Point): { zoom: number; dx: number; dy: number; centre: Point } | null {
    if (!this.points.has(id)) return null
    this.points.set(id, at)
    const now = this.read()
    const before = this.last
    this.last = now
    return now && before ? { ...comparePinches(before, now), centre: now.centre } : null
  }

  up(id: number): void {
    this.points.delete(id)
    this.last = this.read()
  }

  private read(): Pinch | null {
    const [a, b] = [...this.points.values()]
    return a && b ? measurePinch([a, b]) : null
  }
}
