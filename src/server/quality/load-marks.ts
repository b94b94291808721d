// Annotations of jobs as marks: read from the database, tracks interpolated, points rounded, attributes by name.
import { isSpatial } from '../../formats/geometry/interpolation'
import { roundToHundredths } from '../../formats/geometry/rounding'
import { listTrackShapes } from '../../formats/items'
import type { AttributeValue, Label, Track } from '../../formats/model'
import { shapes as shapeTable, tags as tagTable } from '../annotations/schema'
import {
  type Completer,
  createCompleter,
  loadShapes,
  loadTags,
  loadTracks,
  type ShapeJson,
  type TrackJson,
} from '../annotations/service'
import { frameNames } from '../data/service'
import { isAmong } from '../db/dialect'
import { type Db, db } from '../db/open'
import type { Job } from '../jobs/service'
import type { LabelSpace } from './compare/compare-frame'
import type { FrameMarks, Mark, MarkElement, MarkKind } from './compare/marks'

const kinds: Record<string, MarkKind | undefined> = {
  rectangle: 'bbox',
  points: 'points',
  mask: 'mask',
  polygon: 'polygon',
  polyline: 'polyline',
  skeleton: 'skeleton',
  ellipse: 'ellipse',
}
/** Cuboids drawn on pictures are not compared. */
const kindOf = ({ type, points }: Pick<Body, 'type' | 'points'>): MarkKind | undefined =>
  type === 'cuboid' && isSpatial(points) ? 'cuboid_3d' : kinds[type]

type Value = string | number | boolean
/** Reads texts as what their attribute holds. */
const createReader = (labels: readonly Label[]) => {
  const specs = new Map<number, Label['attributes'][number]>()
  const learn = (label: Label) => {
    for (const spec of label.attributes) specs.set(spec.id, spec)
    label.sublabels.forEach(learn)
  }
  labels.forEach(learn)
  return (values: readonly AttributeValue[]): Map<string, Value> => {
    const read = new Map<string, Value>()
    for (const { spec_id, value } of values) {
      const spec = specs.get(spec_id)
      if (!spec) continue
      if (spec.input_type === 'number') read.set(spec.name, Number(value))
      else if (spec.input_type === 'checkbox') read.set(spec.name, value.toLowerCase() === 'true')
      else read.set(spec.name, value)
    }
    return read
  }
}

/** Labels of a task in order, as matrices list them. */
export const readLabelSpace = (labels: readonly Label[]): LabelSpace => {
  const ordered = labels.toSorted((a, b) => a.id - b.id)
  return {
    ids: ordered.map(({ id }) => id),
    names: ordered.map(({ name }) => name),
    sublabels: new Map(ordered.map(({ id, sublabels }) => [id, sublabels.map((one) => one.id).sort((a, b) => a - b)])),
  }
}

const placePoints = (kind: MarkKind, points: number[]): number[] => {
  if (kind === 'mask' || kind === 'cuboid_3d') return points
  if (kind !== 'ellipse') return points.map(roundToHundredths)
  const [centerX, centerY, right, top] = points as [number, number, number, number]
  return [centerX - (right - centerX), top, right, centerY + (centerY - top)].map(roundToHundredths)
}

type Body = {
  type: string
  label_id: number
  group: number
  z_order: number
  rotation: number
  occluded: boolean
  points: number[]
  attributes: AttributeValue[]
  elements: readonly {
    label_id: number
    points: number[]
    outside: boolean
    occluded: boolean
    attributes: readonly AttributeValue[]
  }[]
}

const toElement = (
  { label_id, points, outside, occluded, attributes }: Body['elements'][number],
  read: (values: readonly AttributeValue[]) => MarkElement['attributes'],
): MarkElement => ({
  labelId: label_id,
  attributes: read(attributes),
  x: roundToHundredths(points[0] ?? 0),
  y: roundToHundredths(points[1] ?? 0),
  visibility: outside ? 'absent' : occluded ? 'hidden' : 'visible',
})

const parse = <T>(text: string): T => JSON.parse(text) as T
const toBody = (row: ShapeJson, complete: Completer): Body => ({
  type: row.type,
  label_id: row.labelId,
  group: row.group,
  z_order: row.zOrder,
  rotation: row.rotation,
  occluded: row.occluded,
  points: parse(row.points),
  attributes: parse(complete(row)),
  elements: row.elements.map((element) => ({
    label_id: element.labelId,
    points: parse<number[]>(element.points),
    outside: element.outside,
    occluded: element.occluded,
    attributes: parse<AttributeValue[]>(complete(element)),
  })),
})

/** A stored track as formats and interpolation see it. */
export const toTrack = (row: TrackJson, complete: Completer): Track => ({
  ...(row as unknown as Track),
  label_id: row.labelId,
  attributes: parse(complete(row, 'immutable')),
  shapes: row.shapes.map((key) => ({
    ...key,
    type: key.type as Track['shapes'][number]['type'],
    z_order: key.zOrder,
    points: parse(key.points),
    attributes: parse(complete({ labelId: row.labelId, attributes: key.attributes }, 'mutable')),
  })),
  elements: row.elements.map((element) => toTrack(element, complete)),
})

/** Picture sizes of the frames of a task. */
export const loadFrameSizes = async (taskId: number): Promise<Map<number, { width: number; height: number }>> => {
  const sizes = new Map<number, { width: number; height: number }>()
  for await (const { number, width, height } of frameNames(taskId)) sizes.set(number, { width, height })
  return sizes
}

type Source = {
  job: Pick<Job, 'id' | 'stopFrame'>
  labels: readonly Label[]
  sizes: ReadonlyMap<number, { width: number; height: number }>
}

/** What a job has on the given frames. Shapes outside of the picture's view (`outside`) are left out, tracks come shape by shape. */
export const loadMarks = async (
  { job, labels, sizes }: Source,
  frames: readonly number[],
  from: Db = db,
): Promise<Map<number, FrameMarks>> => {
  const complete = createCompleter(labels)
  const readValues = createReader(labels)
  const loaded = new Map(
    frames.map((frame) => [
      frame,
      { ...(sizes.get(frame) ?? { width: 0, height: 0 }), frame, tags: [] as Mark[], shapes: [] as Mark[] },
    ]),
  )
  const addShape = (frame: number, body: Body, obj_id: number, type: 'shape' | 'track') => {
    const kind = kindOf(body)
    if (!kind) return
    loaded.get(frame)!.shapes.push({
      kind,
      ref: { obj_id, job_id: job.id, type, shape_type: body.type },
      labelId: body.label_id,
      group: body.group,
      zOrder: body.z_order,
      rotation: kind === 'bbox' || kind === 'ellipse' ? body.rotation : 0,
      points: placePoints(kind, body.points),
      attributes: readValues(body.attributes).set('occluded', body.occluded),
      elements: body.elements.map((element) => toElement(element, readValues)),
    })
  }
  const wanted = [...frames]
  for (const row of await loadTags(from, [job.id], isAmong(tagTable.frame as any, wanted)))
    loaded.get(row.frame)?.tags.push({
      kind: 'label',
      ref: { obj_id: row.id, job_id: job.id, type: 'tag', shape_type: null },
      labelId: row.labelId,
      group: row.group,
      zOrder: 0,
      rotation: 0,
      points: [],
      attributes: readValues(parse(complete(row))),
      elements: [],
    })
  for (const row of await loadShapes(from, [job.id], isAmong(shapeTable.frame as any, wanted)))
    if (loaded.has(row.frame) && !row.outside) addShape(row.frame, toBody(row, complete), row.id, 'shape')
  for (const row of await loadTracks(from, [job.id]))
    for (const shape of listTrackShapes(toTrack(row, complete), row.id, job.stopFrame))
      if (loaded.has(shape.frame) && !shape.outside) addShape(shape.frame, shape, row.id, 'track')
  return new Map(
    [...loaded].map(([frame, { tags, shapes, width, height }]) => {
      shapes.sort((a, b) => a.zOrder - b.zOrder)
      return [frame, { frame, width, height, marks: [...tags, ...shapes] }]
    }),
  )
}
