// Turns one annotation of Datumaro into a shape or tag.

import { createCuboidPoints } from '../cloud-items'
import type { Dimension, ReadContext } from '../format'
import { normaliseRotation } from '../geometry/box'
import { decodeCocoCounts, unpackCocoCounts } from '../geometry/coco-rle'
import { roundToHundredths } from '../geometry/rounding'
import { createFoundShape, createFoundTag, nameValues } from '../imported-shapes'
import { asBoolean, asNumber, asNumbers, asObject, asText, type Members } from '../json-values'
import type { FrameInfo } from '../match'
import type { Label, Shape, ShapeType, Tag } from '../model'

export type Categories = {
  labels: { name: string; parent: string }[]
  /** Names of the points of a skeleton, by the number of its label. */
  points: Map<number, string[]>
}

export type FoundAnnotation =
  | { kind: 'tag'; group: number; tag: Tag }
  | {
      kind: 'shape'
      group: number
      label: Label
      shape: Shape
      track?: { id: string; keyframe: boolean; isKey: (element: Shape) => boolean }
    }

type Surroundings = { dimension: Dimension; categories: Categories; frame: FrameInfo; context: ReadContext }
type Found = { type: ShapeType; points: number[]; rotation?: number; elements?: Shape[] }
type Subject = Surroundings & { label: Label; labelNumber: number; attributes: Record<string, unknown> }
type Read = (members: Members, subject: Subject) => Found

const readPoints =
  (type: ShapeType, least: number): Read =>
  (members) => {
    const points = members.require('points', asNumbers)
    if (points.length % 2 !== 0) throw members.fail('points', `an odd number of values (${points.length})`)
    if (points.length < 2 * least) throw members.fail('points', `at least ${least} points are needed`)
    return { type, points: points.map(roundToHundredths) }
  }

const readers: Record<Dimension, Record<string, Read>> = {
  '2d': {
    bbox: readBox,
    polygon: readPoints('polygon', 3),
    polyline: readPoints('polyline', 2),
    points: readPoints('points', 1),
    ellipse: readEllipse,
    mask: (members, { frame }) => ({ type: 'mask', points: readMask(members, frame) }),
    skeleton: readSkeleton,
  },
  '3d': { cuboid_3d: readCuboid },
}

/** Kinds that Datumaro knows and the format leaves out. */
const passedOver = new Set([
  'caption',
  'cuboid_3d',
  'super_resolution_annotation',
  'depth_annotation',
  'hash_key',
  'feature_vector',
])

/** A list of one, or of nothing for kinds that cannot be held. */
export function readAnnotation(members: Members, surroundings: Surroundings): FoundAnnotation[] {
  const { dimension, categories, frame, context } = surroundings
  const type = members.require('type', asText)
  const read = readers[dimension][type]
  if (!read && type !== 'label') {
    if (passedOver.has(type) || type in readers['2d']) return []
    throw members.fail('type', `'${type}' is not a kind of annotation`)
  }
  const labelNumber = members.require('label_id', asNumber)
  const name = categories.labels[labelNumber]?.name
  if (name === undefined) throw members.fail('label_id', `there is no label ${labelNumber}`)
  const label = context.labels.get(name, members.place)
  const attributes = members.get('attributes', asObject) ?? {}
  const group = members.get('group', asNumber) ?? 0
  const values = nameValues(attributes)
  if (!read) {
    const finding = createFoundTag(label, frame, values)
    return finding.kind === 'tag' ? [{ kind: 'tag', group, tag: finding.tag }] : []
  }
  const { type: shapeType, points, ...rest } = read(members, { ...surroundings, label, labelNumber, attributes })
  const shape = createFoundShape(label, frame, shapeType, points, {
    values,
    z_order: readOrder(members),
    occluded: asBoolean(attributes.occluded) ?? false,
    ...rest,
  })
  return [{ kind: 'shape', group, label, shape, track: readTrack(members, attributes, shape) }]
}

function readOrder(members: Members): number {
  const order = Math.trunc(members.get('z_order', asNumber) ?? 0)
  if (Math.abs(order) >= 2 ** 31) throw members.fail('z_order', 'the number is out of range')
  return order
}

/** Only shapes with a track number and a word on key frames belong to tracks. */
function readTrack(members: Members, attributes: Record<string, unknown>, shape: Shape) {
  const { track_id, keyframe } = attributes
  if (track_id === undefined || keyframe === undefined) return undefined
  const isKey = asBoolean(keyframe) ?? false
  const perPoint = members.value('points_attributes')
  const keys = new Map(shape.elements.map((element, at) => [element, asObject(Array.isArray(perPoint) ? perPoint[at] : null)]))
  return {
    id: String(track_id),
    keyframe: isKey,
    isKey: (element: Shape) => asBoolean(keys.get(element)?.keyframe) ?? isKey,
  }
}

function readBox(members: Members, { attributes }: Subject): Found {
  const [x, y, width, height, ...rest] = members.require('bbox', asNumbers)
  if (height === undefined || rest.length > 0) throw members.fail('bbox', 'four numbers are needed')
  if (width! < 0 || height < 0) throw members.fail('bbox', 'width and height must not be negative')
  const points = [x!, y!, x! + width!, y! + height].map(roundToHundredths)
  return { type: 'rectangle', points, rotation: normaliseRotation(asNumber(attributes.rotation) ?? 0) }
}

function readEllipse(members: Members, { attributes }: Subject): Found {
  const [x0, y0, x1, y1, ...rest] = members.require('points', asNumbers)
  if (y1 === undefined || rest.length > 0) throw members.fail('points', 'four numbers are needed')
  const points = [(x0! + x1!) / 2, (y0! + y1) / 2, Math.max(x0!, x1!), Math.min(y0!, y1)].map(roundToHundredths)
  return { type: 'ellipse', points, rotation: normaliseRotation(asNumber(attributes.rotation) ?? 0) }
}

function readMask(members: Members, frame: FrameInfo): number[] {
  const rle = members.require('rle', asObject)
  const [height, width, ...rest] = asNumbers(rle.size) ?? []
  if (height === undefined || width === undefined || rest.length > 0) throw members.fail('rle', "'size' needs height and width")
  if ((frame.width > 0 && width !== frame.width) || (frame.height > 0 && height !== frame.height)) {
    throw members.fail('rle', `the size of the mask is ${width}x${height}, that of the frame ${frame.width}x${frame.height}`)
  }
  const counts = readCounts(members, rle.counts)
  if (counts.reduce((sum, run) => sum + run, 0) !== width * height) {
    throw members.fail('rle', `the run lengths do not make ${width}x${height} pixels`)
  }
  const points = decodeCocoCounts(counts, height)
  if (!points) throw members.fail('rle', 'the mask is empty')
  return points
}

function readCounts(members: Members, value: unknown): number[] {
  if (typeof value === 'string') {
    try {
      return unpackCocoCounts(value)
    } catch {
      throw members.fail('rle', 'the text of the run lengths is damaged')
    }
  }
  const counts = asNumbers(value)
  if (!counts?.every((run) => Number.isInteger(run) && run >= 0)) throw members.fail('rle', 'run lengths are needed')
  return counts
}

/** x, y and visibility of each point: 0 absent, 1 occluded, 2 visible. */
function readSkeleton(members: Members, { label, labelNumber, categories, frame, context }: Subject): Found {
  const points = members.require('points', asNumbers)
  const names = categories.points.get(labelNumber) ?? label.sublabels.map(({ name }) => name)
  if (points.length !== 3 * names.length) {
    throw members.fail('points', `${3 * names.length} numbers are needed for ${names.length} points, not ${points.length}`)
  }
  const perPoint = members.value('points_attributes')
  const elements = names.map((name, at) => {
    const sublabel = context.labels.getSublabel(label, name, members.place)
    const values = nameValues(asObject(Array.isArray(perPoint) ? perPoint[at] : null) ?? {})
    const [x, y, visibility] = points.slice(3 * at, 3 * at + 3) as [number, number, number]
    return createFoundShape(sublabel, frame, 'points', [x, y].map(roundToHundredths), {
      values,
      occluded: visibility === 1,
      outside: visibility === 0,
    })
  })
  return { type: 'skeleton', points: [], elements }
}

function readCuboid(members: Members): Found {
  const triples = ['position', 'rotation', 'scale'].flatMap((field) => {
    const triple = members.require(field, asNumbers)
    if (triple.length !== 3) throw members.fail(field, 'three numbers are needed')
    return triple
  })
  return { type: 'cuboid', points: createCuboidPoints(triples) }
}
