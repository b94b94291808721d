// Turns shapes into kinds that a format can hold.

import { type Bounds, turnBox } from './geometry/box'
import { decodeCocoCounts } from './geometry/coco-rle'
import { rasteriseEllipse } from './geometry/ellipse'
import { decodeMask } from './geometry/mask'
import { tracePolygons } from './geometry/outline'
import { rasterisePolygon } from './geometry/polygon'
import type { ItemShape, ShapeType } from './model'

type Size = { width: number; height: number }

/** Ways from one kind to another, the most faithful first. */
const conversions: [from: ShapeType, to: ShapeType, convert: (shape: ItemShape, size: Size) => number[][]][] = [
  ['rectangle', 'polygon', (shape) => [turnBox(shape.points as Bounds, shape.rotation)]],
  ['rectangle', 'mask', (shape, size) => drawPolygon(turnBox(shape.points as Bounds, shape.rotation), size)],
  ['polygon', 'mask', (shape, size) => drawPolygon(shape.points, size)],
  ['ellipse', 'mask', (shape) => [drawEllipse(shape)]],
  ['ellipse', 'polygon', (shape) => tracePolygons(decodeMask(drawEllipse(shape)))],
  ['mask', 'polygon', (shape) => tracePolygons(decodeMask(shape.points))],
]

/**
 * The shape as it is when its kind is among `kinds`, else what comes closest: regions become polygons or masks (of several
 * polygons, for a mask of several regions). Nothing for what cannot be held, or for masks without a pixel in the picture.
 */
export function toSupported(shape: ItemShape, kinds: readonly ShapeType[], size: Size): ItemShape[] {
  if (kinds.includes(shape.type)) return [shape]
  const way = conversions.find(([from, to]) => from === shape.type && kinds.includes(to))
  if (!way) return []
  const [, type, convert] = way
  return convert(shape, size).map((points) => ({ ...shape, type, points, rotation: 0 }))
}

function drawPolygon(points: readonly number[], { width, height }: Size): number[][] {
  const mask = decodeCocoCounts(rasterisePolygon(points, width, height), height)
  return mask ? [mask] : []
}

function drawEllipse({ points, rotation }: ItemShape): number[] {
  return rasteriseEllipse(points as [number, number, number, number], rotation)
}
