// A shape as another kind: area to mask, mask to polygons, anything to its box.
import { decodeMask, encodeMask } from '../../../../formats/geometry/mask'
import { tracePolygons } from '../../../../formats/geometry/outline'
import { tracePixelOutlines } from '../../../../formats/geometry/pixel-outline'
import type { Label, Shape } from '../../../../formats/model'
import { shapeKinds } from '../../shapes/registry'
import { cropPolygon, roundPoints, type Size } from '../../view/geometry'
import { isArea, outlineOf, toMask } from './combine'
import { type Outcome, refuse } from './outcome'

export type ConvertTo = 'mask' | 'polygon' | 'rectangle'

const allows = (label: Label | undefined, type: ConvertTo): boolean => !label || label.type === 'any' || label.type === type

/** Contours through the middles of pixels, thinned; regions too small for that along their pixels. Holes are joined by a seam. */
const readMaskPolygons = (shape: Shape): number[][] => {
  const mask = decodeMask(shape.points)
  const traced = tracePolygons(mask).map((points) => points.slice(0, -2))
  return traced.length > 0 ? traced : tracePixelOutlines(mask)
}

/** The shapes that take the place of one; a mask of several regions becomes several polygons. */
export const convertShape = (shape: Shape, to: ConvertTo, label: Label | undefined, size: Size): Outcome<Shape[]> => {
  if (shape.type === to) return refuse(`It is a ${to} already`)
  if (!allows(label, to)) return refuse(`The label allows no ${to}`)
  const { id: _, ...rest } = shape
  const make = (points: number[]): Shape => ({ ...rest, type: to, points, rotation: 0, source: 'manual', elements: [] })
  if (to === 'rectangle') {
    const { left, top, right, bottom } = shapeKinds[shape.type].bounds(shape)
    return { done: [make(roundPoints([left, top, right, bottom]))] }
  }
  if (!isArea(shape)) return refuse('Only areas can become one')
  if (to === 'mask') {
    const mask = toMask(shape, size)
    const points = mask && encodeMask(mask)
    return points ? { done: [make(points)] } : refuse('It covers no pixel')
  }
  const polygons = shape.type === 'mask' ? readMaskPolygons(shape) : [cropPolygon(outlineOf(shape), size)]
  return { done: polygons.filter((points) => points.length >= 6).map((points) => make(roundPoints(points))) }
}
