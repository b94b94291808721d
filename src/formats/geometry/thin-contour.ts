// Thins a pixel contour to its dominant points.

type Point = [x: number, y: number]

/**
 * Keeps the points of a closed 8-connected contour that stand out by curvature, after Teh and Chin, "On the detection of dominant
 * points on digital curves" (1989), with the k-cosine as measure. Points on straight runs never stay.
 */
export function thinContour(contour: Point[]): Point[] {
  const count = contour.length
  const support = new Int32Array(count)
  const curvature = new Float32Array(count)
  let remaining: number[] = []
  for (let at = 0; at < count; at++) if (isTurn(contour, at)) remaining.push(at)
  for (const at of remaining) {
    support[at] = findSupport(contour, at)
    curvature[at] = measureCurvature(contour, at, support[at]!)
  }
  const drop = (isWeak: (at: number) => boolean) => {
    remaining = remaining.filter((at) => {
      if (!isWeak(at)) return true
      curvature[at] = 0
      return false
    })
  }
  const curvatureAt = (at: number) => curvature[(at + 2 * count) % count]!
  drop((at) => {
    for (let gap = 1; gap <= support[at]! >> 1; gap++) {
      if (curvatureAt(at - gap) > curvature[at]! || curvatureAt(at + gap) > curvature[at]!) return true
    }
    return false
  })
  drop((at) => support[at] === 1 && (curvature[at]! <= curvatureAt(at - 1) || curvature[at]! <= curvatureAt(at + 1)))
  return remaining.map((at) => contour[at]!)
}

function pointAt(contour: Point[], at: number): Point {
  const count = contour.length
  return contour[((at % count) + count) % count]!
}

function isTurn(contour: Point[], at: number): boolean {
  const [before, point, after] = [pointAt(contour, at - 1), contour[at]!, pointAt(contour, at + 1)]
  return point[0] - before[0] !== after[0] - point[0] || point[1] - before[1] !== after[1] - point[1]
}

/** How many points on either side belong to a point: as long as the chord grows and the height over its square falls. */
function findSupport(contour: Point[], at: number): number {
  const [x, y] = contour[at]!
  let chord = 0
  let height = 0
  for (let reach = 1; ; reach++) {
    const [startX, startY] = pointAt(contour, at - reach)
    const [endX, endY] = pointAt(contour, at + reach)
    const [dx, dy] = [endX - startX, endY - startY]
    const nextChord = dx * dx + dy * dy
    const nextHeight = (x - startX) * dy - (y - startY) * dx
    const fall = height * nextChord - nextHeight * chord
    const isOver = chord >= nextChord || (height > 0 && fall <= 0) || (height < 0 && fall >= 0)
    if (reach > 1 && (isOver || reach > contour.length)) return reach - 1
    chord = nextChord
    height = nextHeight
  }
}

/** The cosine of the angle at a point, raised by 1.1 so that it is positive; the widest neighbourhood whose smaller ones fall. */
function measureCurvature(contour: Point[], at: number, support: number): number {
  const [x, y] = contour[at]!
  let curvature = 0
  for (let reach = support; reach > 0; reach--) {
    const [startX, startY] = pointAt(contour, at - reach)
    const [endX, endY] = pointAt(contour, at + reach)
    const [dx1, dy1, dx2, dy2] = [startX - x, startY - y, endX - x, endY - y]
    const product = Math.hypot(dx1, dy1) * Math.hypot(dx2, dy2)
    if (product === 0) break
    const candidate = Math.fround((dx1 * dx2 + dy1 * dy2) / product + 1.1)
    if (reach < support && candidate <= curvature) break
    curvature = candidate
  }
  return curvature
}
