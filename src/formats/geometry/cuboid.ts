// Cuboids in a picture: four upright edges (front left, front right, back right, back left), each its top and its bottom point.

type Point = { x: number; y: number }

const pointAt = (points: readonly number[], i: number): Point => ({ x: points[2 * i]!, y: points[2 * i + 1]! })

/** A box as the front, and a back moved from it by `depth`. Pixels. */
export function buildCuboid(
  front: { left: number; top: number; right: number; bottom: number },
  depth: { x: number; y: number },
): number[] {
  const { left, top, right, bottom } = front
  const back = (x: number, y: number) => [x + depth.x, y + depth.y]
  return [
    ...[left, top, left, bottom, right, top, right, bottom],
    ...back(right, top),
    ...back(right, bottom),
    ...back(left, top),
    ...back(left, bottom),
  ]
}

/** Depth that a front of this size gets by default: a tenth of it, to the right and up. */
export function guessDepth(front: { left: number; top: number; right: number; bottom: number }): { x: number; y: number } {
  return { x: (front.right - front.left) * 0.1, y: -(front.bottom - front.top) * 0.1 }
}

/**
 * The cuboid whose front is the parallelogram through three corners, in the order of drawing, and whose back lies where the third
 * corner is carried by the vector to the fourth point. Edges of the front are made upright, as every cuboid's are.
 */
export function buildCuboidFromCorners(corners: readonly number[]): number[] {
  const [a, b, c, d] = [0, 1, 2, 3].map((i) => pointAt(corners, i)) as [Point, Point, Point, Point]
  const fourth = { x: a.x + c.x - b.x, y: a.y + c.y - b.y }
  const all = [a, b, c, fourth].toSorted((p, q) => p.x - q.x)
  const byHeight = (pair: Point[]) => pair.toSorted((p, q) => p.y - q.y)
  const [leftTop, leftBottom] = byHeight(all.slice(0, 2)) as [Point, Point]
  const [rightTop, rightBottom] = byHeight(all.slice(2)) as [Point, Point]
  const left = (leftTop.x + leftBottom.x) / 2
  const right = (rightTop.x + rightBottom.x) / 2
  const [dx, dy] = [d.x - c.x, d.y - c.y]
  return [
    ...[left, leftTop.y, left, leftBottom.y, right, rightTop.y, right, rightBottom.y],
    ...[right + dx, rightTop.y + dy, right + dx, rightBottom.y + dy, left + dx, leftTop.y + dy, left + dx, leftBottom.y + dy],
  ]
}

const setPoints = (points: readonly number[], changes: [number, Point][]): number[] => {
  const next = [...points]
  for (const [i, at] of changes) {
    next[2 * i] = at.x
    next[2 * i + 1] = at.y
  }
  return next
}

/** Makes the side face that is seen the front; doing it twice gives the first cuboid again. The corners stay where they are. */
export function turnCuboid(points: readonly number[]): number[] {
  const front = (points[0]! + points[4]!) / 2
  const back = (points[8]! + points[12]!) / 2
  return back >= front ? [...points.slice(4), ...points.slice(0, 4)] : [...points.slice(-4), ...points.slice(0, -4)]
}

/** The back as a parallel copy of the front, moved by the vector between their centres: perspective is taken out. */
export function straightenCuboid(points: readonly number[]): number[] {
  const centre = (places: readonly number[]): Point => ({
    x: places.reduce((sum, i) => sum + points[2 * i]!, 0) / places.length,
    y: places.reduce((sum, i) => sum + points[2 * i + 1]!, 0) / places.length,
  })
  const front = centre([0, 1, 2, 3])
  const back = centre([4, 5, 6, 7])
  const [dx, dy] = [back.x - front.x, back.y - front.y]
  const carry = (i: number): Point => ({ x: points[2 * i]! + dx, y: points[2 * i + 1]! + dy })
  return setPoints(points, [
    [4, carry(2)],
    [5, carry(3)],
    [6, carry(0)],
    [7, carry(1)],
  ])
}
