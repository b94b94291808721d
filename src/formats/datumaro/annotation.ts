// One shape as an annotation of Datumaro.

import { formatAttributes, formatShapeAttributes, listTrackFlags } from '../attribute-json'
import type { Dimension } from '../format'
import type { Bounds } from '../geometry/box'
import { encodeCocoCounts, packCocoCounts } from '../geometry/coco-rle'
import { roundToHundredths } from '../geometry/rounding'
import { formatFloat, formatFloats } from '../io/json-text'
import type { Item, ItemShape, Label, ShapeType } from '../model'
import type { SkeletonPlan } from '../skeleton-svg'

export type KnownLabels = Map<number, { label: Label; number: number; plan: SkeletonPlan }>

type Size = Pick<Item, 'width' | 'height'>
type Geometry = { type: string; members: (shape: ItemShape, size: Size, known: KnownLabels) => string }

const listPoints = ({ points }: ItemShape) => `"points":${formatFloats(points.map(roundToHundredths))}`
const plain = (type: string): Geometry => ({ type, members: listPoints })

const geometries: Partial<Record<ShapeType, Geometry>> = {
  rectangle: { type: 'bbox', members: ({ points }) => `"bbox":${formatFloats(measureBox(points))}` },
  polygon: plain('polygon'),
  polyline: plain('polyline'),
  points: {
    type: 'points',
    members: (shape) => `${listPoints(shape)},"visibility":[${Array(shape.points.length / 2).fill(2)}]`,
  },
  ellipse: { type: 'ellipse', members: ({ points }) => `"points":${formatFloats(boxEllipse(points))}` },
  mask: {
    type: 'mask',
    members: ({ points }, { width, height }) => {
      const counts = packCocoCounts(encodeCocoCounts(points, width, height))
      return `"rle":{"counts":${JSON.stringify(counts)},"size":[${height},${width}]}`
    },
  },
  skeleton: { type: 'skeleton', members: formatPoints },
}

/** The annotation as a list of one, or nothing for what the format cannot hold. */
export function formatShape(
  shape: ItemShape,
  size: Size,
  dimension: Dimension,
  known: KnownLabels,
  numberCuboid: () => number,
): string[] {
  const entry = known.get(shape.label_id)
  if (!entry) return []
  const head = `"attributes":${formatShapeAttributes(entry.label, shape)},"group":${shape.group},"label_id":${entry.number}`
  if (dimension === '3d') {
    if (shape.type !== 'cuboid') return []
    const triple = (at: number) => formatFloats(shape.points.slice(at, at + 3).map(roundToHundredths))
    const id = shape.track_id ?? numberCuboid()
    return [`{"id":${id},"type":"cuboid_3d",${head},"position":${triple(0)},"rotation":${triple(3)},"scale":${triple(6)}}`]
  }
  const geometry = geometries[shape.type]
  if (!geometry) return []
  return [`{"id":0,"type":"${geometry.type}",${head},"z_order":${shape.z_order},${geometry.members(shape, size, known)}}`]
}

function measureBox(points: readonly number[]): number[] {
  const [x0, y0, x1, y1] = points.map(roundToHundredths) as Bounds
  return [x0, y0, x1 - x0, y1 - y0]
}

/** The box around the ellipse before turning. */
function boxEllipse(points: readonly number[]): number[] {
  const [cx, cy, right, top] = points as [number, number, number, number]
  return [cx - (right - cx), top, right, cy + (cy - top)].map(roundToHundredths)
}

/** Points in the order of the drawing: x, y, and 0 when absent, 1 when occluded, 2 when visible. */
function formatPoints({ label_id, elements }: ItemShape, _: Size, known: KnownLabels): string {
  const points: string[] = []
  const attributes: string[] = []
  for (const sublabel of known.get(label_id)!.plan.sublabels) {
    const element: ItemShape | undefined = elements.find((one) => one.label_id === sublabel.id)
    if (element) points.push(...formatPlace(element), String(rateVisibility(element)))
    else points.push('0.0', '0.0', '0')
    attributes.push(element ? formatAttributes(sublabel, element.attributes, listTrackFlags(element)) : '{}')
  }
  return `"points":[${points}],"points_attributes":[${attributes}]`
}

function formatPlace({ points: [x = 0, y = 0] }: ItemShape): string[] {
  return [formatFloat(roundToHundredths(x)), formatFloat(roundToHundredths(y))]
}

function rateVisibility({ outside, occluded }: ItemShape): 0 | 1 | 2 {
  return outside ? 0 : occluded ? 1 : 2
}
