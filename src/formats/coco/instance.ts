// Turns the shapes of a frame into COCO instances: one per shape, or one per group.

import { type Bounds, findBounds, uniteBounds } from '../geometry/box'
import {
  type CocoCounts,
  countSetPixels,
  decodeCocoCounts,
  encodeCocoCounts,
  findCountsBox,
  uniteCounts,
} from '../geometry/coco-rle'
import { decodeMask, uniteMasks } from '../geometry/mask'
import { tracePolygons } from '../geometry/outline'
import { countPolygonPixels, rasterisePolygon } from '../geometry/polygon'
import { roundToHundredths } from '../geometry/rounding'
import type { Item, ItemShape, ShapeType } from '../model'
import { toSupported } from '../supported-shapes'

type Size = { width: number; height: number }
type Segmentation = { kind: 'polygons'; polygons: number[][] } | { kind: 'runs'; counts: CocoCounts }

export type Instance = {
  /** Gives label and attributes. */
  leader: ItemShape
  segmentation: Segmentation
  /** Pixels. */
  area: number
  /** x, y, width, height; two decimals. */
  bbox: [number, number, number, number]
  size: Size
}

/** What COCO can say about one shape. */
type Part = { shape: ItemShape; bounds: Bounds } & (
  | { kind: 'box' }
  | { kind: 'polygon'; points: number[] }
  | { kind: 'mask'; counts: CocoCounts }
)

/** The instances of a frame: shapes without group in order, then the groups by number. */
export function listInstances(item: Item, isCrowd: (shape: ItemShape) => boolean | undefined): Instance[] {
  const single: Instance[] = []
  const groups = new Map<number, Part[]>()
  for (const shape of item.shapes) {
    const part = createPart(shape, item)
    if (!part) continue
    if (shape.group === 0) {
      single.push(createInstance([part], item, isCrowd))
      continue
    }
    const group = groups.get(shape.group)
    if (group) group.push(part)
    else groups.set(shape.group, [part])
  }
  const byNumber = [...groups].sort(([a], [b]) => a - b)
  return [...single, ...byNumber.map(([, parts]) => createInstance(parts, item, isCrowd))]
}

/** Shape kinds of COCO; ellipses turn into masks, everything else is left out. */
const kinds: readonly ShapeType[] = ['rectangle', 'polygon', 'mask']

function createPart(original: ItemShape, size: Size): Part | undefined {
  const [shape] = toSupported(original, kinds, size)
  if (!shape) return undefined
  if (shape.type === 'rectangle') {
    const [x0, y0, x1, y1] = shape.points.map(roundToHundredths) as Bounds
    return { kind: 'box', shape, bounds: [x0, y0, x1, y1] }
  }
  if (shape.type === 'polygon') {
    const points = shape.points.map(roundToHundredths)
    return { kind: 'polygon', shape, points, bounds: findBounds(points) }
  }
  const counts = encodeCocoCounts(shape.points, size.width, size.height)
  const [x, y, width, height] = findCountsBox(counts, size.height)
  return width === 0 ? undefined : { kind: 'mask', shape, counts, bounds: [x, y, x + width, y + height] }
}

function createInstance(parts: Part[], size: Size, isCrowd: (shape: ItemShape) => boolean | undefined): Instance {
  const leader = findLeader(parts)
  const boxes = parts.filter(({ kind }) => kind === 'box')
  const [x0, y0, x1, y1] = (boxes.length > 0 ? boxes : parts).map(({ bounds }) => bounds).reduce(uniteBounds)
  const segmentation = createSegmentation(parts, leader, size, isCrowd)
  return {
    leader: leader.shape,
    segmentation,
    area: measureSegmentation(segmentation, size) ?? (x1 - x0) * (y1 - y0),
    bbox: [roundToHundredths(x0), roundToHundredths(y0), roundToHundredths(x1 - x0), roundToHundredths(y1 - y0)],
    size,
  }
}

function findLeader(parts: Part[]): Part {
  const [first, ...rest] = parts as [Part, ...Part[]]
  if (rest.length === 0) return first
  let leader = first
  let largest = measurePart(first)
  for (const part of rest) {
    const area = measurePart(part)
    if (area > largest) [leader, largest] = [part, area]
  }
  return leader
}

function measurePart(part: Part): number {
  const [left, top, right, bottom] = part.bounds
  if (part.kind === 'box') return (right - left) * (bottom - top)
  if (part.kind === 'mask') return countSetPixels(part.counts)
  return countPolygonPixels(part.points, Math.trunc(right), Math.trunc(bottom))
}

/** A crowd, or a mask with the leader's label, makes the whole group a mask; otherwise everything becomes polygons. */
function createSegmentation(
  parts: Part[],
  leader: Part,
  { width, height }: Size,
  isCrowd: (shape: ItemShape) => boolean | undefined,
): Segmentation {
  const polygons = parts.flatMap((part) => (part.kind === 'polygon' ? [part.points] : []))
  const masks = parts.flatMap((part) => (part.kind === 'mask' ? [part] : []))
  const asRuns = isCrowd(leader.shape) ?? masks.some(({ shape }) => shape.label_id === leader.shape.label_id)
  if (asRuns && masks.length + polygons.length > 0) {
    const drawn = [...masks.map(({ counts }) => counts), ...polygons.map((points) => rasterisePolygon(points, width, height))]
    return { kind: 'runs', counts: drawn.reduce(uniteCounts) }
  }
  if (masks.length > 0) {
    const united = uniteMasks(masks.map(({ counts }) => decodeMask(decodeCocoCounts(counts, height)!)))
    if (united) polygons.push(...tracePolygons(united))
  }
  return { kind: 'polygons', polygons }
}

function measureSegmentation(segmentation: Segmentation, { width, height }: Size): number | undefined {
  if (segmentation.kind === 'runs') return countSetPixels(segmentation.counts)
  const [first, ...rest] = segmentation.polygons
  if (!first) return undefined
  if (rest.length === 0) return countPolygonPixels(first, width, height)
  return countSetPixels(segmentation.polygons.map((points) => rasterisePolygon(points, width, height)).reduce(uniteCounts))
}
