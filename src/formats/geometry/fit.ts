// Turned boxes and ellipses laid around points of a contour.

/** Half sizes about a centre, turned clockwise on the screen by `rotation` degrees, 0 ≤ rotation < 180. */
export type Fitted = { x: number; y: number; halfWidth: number; halfHeight: number; rotation: number }

type Point = [x: number, y: number]

const toPairs = (points: readonly number[]): Point[] =>
  Array.from({ length: points.length >> 1 }, (_, i) => [points[2 * i]!, points[2 * i + 1]!])

const cross = (o: Point, a: Point, b: Point): number => (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0])

/** Convex hull of `x y …` without repeated points (Andrew's monotone chain, 1979). */
export function findHull(points: readonly number[]): number[] {
  const sorted = toPairs(points).sort((a, b) => a[0] - b[0] || a[1] - b[1])
  const half = (list: Point[]): Point[] => {
    const chain: Point[] = []
    for (const point of list) {
      while (chain.length >= 2 && cross(chain.at(-2)!, chain.at(-1)!, point) <= 0) chain.pop()
      chain.push(point)
    }
    return chain.slice(0, -1)
  }
  return [...half(sorted), ...half(sorted.toReversed())].flat()
}

/** The smallest turned box around at least three points that span an area; nothing when they lie on a line. */
export function fitBox(points: readonly number[]): Fitted | undefined {
  const hull = toPairs(findHull(points))
  if (hull.length < 3) return undefined
  let best: (Fitted & { area: number }) | undefined
  for (let i = 0; i < hull.length; i++) {
    const [a, b] = [hull[i]!, hull[(i + 1) % hull.length]!]
    const angle = Math.atan2(b[1] - a[1], b[0] - a[0])
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
    for (const [x, y] of hull) {
      const along = x * cos + y * sin
      const across = y * cos - x * sin
      left = Math.min(left, along)
      right = Math.max(right, along)
      top = Math.min(top, across)
      bottom = Math.max(bottom, across)
    }
    const area = (right - left) * (bottom - top)
    if (best && area >= best.area - 1e-9) continue
    const [u, v] = [(left + right) / 2, (top + bottom) / 2]
    const fitted = { halfWidth: (right - left) / 2, halfHeight: (bottom - top) / 2, rotation: (angle * 180) / Math.PI }
    best = { area, x: u * cos - v * sin, y: u * sin + v * cos, ...fitted }
  }
  if (!best || best.area < 1e-6) return undefined
  const { area: _, ...fitted } = best
  return settle(fitted)
}

/** The same figure with the smallest turn from upright: at most 45° either way. */
function settle(fitted: Fitted): Fitted {
  let { rotation, halfWidth, halfHeight } = fitted
  rotation = ((rotation % 180) + 180) % 180
  if (rotation > 45 && rotation < 135) {
    ;[halfWidth, halfHeight] = [halfHeight, halfWidth]
    rotation -= 90
  }
  return { ...fitted, halfWidth, halfHeight, rotation: (rotation + 180) % 180 }
}

/**
 * The ellipse that fits at least five points of a contour best (Halíř and Flusser, "Numerically stable direct least squares fitting
 * of ellipses", 1998); nothing when they determine none.
 */
export function fitEllipse(points: readonly number[]): Fitted | undefined {
  const pairs = toPairs(points)
  if (pairs.length < 5) return undefined
  const centre = [0, 1].map((k) => pairs.reduce((sum, pair) => sum + pair[k]!, 0) / pairs.length) as Point
  const spread = Math.max(...pairs.map(([x, y]) => Math.hypot(x - centre[0], y - centre[1])), 1e-9)
  const squares: Row[] = []
  const lines: Row[] = []
  for (const [px, py] of pairs) {
    const [x, y] = [(px - centre[0]) / spread, (py - centre[1]) / spread]
    squares.push([x * x, x * y, y * y])
    lines.push([x, y, 1])
  }
  const s1 = multiply(transpose(squares), squares)
  const s2 = multiply(transpose(squares), lines)
  const s3 = invert(multiply(transpose(lines), lines))
  if (!s3) return undefined
  const t = multiply(s3, transpose(s2)).map((row) => row.map((value) => -value))
  const sum = add(s1, multiply(s2, t))
  const reduced = [sum[2]!.map((value) => value / 2), sum[1]!.map((value) => -value), sum[0]!.map((value) => value / 2)]
  for (const value of findEigenvalues(reduced)) {
    const quadratic = findNullVector(reduced.map((row, i) => row.map((cell, j) => (i === j ? cell - value : cell))))
    if (!quadratic || 4 * quadratic[0]! * quadratic[2]! - quadratic[1]! ** 2 <= 0) continue
    const linear = t.map((row) => row.reduce((total, cell, k) => total + cell * quadratic[k]!, 0))
    const found = readConic([...quadratic, ...linear])
    if (!found) continue
    return settle({
      ...found,
      x: centre[0] + spread * found.x,
      y: centre[1] + spread * found.y,
      halfWidth: spread * found.halfWidth,
      halfHeight: spread * found.halfHeight,
    })
  }
  return undefined
}

type Row = number[]
type Matrix = Row[]

const transpose = (a: Matrix): Matrix => a[0]!.map((_, j) => a.map((row) => row[j]!))
const add = (a: Matrix, b: Matrix): Matrix => a.map((row, i) => row.map((value, j) => value + b[i]![j]!))
const multiply = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) => b[0]!.map((_, j) => row.reduce((sum, value, k) => sum + value * b[k]![j]!, 0)))

const determine = (m: Matrix): number =>
  m[0]![0]! * (m[1]![1]! * m[2]![2]! - m[1]![2]! * m[2]![1]!) -
  m[0]![1]! * (m[1]![0]! * m[2]![2]! - m[1]![2]! * m[2]![0]!) +
  m[0]![2]! * (m[1]![0]! * m[2]![1]! - m[1]![1]! * m[2]![0]!)

function invert(m: Matrix): Matrix | undefined {
  const whole = determine(m)
  if (Math.abs(whole) < 1e-12) return undefined
  const minor = (i: number, j: number): number => {
    const rows = [0, 1, 2].filter((k) => k !== i)
    const columns = [0, 1, 2].filter((k) => k !== j)
    const [a, b] = [m[rows[0]!]!, m[rows[1]!]!]
    return a[columns[0]!]! * b[columns[1]!]! - a[columns[1]!]! * b[columns[0]!]!
  }
  return [0, 1, 2].map((i) => [0, 1, 2].map((j) => ((i + j) % 2 === 0 ? 1 : -1) * (minor(j, i) / whole)))
}

/** Real roots of the characteristic polynomial of a 3 × 3 matrix. */
function findEigenvalues(m: Matrix): number[] {
  const trace = m[0]![0]! + m[1]![1]! + m[2]![2]!
  const pair = (i: number, j: number) => m[i]![i]! * m[j]![j]! - m[i]![j]! * m[j]![i]!
  const minors = pair(0, 1) + pair(0, 2) + pair(1, 2)
  // λ³ − trace·λ² + minors·λ − det = 0, with λ = u + trace/3.
  const p = minors - trace ** 2 / 3
  const q = (-2 * trace ** 3) / 27 + (trace * minors) / 3 - determine(m)
  const shift = trace / 3
  const inner = (q / 2) ** 2 + (p / 3) ** 3
  if (inner > 0) {
    const root = Math.sqrt(inner)
    return [Math.cbrt(-q / 2 + root) + Math.cbrt(-q / 2 - root) + shift]
  }
  const radius = 2 * Math.sqrt(Math.max(-p / 3, 0))
  const ratio = radius === 0 ? 0 : Math.max(-1, Math.min(1, (3 * q) / (p * radius)))
  const angle = Math.acos(ratio) / 3
  return [0, 1, 2].map((k) => radius * Math.cos(angle - (2 * Math.PI * k) / 3) + shift)
}

/** The direction that a matrix of rank two maps to nothing: the longest cross product of two of its rows. */
function findNullVector(m: Matrix): Row | undefined {
  let best: Row | undefined
  let least = 1e-24
  for (const [i, j] of [
    [0, 1],
    [0, 2],
    [1, 2],
  ] as const) {
    const [a, b] = [m[i]!, m[j]!]
    const normal = [a[1]! * b[2]! - a[2]! * b[1]!, a[2]! * b[0]! - a[0]! * b[2]!, a[0]! * b[1]! - a[1]! * b[0]!]
    const length = normal.reduce((sum, value) => sum + value * value, 0)
    if (length > least) [best, least] = [normal, length]
  }
  return best
}

/** Centre, half axes and turn of ax² + bxy + cy² + dx + ey + f = 0. */
function readConic(conic: number[]): Fitted | undefined {
  const [a, b, c, d, e, f] = conic as [number, number, number, number, number, number]
  const whole = b * b - 4 * a * c
  const x = (2 * c * d - b * e) / whole
  const y = (2 * a * e - b * d) / whole
  const level = f + (d * x + e * y) / 2
  const root = Math.hypot(a - c, b)
  const [large, small] = [(a + c + root) / 2, (a + c - root) / 2]
  const [short, long] = [-level / large, -level / small]
  if (!(short > 0 && long > 0)) return undefined
  // The eigenvector of the smaller curvature is the long axis.
  const rotation = (Math.atan2(2 * (small - a), b) * 180) / Math.PI
  const isUpright = Math.abs(b) < 1e-12
  const turn = isUpright ? (a <= c ? 0 : 90) : rotation
  const [halfLong, halfShort] = [Math.sqrt(Math.max(short, long)), Math.sqrt(Math.min(short, long))]
  return { x, y, halfWidth: halfLong, halfHeight: halfShort, rotation: turn }
}
