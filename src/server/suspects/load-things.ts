// Stored annotations of a job as the search for suspicious labels sees them.
import { type Bounds, findBounds, findEllipseBounds, turnBox, uniteBounds } from '../../formats/geometry/box'
import { measureRunSets } from '../../formats/geometry/run-sets'
import { listTrackShapes } from '../../formats/items'
import type { AttributeValue, Label, TrackedShape } from '../../formats/model'
import {
  type Completer,
  loadShapes,
  loadTags,
  loadTracks,
  type ShapeJson,
  type TagJson,
  type TrackJson,
} from '../annotations/service'
import type { Db } from '../db/open'
import { fillMark, type Mark, toTrack } from '../quality/service'
import { measureOverlap } from './detect/overlap'
import type { Key, Picture, Placed, Sample, Thing } from './thing'

type Place = { taskId: number; jobId: number; stopFrame: number; sizes: ReadonlyMap<number, Picture> }
type Stored<T> = T & { id: number; width: number; height: number; area: number }
type Element = { points: readonly number[]; outside: boolean }
type Shape = { type: string; points: readonly number[]; rotation: number; elements: readonly Element[] }

const none: ReadonlyMap<number, string> = new Map()
const noPicture: Picture = { width: 0, height: 0 }

const readValues = (text: string): ReadonlyMap<number, string> =>
  text === '[]' ? none : new Map((JSON.parse(text) as AttributeValue[]).map(({ spec_id, value }) => [spec_id, value]))
const joinValues = (values: readonly AttributeValue[]) => new Map(values.map(({ spec_id, value }) => [spec_id, value]))

/** The box around a shape as it lies; nothing where nothing is drawn. */
export const findShapeBox = ({ type, points, rotation, elements }: Shape): Bounds | null => {
  if (type === 'skeleton') {
    const boxes = elements.flatMap(({ points: own, outside }) => (outside || own.length < 2 ? [] : [findBounds(own)]))
    return boxes.length ? boxes.reduce(uniteBounds) : null
  }
  if (points.length < 2) return null
  if (type === 'rectangle') return findBounds(turnBox(points as unknown as Bounds, rotation))
  if (type === 'ellipse') return findEllipseBounds(points as unknown as Bounds, rotation)
  if (type === 'mask') {
    const [left, top, right, bottom] = points.slice(-4) as Bounds
    return [left, top, right + 1, bottom + 1]
  }
  return findBounds(points)
}

const kinds: Record<string, Mark['kind'] | undefined> = {
  rectangle: 'bbox',
  polygon: 'polygon',
  mask: 'mask',
  ellipse: 'ellipse',
}
const toMark = ({ type, points, rotation }: Shape): Mark => {
  const [cx, cy, right, top] = points as [number, number, number, number]
  return {
    kind: kinds[type]!,
    ref: { obj_id: 0, job_id: 0, type: 'shape', shape_type: type },
    labelId: 0,
    group: 0,
    zOrder: 0,
    rotation,
    points: type === 'ellipse' ? [2 * cx - right, top, right, 2 * cy - top] : points,
    attributes: new Map(),
    elements: [],
  }
}

/** Points of two lines or skeletons that lie this near, as a part of their size, are the same. */
const nearness = 0.02

const measurePoints = (a: readonly number[], b: readonly number[], [left, top, right, bottom]: Bounds): number => {
  if (a.length !== b.length || !a.length) return 0
  const tolerance = Math.max(1, nearness * Math.hypot(right - left, bottom - top))
  let farthest = 0
  for (let at = 0; at < a.length; at += 2)
    farthest = Math.max(farthest, Math.hypot(a[at]! - b[at]!, (a[at + 1] ?? 0) - (b[at + 1] ?? 0)))
  return Math.max(0, 1 - (0.2 * farthest) / tolerance)
}
const pointsOf = ({ points, elements }: Shape) =>
  elements.length ? elements.flatMap(({ points: own, outside }) => (outside ? [] : own)) : points

type Exact = Placed & { shape: Shape; picture: Picture; filled?: number[] }
const fill = (one: Exact): number[] => {
  one.filled ??= fillMark(toMark(one.shape), one.picture)
  return one.filled
}

/** Boxes that are not turned by their boxes, other areas by their pixels, lines and points by how far apart their points are. */
const measureLikeness = (one: Exact, other: Exact): number => {
  if (!kinds[one.shape.type]) return measurePoints(pointsOf(one.shape), pointsOf(other.shape), one.box)
  const byBox = measureOverlap(one.box, other.box)
  const isPlain = (shape: Shape) => shape.type === 'rectangle' && !shape.rotation
  if ((isPlain(one.shape) && isPlain(other.shape)) || byBox < 0.5 || !one.picture.width) return byBox
  return measureRunSets(fill(one), fill(other))
}

const place = (thing: Thing, frame: number, shape: Shape, box: Bounds, picture: Picture): Placed => {
  const placed: Exact = { thing, frame, box, shape, picture }
  placed.likeness = (other) => measureLikeness(placed, other as Exact)
  return placed
}

const hash = (...parts: unknown[]) => Bun.hash(JSON.stringify(parts)).toString(36)

const parse = (text: string) => JSON.parse(text) as number[]

const readShape = (row: Stored<ShapeJson>, at: Place, complete: Completer): { thing: Thing; placed: Placed[] } => {
  const shape: Shape = {
    type: row.type,
    points: parse(row.points),
    rotation: row.rotation,
    elements: row.elements.map(({ points, outside }) => ({ points: parse(points), outside })),
  }
  const picture = at.sizes.get(row.frame) ?? noPicture
  const box = findShapeBox(shape)
  const { width, height, area } = row
  const attributes = complete(row)
  const samples: Sample[] = box ? [{ frame: row.frame, box, width, height, area, picture }] : []
  const thing: Thing = {
    kind: 'shape',
    id: row.id,
    jobId: at.jobId,
    taskId: at.taskId,
    labelId: row.labelId,
    type: row.type,
    frame: row.frame,
    samples,
    keys: [],
    values: readValues(attributes),
    fingerprint: hash(
      row.labelId,
      row.type,
      row.points,
      row.rotation,
      attributes,
      row.elements.map(({ points }) => points),
    ),
  }
  return { thing, placed: box && !row.outside ? [place(thing, row.frame, shape, box, picture)] : [] }
}

const readTrack = (row: Stored<TrackJson>, at: Place, complete: Completer): { thing: Thing; placed: Placed[] } => {
  const track = toTrack(row, complete)
  const elementsOn = (frame: number): Element[] =>
    track.elements.flatMap(({ shapes }) => shapes.filter((one) => one.frame === frame))
  const toShape = ({ type, points, rotation, frame }: TrackedShape): Shape => ({
    type,
    points,
    rotation,
    elements: type === 'skeleton' ? elementsOn(frame) : [],
  })
  const keys: Key[] = []
  const samples: Sample[] = []
  track.shapes.forEach((shape, index) => {
    const box = findShapeBox(toShape(shape))
    keys.push({ frame: shape.frame, outside: shape.outside, box, values: joinValues(shape.attributes) })
    const { width, height, area } = row.shapes[index] as unknown as Stored<object>
    if (box && !shape.outside)
      samples.push({ frame: shape.frame, box, width, height, area, picture: at.sizes.get(shape.frame) ?? noPicture })
  })
  const thing: Thing = {
    kind: 'track',
    id: row.id,
    jobId: at.jobId,
    taskId: at.taskId,
    labelId: row.labelId,
    type: track.shapes[0]?.type ?? '',
    frame: samples[0]?.frame ?? row.frame,
    samples,
    keys,
    values: joinValues([...track.attributes, ...(track.shapes[0]?.attributes ?? [])]),
    fingerprint: hash(
      row.labelId,
      row.attributes,
      row.shapes.map(({ frame, points, outside, attributes }) => [frame, points, outside, attributes]),
    ),
  }
  const placed: Placed[] = []
  for (const shape of listTrackShapes(track, row.id, at.stopFrame)) {
    if (shape.outside) continue
    const own: Shape = { type: shape.type, points: shape.points, rotation: shape.rotation, elements: shape.elements }
    const box = findShapeBox(own)
    if (box) placed.push(place(thing, shape.frame, own, box, at.sizes.get(shape.frame) ?? noPicture))
  }
  return { thing, placed }
}

const readTag = (row: Stored<TagJson>, at: Place, complete: Completer): Thing => {
  const attributes = complete(row)
  const { id, labelId, frame } = row
  const values = readValues(attributes)
  const fingerprint = hash(labelId, frame, attributes)
  const { jobId, taskId } = at
  return { kind: 'tag', id, jobId, taskId, labelId, type: '', frame, samples: [], keys: [], values, fingerprint }
}

export type JobThings = { things: Thing[]; placed: Placed[] }

/** Everything of a job, and every object on every frame where it is seen. Cuboids in space are left out. */
export const loadThings = async (from: Db, at: Place, complete: Completer): Promise<JobThings> => {
  const found: JobThings = { things: [], placed: [] }
  const take = ({ thing, placed }: { thing: Thing; placed: Placed[] }) => {
    found.things.push(thing)
    for (const one of placed) found.placed.push(one)
  }
  for (const row of await loadShapes(from, [at.jobId])) take(readShape(row as never, at, complete))
  for (const row of await loadTracks(from, [at.jobId])) take(readTrack(row as never, at, complete))
  for (const row of await loadTags(from, [at.jobId])) found.things.push(readTag(row as never, at, complete))
  return found
}

/** Attributes of labels and of the points of skeletons by their ids. */
export const indexSpecs = (labels: readonly Label[]) =>
  new Map(
    labels.flatMap((label) => [label, ...label.sublabels]).flatMap(({ attributes }) => attributes.map((spec) => [spec.id, spec])),
  )
