// Union, difference and intersection of areas: polygons as such; masks, and results with holes, as masks.
import polygonClipping, { type MultiPolygon, type Polygon } from 'polygon-clipping'
import { decodeMask, encodeMask, type Mask, uniteMasks } from '../../../../formats/geometry/mask'
import { drawPolygonMask, intersectMasks, subtractMask } from '../../../../formats/geometry/mask-operations'
import type { Label, Shape } from '../../../../formats/model'
import { shapeKinds } from '../../shapes/registry'
import { measureArea, roundPoints, type Size } from '../../view/geometry'
import { type Outcome, refuse } from './outcome'

export type Combination = 'union' | 'difference' | 'intersection'

const areaTypes = new Set(['polygon', 'rectangle', 'ellipse', 'mask'])

/** Whether a shape covers an area of the picture. */
export const isArea = (shape: Pick<Shape, 'type'>): boolean => areaTypes.has(shape.type)

/** The outline of an area that is no mask. */
export const outlineOf = (shape: Shape): number[] => shapeKinds[shape.type].outline(shape)[0]?.points ?? []

/** Any area as pixels; nothing when it covers none. */
export const toMask = (shape: Shape, size: Size): Mask | undefined =>
  shape.type === 'mask' ? decodeMask(shape.points) : drawPolygonMask(outlineOf(shape), size)

const toRing = (points: readonly number[]): Polygon => {
  const ring: [number, number][] = []
  for (let i = 0; i + 1 < points.length; i += 2) ring.push([points[i]!, points[i + 1]!])
  return [ring]
}

/** Without the repeated first point; slivers of less than a pixel are dropped. */
const readRings = (found: MultiPolygon): { outer: number[]; holes: number[][] }[] =>
  found.flatMap((polygon) => {
    const rings = polygon
      .map((ring) => roundPoints(ring.slice(0, -1).flat()))
      .filter((ring) => ring.length >= 6 && measureArea(ring) >= 1)
    const [outer, ...holes] = rings
    return outer ? [{ outer, holes }] : []
  })

const clip = (shapes: readonly Shape[], how: Combination): MultiPolygon => {
  const [first, ...others] = shapes.map((shape) => toRing(outlineOf(shape)))
  return polygonClipping[how](first!, ...others)
}

const combineMasks = (shapes: readonly Shape[], how: Combination, size: Size): number[] | undefined => {
  const masks = shapes.flatMap((shape) => toMask(shape, size) ?? [])
  const [first, ...others] = masks
  if (!first || masks.length < shapes.length) return undefined
  const pairwise = how === 'difference' ? subtractMask : intersectMasks
  const done = how === 'union' ? uniteMasks(masks) : others.reduce(pairwise, first)
  return done && encodeMask(done)
}

const allows = (label: Label | undefined, type: Shape['type']): boolean => !label || label.type === 'any' || label.type === type

/**
 * Shapes that take the place of the first one. Points of the wire model cannot hold holes: such a result becomes a mask where the label
 * allows that. For `difference` the others are taken from the first.
 */
export const combineAreas = (
  shapes: readonly Shape[],
  how: Combination,
  label: Label | undefined,
  size: Size,
): Outcome<{ shapes: Shape[]; becameMask: boolean }> => {
  const [first] = shapes
  if (!first || shapes.length < 2) return refuse('Choose at least two areas of this frame')
  if (!shapes.every(isArea)) return refuse('Only polygons, rectangles, ellipses and masks can be combined')
  const { id: _, ...rest } = first
  const make = (type: Shape['type'], points: number[]): Shape => ({ ...rest, type, points, rotation: 0, source: 'manual' })
  const asMask = (becameMask: boolean): Outcome<{ shapes: Shape[]; becameMask: boolean }> => {
    if (!allows(label, 'mask')) return refuse('The result has holes, which only masks can hold, and the label allows no masks')
    const points = combineMasks(shapes, how, size)
    return points ? { done: { shapes: [make('mask', points)], becameMask } } : refuse('Nothing would be left')
  }
  if (shapes.some((shape) => shape.type === 'mask')) return asMask(first.type !== 'mask')
  const found = readRings(clip(shapes, how))
  if (found.length === 0) return refuse('Nothing would be left')
  if (found.some(({ holes }) => holes.length > 0)) return asMask(true)
  if (!allows(label, 'polygon')) return refuse('The label allows no polygons')
  return { done: { shapes: found.map(({ outer }) => make('polygon', outer)), becameMask: false } }
}
