// How much two polygons have in common.

/** One edge of a polygon, upper end first. */
type Edge = { x0: number; y0: number; x1: number; y1: number }

/**
 * Intersection over union of two polygons given as `x y …`, 0…1; 0 when one has no area. What a polygon covers is told by the
 * even-odd rule. Between two neighbouring heights at which an edge begins, ends or crosses another, everything is made of
 * trapezoids, whose area is their width half way times their height.
 */
export function measureOverlap(a: readonly number[], b: readonly number[]): number {
  const [edgesA, edgesB] = [listEdges(a), listEdges(b)]
  const heights = listHeights([...edgesA, ...edgesB])
  let common = 0
  let union = 0
  for (let at = 0; at + 1 < heights.length; at++) {
    const [top, bottom] = [heights[at]!, heights[at + 1]!]
    const middle = (top + bottom) / 2
    const [spansA, spansB] = [crossEdges(edgesA, middle), crossEdges(edgesB, middle)]
    const shared = measureCommon(spansA, spansB)
    common += shared * (bottom - top)
    union += (measureSpans(spansA) + measureSpans(spansB) - shared) * (bottom - top)
  }
  return union > 0 ? common / union : 0
}

/** Intersection over union of two boxes given as left, top, right, bottom. */
export function measureBoxOverlap(a: readonly number[], b: readonly number[]): number {
  const width = Math.min(a[2]!, b[2]!) - Math.max(a[0]!, b[0]!)
  const height = Math.min(a[3]!, b[3]!) - Math.max(a[1]!, b[1]!)
  if (width <= 0 || height <= 0) return 0
  const area = (box: readonly number[]) => (box[2]! - box[0]!) * (box[3]! - box[1]!)
  return (width * height) / (area(a) + area(b) - width * height)
}

function listEdges(points: readonly number[]): Edge[] {
  const edges: Edge[] = []
  const count = points.length >> 1
  for (let at = 0; at < count; at++) {
    const next = (at + 1) % count
    const [ax, ay, bx, by] = [points[2 * at]!, points[2 * at + 1]!, points[2 * next]!, points[2 * next + 1]!]
    if (ay !== by) edges.push(ay < by ? { x0: ax, y0: ay, x1: bx, y1: by } : { x0: bx, y0: by, x1: ax, y1: ay })
  }
  return edges
}

function listHeights(edges: Edge[]): number[] {
  const heights = new Set<number>()
  for (const [at, edge] of edges.entries()) {
    heights.add(edge.y0).add(edge.y1)
    for (let other = 0; other < at; other++) {
      const y = findCrossing(edge, edges[other]!)
      if (y !== undefined) heights.add(y)
    }
  }
  return [...heights].sort((a, b) => a - b)
}

function findCrossing(a: Edge, b: Edge): number | undefined {
  const [top, bottom] = [Math.max(a.y0, b.y0), Math.min(a.y1, b.y1)]
  if (top >= bottom) return undefined
  const [before, after] = [placeAt(a, top) - placeAt(b, top), placeAt(a, bottom) - placeAt(b, bottom)]
  return before * after < 0 ? top + ((bottom - top) * before) / (before - after) : undefined
}

const placeAt = ({ x0, y0, x1, y1 }: Edge, y: number) => x0 + ((x1 - x0) * (y - y0)) / (y1 - y0)

/** Where a line enters and leaves a polygon, in pairs. */
function crossEdges(edges: Edge[], y: number): number[] {
  const places: number[] = []
  for (const edge of edges) if (edge.y0 < y && y < edge.y1) places.push(placeAt(edge, y))
  return places.sort((a, b) => a - b)
}

function measureSpans(places: number[]): number {
  let length = 0
  for (let at = 0; at + 1 < places.length; at += 2) length += places[at + 1]! - places[at]!
  return length
}

function measureCommon(a: number[], b: number[]): number {
  let length = 0
  for (let i = 0; i + 1 < a.length; i += 2)
    for (let k = 0; k + 1 < b.length; k += 2) length += Math.max(0, Math.min(a[i + 1]!, b[k + 1]!) - Math.max(a[i]!, b[k]!))
  return length
}
