// What the Ultralytics YOLO formats differ in: which shapes a line can hold, how it is written, and how it is read back.

import type { Format } from '../format'
import { FormatError, type Place } from '../format-error'
import { type Bounds, findBounds, turnBox } from '../geometry/box'
import { createFoundShape } from '../imported-shapes'
import type { FrameInfo } from '../match'
import type { ItemShape, Label, Shape, ShapeType } from '../model'
import { roundShape } from '../regions'
import { readSkeletonPlan } from '../skeleton-svg'
import { toSupported } from '../supported-shapes'
import { formatBox, formatPoints, readBox, readPoints, type Size } from '../yolo/lines'
import { isPlainBox } from '../yolo/write'
import { findTurnedBox } from './turned-box'

/** `[points of a skeleton, numbers of a point]`, for poses only. */
export type KeypointShape = readonly [count: number, numbers: number]

export type Kind = {
  name: string
  shapes: readonly ShapeType[]
  /** Whether classes are skeletons, and data.yaml has `kpt_shape`. */
  poses: boolean
  /** A track number may end the line. */
  writesTracks: boolean
  imports: boolean
  /** What follows the class number, once per line; nothing for shapes that cannot be held. */
  format(shape: ItemShape, size: Size, label: Label, keypoints: KeypointShape): string[]
  /** How many of that many numbers behind the class are geometry, or nothing when no such line exists. */
  countFields(numbers: number, keypoints: KeypointShape): number | undefined
  parse(numbers: readonly number[], label: Label, frame: FrameInfo, keypoints: KeypointShape, place: Place): Shape
}

const box = {
  shapes: ['rectangle'],
  poses: false,
  format: (shape: ItemShape, size: Size) => (isPlainBox(shape) ? [formatBox(roundShape(shape).points as Bounds, size)] : []),
  countFields: (numbers: number) => (numbers === 4 || numbers === 5 ? 4 : undefined),
  parse: (numbers: readonly number[], label: Label, frame: FrameInfo, _: KeypointShape, place: Place) =>
    createFoundShape(label, frame, 'rectangle', readBox(numbers, frame, place)),
} as const

export const detection: Kind = { ...box, name: 'Detection', writesTracks: false, imports: true }

export const track: Kind = { ...box, name: 'Detection Track', writesTracks: true, imports: false }

export const orientedBoxes: Kind = {
  name: 'Oriented Bounding Boxes',
  shapes: ['rectangle'],
  poses: false,
  writesTracks: false,
  imports: true,
  format: (shape, size) => {
    return shape.type === 'rectangle' ? [formatPoints(turnBox(roundShape(shape).points as Bounds, shape.rotation), size)] : []
  },
  countFields: (numbers) => (numbers === 8 || numbers === 9 ? 8 : undefined),
  parse: (numbers, label, frame) => {
    const corners = numbers.map((value, at) => value * (at % 2 === 0 ? frame.width : frame.height))
    const { points, rotation } = findTurnedBox(corners)
    return createFoundShape(label, frame, 'rectangle', points, { rotation })
  },
}

const regionKinds: readonly ShapeType[] = ['polygon', 'mask', 'ellipse']

export const segmentation: Kind = {
  name: 'Segmentation',
  shapes: regionKinds,
  poses: false,
  writesTracks: false,
  imports: true,
  format: (shape, size) => {
    if (!regionKinds.includes(shape.type)) return []
    return toSupported(roundShape(shape), ['polygon'], size).map(({ points }) => formatPoints(points, size))
  },
  countFields: (numbers) => (numbers >= 6 ? numbers - (numbers % 2) : undefined),
  parse: (numbers, label, frame) => createFoundShape(label, frame, 'polygon', readPoints(numbers, frame)),
}

export const pose: Kind = {
  name: 'Pose',
  shapes: ['skeleton'],
  poses: true,
  writesTracks: false,
  imports: true,
  format: (shape, size, label, [count]) => (shape.type === 'skeleton' ? [formatPose(shape, size, label, count)] : []),
  countFields: (numbers, [count, each]) => {
    const needed = 4 + count * each
    return numbers === needed || numbers === needed + 1 ? needed : undefined
  },
  parse: parsePose,
}

/** Box of the points that are there, and `x y visibility` of each: 0 absent, 1 occluded, 2 visible. */
function formatPose(shape: ItemShape, size: Size, label: Label, count: number): string {
  const elements = new Map(shape.elements.map((element) => [element.label_id, roundShape(element)]))
  const points = readSkeletonPlan(label).sublabels.map(({ id }) => elements.get(id))
  const present = points.flatMap((element) => (element && !element.outside ? element.points : []))
  const bounds: Bounds = present.length > 0 ? findBounds(present) : [0, 0, 0, 0]
  const fields = Array.from({ length: count }, (_, at) => {
    const element = points[at]
    if (!element) return '0.0 0.0 0'
    return `${formatPoints(element.points, size)} ${element.outside ? 0 : element.occluded ? 1 : 2}`
  })
  return [formatBox(bounds, size), ...fields].join(' ')
}

function parsePose(
  numbers: readonly number[],
  label: Label,
  frame: FrameInfo,
  [count, each]: KeypointShape,
  place: Place,
): Shape {
  readBox(numbers, frame, place)
  const elements = readSkeletonPlan(label).sublabels.map((sublabel, at) => {
    const [x = 0, y = 0, third = 2] = at < count ? numbers.slice(4 + at * each, 4 + (at + 1) * each) : [0, 0, 0]
    if (![0, 1, 2].includes(third)) throw new FormatError(`the visibility of a point must be 0, 1 or 2, not ${third}`, place)
    const seen = { occluded: third === 1, outside: third === 0 }
    return createFoundShape(sublabel, frame, 'points', readPoints([x, y], frame), seen)
  })
  return createFoundShape(label, frame, 'skeleton', [], { elements })
}

/** The labels that class numbers count. */
export function listClasses(kind: Kind, labels: readonly Label[]): Label[] {
  return labels.filter(({ type }) => !kind.poses || type === 'skeleton')
}

export function nameKind({ name }: Kind): Format['name'] {
  return `Ultralytics YOLO ${name}`
}
