// Which pixels a shape covers: rows of spans, a pixel counting when its centre lies inside.

/** Pixels `from` (inclusive) to `to` (exclusive) of one row. */
export type Span = { row: number; from: number; to: number }

/** Visits the covered spans of a closed outline `x y …` by the even-odd rule, top row first. */
export function fillPolygon(points: readonly number[], visit: (span: Span) => void): void {
  const count = points.length >> 1
  if (count < 3) return
  let [top, bottom] = [Infinity, -Infinity]
  for (let at = 1; at < points.length; at += 2) {
    top = Math.min(top, points[at]!)
    bottom = Math.max(bottom, points[at]!)
  }
  const cuts: number[] = []
  for (let row = Math.ceil(top - 0.5); row + 0.5 <= bottom; row++) {
    const y = row + 0.5
    cuts.length = 0
    for (let i = 0, j = count - 1; i < count; j = i++) {
      const yi = points[2 * i + 1]!
      const yj = points[2 * j + 1]!
      if (yi > y === yj > y) continue
      cuts.push(points[2 * i]! + ((y - yi) * (points[2 * j]! - points[2 * i]!)) / (yj - yi))
    }
    cuts.sort((a, b) => a - b)
    for (let i = 0; i + 1 < cuts.length; i += 2) {
      const from = Math.ceil(cuts[i]! - 0.5)
      const to = Math.ceil(cuts[i + 1]! - 0.5)
      if (to > from) visit({ row, from, to })
    }
  }
}

/**
 * Visits what a brush of `size` pixels across covers on its way from `x0 y0` to `x1 y1`; at least the pixels under both ends.
 * A circle leaves a capsule, a square the hull of its two places: both convex, so one span a row.
 */
export function fillStroke(
  [x0, y0, x1, y1]: readonly [number, number, number, number],
  size: number,
  form: 'circle' | 'square',
  visit: (span: Span) => void,
): void {
  const half = size / 2
  const spanAt = form === 'circle' ? capsuleAt : squareAt
  const top = Math.ceil(Math.min(y0, y1) - half - 0.5)
  const bottom = Math.ceil(Math.max(y0, y1) + half - 0.5) - 1
  for (let row = top; row <= bottom; row++) {
    const found = spanAt(x0, y0, x1, y1, half, row + 0.5)
    if (!found) continue
    const from = Math.ceil(found[0] - 0.5)
    const to = Math.ceil(found[1] - 0.5)
    if (to > from) visit({ row, from, to })
  }
  for (const [x, y] of [
    [x0, y0],
    [x1, y1],
  ]) {
    visit({ row: Math.floor(y!), from: Math.floor(x!), to: Math.floor(x!) + 1 })
  }
}

type SpanAt = (x0: number, y0: number, x1: number, y1: number, half: number, y: number) => [number, number] | null

const join = (a: [number, number] | null, b: [number, number] | null): [number, number] | null =>
  a && b ? [Math.min(a[0], b[0]), Math.max(a[1], b[1])] : (a ?? b)

const capsuleAt: SpanAt = (x0, y0, x1, y1, half, y) => {
  const ball = (cx: number, cy: number): [number, number] | null => {
    const rest = half * half - (y - cy) ** 2
    return rest < 0 ? null : [cx - Math.sqrt(rest), cx + Math.sqrt(rest)]
  }
  const ends = join(ball(x0, y0), ball(x1, y1))
  const length = Math.hypot(x1 - x0, y1 - y0)
  if (length === 0) return ends
  const nx = (-(y1 - y0) / length) * half
  const ny = ((x1 - x0) / length) * half
  return join(ends, quadAt([x0 + nx, y0 + ny, x1 + nx, y1 + ny, x1 - nx, y1 - ny, x0 - nx, y0 - ny], y))
}

const squareAt: SpanAt = (x0, y0, x1, y1, half, y) => {
  const block = (cx: number, cy: number): [number, number] | null => (Math.abs(y - cy) <= half ? [cx - half, cx + half] : null)
  let found = join(block(x0, y0), block(x1, y1))
  for (const [dx, dy] of [
    [-half, -half],
    [half, -half],
    [half, half],
    [-half, half],
  ] as const) {
    found = join(found, quadAt([x0 + dx, y0 + dy, x1 + dx, y1 + dy], y))
  }
  return found
}

/** Least and greatest x at which the edges of a ring cross a height. */
const quadAt = (ring: readonly number[], y: number): [number, number] | null => {
  let found: [number, number] | null = null
  const count = ring.length >> 1
  for (let i = 0, j = count - 1; i < count; j = i++) {
    const yi = ring[2 * i + 1]!
    const yj = ring[2 * j + 1]!
    if (yi > y === yj > y) continue
    const x = ring[2 * i]! + ((y - yi) * (ring[2 * j]! - ring[2 * i]!)) / (yj - yi)
    found = join(found, [x, x])
  }
  return found
}
