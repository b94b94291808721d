// Turns what a function found on a frame into annotations of the task, in the layout of the API.
import { normaliseRotation, turnBox } from '../../formats/geometry/box'
import { decodeMask, encodeMask } from '../../formats/geometry/mask'
import { drawPolygonMask } from '../../formats/geometry/mask-operations'
import { tracePolygons } from '../../formats/geometry/outline'
import { measureArea } from '../../formats/geometry/polygon'
import type { Attribute, AttributeValue, Label } from '../../formats/model'
import { findValueProblem } from '../annotations/service'
import type { Box, Found } from './contract'
import type { Plan, Target } from './match-labels'

type Size = { width: number; height: number }
export type AutoTag = { frame: number; label_id: number; source: 'auto'; group: number; attributes: AttributeValue[] }
export type AutoShape = AutoTag & {
  type: string
  points: number[]
  rotation: number
  occluded: boolean
  outside: boolean
  z_order: number
  score: number
  elements: AutoShape[]
}
export type AutoAnnotations = { tags: AutoTag[]; shapes: AutoShape[] }

export type Options = { frame: number; size: Size; toPolygons: boolean; threshold: number | null }

/** The outline of the largest part of a mask, without its last point, which is the first; nothing for specks. */
export const outlineMask = (points: readonly number[]): number[] | undefined =>
  tracePolygons(decodeMask(points))
    .map((outline) => outline.slice(0, -2))
    .filter((outline) => outline.length >= 6)
    .sort((a, b) => measureArea(b) - measureArea(a))[0]

/** Values that the attribute does not take are left out, as is what is not mapped. */
const toValues = (found: Pick<Found, 'attributes'>, attributes: Map<string, Attribute>): AttributeValue[] =>
  (found.attributes ?? []).flatMap(({ name, value }) => {
    const attribute = attributes.get(name)
    return attribute && !findValueProblem(attribute, value) ? [{ spec_id: attribute.id, value }] : []
  })

const clamp = (value: number, max: number) => Math.min(max, Math.max(0, value))
/** Shapes that may be cut to the picture point by point without becoming something else. */
const cuttable = new Set(['rectangle', 'polygon', 'polyline', 'points'])
const cut = (type: string, points: readonly number[], rotation: number, { width, height }: Size): number[] =>
  cuttable.has(type) && rotation === 0 ? points.map((value, i) => clamp(value, i % 2 ? height : width)) : [...points]

type Body = Pick<AutoShape, 'type' | 'points' | 'rotation'>

/** The shape as its label wants it: masks as polygons and the other way round, rectangles as polygons. */
const fitToLabel = (found: Found, label: Label, { size, toPolygons }: Options): Body | undefined => {
  const rotation = normaliseRotation(found.rotation ?? 0)
  const points = cut(found.type, found.points, rotation, size)
  if (found.type === 'mask' && (toPolygons || label.type === 'polygon')) {
    const outline = outlineMask(points)
    return outline && { type: 'polygon', points: outline, rotation: 0 }
  }
  if (found.type === 'polygon' && label.type === 'mask') {
    const mask = drawPolygonMask(points, size)
    const runs = mask && encodeMask(mask)
    return runs && { type: 'mask', points: runs, rotation: 0 }
  }
  if (found.type === 'rectangle' && label.type === 'polygon') {
    const corners = turnBox(points as [number, number, number, number], rotation)
    return { type: 'polygon', points: cut('polygon', corners, 0, size), rotation: 0 }
  }
  return { type: found.type, points, rotation: ['rectangle', 'ellipse'].includes(found.type) ? rotation : 0 }
}

const common = (found: Found, { label, attributes }: Target, frame: number): AutoTag => ({
  frame,
  label_id: label.id,
  source: 'auto',
  group: found.group ?? 0,
  attributes: toValues(found, attributes),
})

const rest = (found: Pick<Found, 'occluded' | 'outside' | 'score'>) => ({
  occluded: found.occluded ?? false,
  outside: found.outside ?? false,
  z_order: 0,
  score: found.score ?? 1,
})

/** All points of the skeleton; those that were not found are outside, at the middle of the others. */
const toElements = (found: Found, { label, sublabels }: Target, frame: number): AutoShape[] => {
  const known = new Map(
    (found.elements ?? []).flatMap((element): [number, [Found, Target]][] => {
      const target = sublabels.get(element.label)
      return target ? [[target.label.id, [element, target]]] : []
    }),
  )
  const places = [...known.values()].map(([{ points }]) => points)
  const middle = [0, 1].map((axis) => places.reduce((sum, points) => sum + points[axis]!, 0) / (places.length || 1))
  return label.sublabels.map((sublabel) => {
    const own = known.get(sublabel.id)
    const element: Found = own?.[0] ?? { label: '', type: 'points', points: middle, outside: true }
    const target: Target = own?.[1] ?? { label: sublabel, attributes: new Map(), sublabels: new Map() }
    return {
      ...common(element, target, frame),
      ...rest(element),
      type: 'points',
      points: element.points,
      rotation: 0,
      elements: [],
    }
  })
}

const toShape = (found: Found, target: Target, options: Options): AutoShape | undefined => {
  const base = { ...common(found, target, options.frame), ...rest(found) }
  if (found.type === 'skeleton') {
    const elements = toElements(found, target, options.frame)
    if (elements.every(({ outside }) => outside)) return undefined
    return { ...base, type: 'skeleton', points: [], rotation: 0, elements }
  }
  const body = fitToLabel(found, target.label, options)
  return body && { ...base, ...body, elements: [] }
}

/** Labels that are not mapped are left out, and so is what scores less than the threshold. */
export const toAnnotations = (found: readonly Found[], plan: Plan, options: Options): AutoAnnotations => {
  const annotations: AutoAnnotations = { tags: [], shapes: [] }
  for (const one of found) {
    const target = plan.get(one.label)
    if (!target || (one.score ?? 1) < (options.threshold ?? 0)) continue
    if (one.type === 'tag') annotations.tags.push(common(one, target, options.frame))
    else {
      const shape = toShape(one, target, options)
      if (shape) annotations.shapes.push(shape)
    }
  }
  return annotations
}

/** Points of a shape of a region, in the whole picture. */
export const shiftPoints = (type: string, points: readonly number[], [left, top]: Box): number[] => {
  if (type !== 'mask') return points.map((value, i) => value + (i % 2 ? top : left))
  const end = points.length - 4
  return points.map((value, i) => (i < end ? value : value + ((i - end) % 2 ? top : left)))
}
/** What was found in a region, in the whole picture. */
export const shiftFound = <T extends { type: string; points: number[]; elements?: Found[] }>(found: T, roi: Box | null): T =>
  roi
    ? {
        ...found,
        points: shiftPoints(found.type, found.points, roi),
        ...(found.elements && { elements: found.elements.map((element) => shiftFound(element, roi)) }),
      }
    : found
