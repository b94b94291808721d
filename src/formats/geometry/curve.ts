// Movement between two polylines or polygons with different numbers of points.

type Curve = { points: readonly number[]; count: number; shares: number[]; length: number }
type Pair = { left: number; right: number }

/**
 * The curve at `share` (0…1) of the way from `left` to `right`, both `x y …`. Points are paired by their share of the curve's
 * length; pairs move linearly; points that crowd together on the way are thinned.
 */
export function interpolateCurve(left: readonly number[], right: readonly number[], share: number): number[] {
  const from = measureCurve(left)
  const to = measureCurve(right)
  const moved: number[] = []
  for (const run of groupPairs(pairPoints(from, to))) {
    const points = run.map(({ left: a, right: b }) => mixPoint(from, to, a, b, share))
    for (const [x, y] of points.length === 1 ? points : thinRun(points, measureThreshold(from, to, run))) moved.push(x, y)
  }
  return moved
}

/** As `interpolateCurve` for closed outlines. */
export function interpolateOutline(left: readonly number[], right: readonly number[], share: number): number[] {
  return interpolateCurve([...left, ...left.slice(0, 2)], [...right, ...right.slice(0, 2)], share).slice(0, -2)
}

function measureCurve(points: readonly number[]): Curve {
  const count = points.length >> 1
  const lengths = [0]
  for (let at = 1; at < count; at++) lengths.push(lengths[at - 1]! + measureStep(points, at - 1, at))
  const length = lengths.at(-1)!
  return { points, count, length, shares: lengths.map((value) => (length > 0 ? value / length : 0)) }
}

function measureStep(points: readonly number[], a: number, b: number): number {
  return Math.hypot(points[2 * b]! - points[2 * a]!, points[2 * b + 1]! - points[2 * a + 1]!)
}

/** Every left point with the nearest right one, and every right point left over with its nearest left one, in order. */
function pairPoints(from: Curve, to: Curve): Pair[][] {
  const pairs: Pair[][] = from.shares.map((share, left) => [{ left, right: findNearest(to.shares, share) }])
  const taken = new Set(pairs.map(([pair]) => pair!.right))
  for (let right = 0; right < to.count; right++) {
    if (taken.has(right)) continue
    const left = findNearest(from.shares, to.shares[right]!)
    pairs[left]!.push({ left, right })
  }
  for (const list of pairs) list.sort((a, b) => a.right - b.right)
  return pairs
}

function findNearest(shares: readonly number[], share: number): number {
  let nearest = 0
  for (let at = 1; at < shares.length; at++) {
    if (Math.abs(shares[at]! - share) < Math.abs(shares[nearest]! - share)) nearest = at
  }
  return nearest
}

/** Runs of pairs that meet in one point: several left points with one right point, or one left point with several right ones. */
function groupPairs(pairs: readonly Pair[][]): Pair[][] {
  const runs: Pair[][] = []
  let open: Pair[] | undefined
  for (const list of pairs) {
    const isSingle = list.length === 1
    if (isSingle && open?.[0]?.right === list[0]!.right) open.push(list[0]!)
    else {
      const run = [...list]
      runs.push(run)
      open = isSingle ? run : undefined
    }
  }
  return runs
}

/** Half the mean distance of the points on the side where the run spreads out. */
function measureThreshold(from: Curve, to: Curve, run: readonly Pair[]): number {
  const [first, last] = [run[0]!, run.at(-1)!]
  const [curve, start, stop] = first.left === last.left ? [to, first.right, last.right] : [from, first.left, last.left]
  let length = 0
  for (let at = start; at < stop; at++) length += measureStep(curve.points, at, at + 1)
  return length / (2 * (stop - start + 1))
}

type Point = [x: number, y: number]

function thinRun(points: readonly Point[], threshold: number): Point[] {
  const first = points[0]!
  const last = points.at(-1)!
  const kept = [first]
  for (const point of points.slice(1, -1)) if (measureGap(kept.at(-1)!, point) >= threshold) kept.push(point)
  if (kept.length === 1 && measureGap(first, last) < threshold) return [[(first[0] + last[0]) / 2, (first[1] + last[1]) / 2]]
  return [...kept, last]
}

function measureGap(a: Point, b: Point): number {
  return Math.hypot(b[0] - a[0], b[1] - a[1])
}

function mixPoint(from: Curve, to: Curve, left: number, right: number, share: number): Point {
  const [x0, y0] = [from.points[2 * left]!, from.points[2 * left + 1]!]
  const [x1, y1] = [to.points[2 * right]!, to.points[2 * right + 1]!]
  return [x0 + (x1 - x0) * share, y0 + (y1 - y0) * share]
}
