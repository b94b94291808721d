// Reads what a request wants on point clouds: segments, operations on them, shapes. What is wrong is named by its field.
import { findRunProblem, fromRowRuns } from '../../formats/cloud-shapes/row-runs'
import type { AttributeValue, Label } from '../../formats/model'
import { invalid } from '../http/errors'
import { type CloudShapeType, cloudShapeTypes, type Segment, type ShapeRow } from './rows'

/** What may be drawn in a job. */
export type CloudLimits = {
  labels: ReadonlyMap<number, Label>
  allows: (frame: number) => boolean
  /** Names the job in errors. */
  range: string
  /** Points of a frame's cloud. Throws when it has none. */
  countPoints: (frame: number) => Promise<number>
}

/** Rows that get a label and instance, or lose what they have (`labelId` null). */
export type Operation = Omit<Segment, 'labelId'> & { labelId: number | null }
export type FramePatch = { frame: number; operations: Operation[]; shapes: ShapeRow[]; removed: string[] }
export type FrameContent = { frame: number; segments: Segment[]; shapes: ShapeRow[] }

/** Fits the upper half of SemanticKITTI's numbers. */
export const maxInstance = 65_535
const maxFrames = 1000
const maxOperations = 100_000
const maxShapes = 20_000
const maxVertices = 10_000
const maxRunNumbers = 40_000_000
/** No scene reaches this far. */
const maxCoordinate = 1e9
const fewestVertices: Record<CloudShapeType, number> = { polyline: 2, polygon: 3, points: 1 }

type Input = Record<string, unknown>
const fail = (at: string, text: string): never => {
  throw invalid({ [at]: text })
}

const readList = (input: Input, key: string, at: string, most: number): Input[] => {
  const value = input[key] ?? []
  const place = at ? `${at}.${key}` : key
  if (!Array.isArray(value)) return fail(place, 'Expected a list of items.')
  if (value.length > most) return fail(place, `At most ${most} at once.`)
  const odd = value.findIndex((item) => typeof item !== 'object' || item === null || Array.isArray(item))
  return odd < 0 ? value : fail(`${place}[${odd}]`, 'Expected a dictionary.')
}

const readInteger = (value: unknown, at: string, least: number, most: number): number =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= most
    ? (value as number)
    : fail(at, `A whole number from ${least} to ${most} is required.`)

const readLabel = ({ label_id: id }: Input, at: string, { labels }: CloudLimits): Label => {
  if (!Number.isInteger(id)) return fail(`${at}.label_id`, 'A valid integer is required.')
  return labels.get(id as number) ?? fail(`${at}.label_id`, `label_id ${id} does not belong to this task.`)
}

/** Counts the numbers of all runs of a body, so that their sum is bounded, too. */
type Budget = { left: number }
const readRuns = ({ runs }: Input, at: string, count: number, budget: Budget): number[] => {
  const problem = findRunProblem(runs, count)
  if (problem) return fail(`${at}.runs`, problem)
  budget.left -= (runs as number[]).length
  if (budget.left < 0) fail(`${at}.runs`, `At most ${maxRunNumbers} numbers of runs at once.`)
  return fromRowRuns(runs as number[])
}

const readInstance = ({ instance = 0 }: Input, at: string) => readInteger(instance, `${at}.instance`, 0, maxInstance)

const readSegment = (input: Input, at: string, limits: CloudLimits, count: number, budget: Budget): Segment => ({
  labelId: readLabel(input, at, limits).id,
  instance: readInstance(input, at),
  rows: readRuns(input, at, count, budget),
})

const readOperation = (input: Input, at: string, limits: CloudLimits, count: number, budget: Budget): Operation =>
  input.label_id === null
    ? { labelId: null, instance: 0, rows: readRuns(input, at, count, budget) }
    : readSegment(input, at, limits, count, budget)

const readAttributes = (input: Input, at: string, label: Label): AttributeValue[] => {
  const given = new Map<number, string>()
  for (const [i, { spec_id, value }] of readList(input, 'attributes', at, 1000).entries()) {
    if (!label.attributes.some(({ id }) => id === spec_id))
      fail(`${at}.attributes[${i}].spec_id`, `spec_id ${spec_id} does not belong to label "${label.name}".`)
    if (typeof value !== 'string') fail(`${at}.attributes[${i}].value`, 'Not a valid string.')
    given.set(spec_id as number, value as string)
  }
  return label.attributes.map(({ id, default_value }) => ({ spec_id: id, value: given.get(id) ?? default_value }))
}

const readPoints = ({ points }: Input, at: string, type: CloudShapeType): number[] => {
  const place = `${at}.points`
  if (!Array.isArray(points)) return fail(place, 'Expected a list of items.')
  const odd = points.findIndex((value) => typeof value !== 'number' || !(Math.abs(value) <= maxCoordinate))
  if (odd >= 0) fail(place, `[${odd}] must be a finite number from -${maxCoordinate} to ${maxCoordinate}.`)
  const least = fewestVertices[type]
  if (points.length % 3 || points.length < least * 3 || points.length > maxVertices * 3)
    fail(place, `A ${type} has x, y, z of ${least} to ${maxVertices} vertices, not ${points.length} numbers.`)
  return points
}

const readUid = ({ uid }: Input, at: string): string => {
  if (uid === undefined || uid === null) return crypto.randomUUID()
  if (typeof uid !== 'string' || !/^[\w-]{1,64}$/.test(uid))
    return fail(`${at}.uid`, '1 to 64 letters, digits, _ and - are required.')
  return uid
}

const readShape = (input: Input, at: string, frame: number, limits: CloudLimits): ShapeRow => {
  const label = readLabel(input, at, limits)
  const type = cloudShapeTypes.find((one) => one === input.type) ?? fail(`${at}.type`, `"${input.type}" is not a valid choice.`)
  return {
    uid: readUid(input, at),
    frame,
    labelId: label.id,
    type,
    points: readPoints(input, at, type),
    attributes: readAttributes(input, at, label),
  }
}

const readUids = (input: Input, key: string, at: string): string[] => {
  const list = input[key] ?? []
  if (!Array.isArray(list) || list.length > maxShapes || !list.every((uid) => typeof uid === 'string'))
    return fail(`${at}.${key}`, 'A list of names (uid) is required.')
  return list
}

type Place = { at: string; frame: number; input: Input; count: () => Promise<number> }

const readFrames = async <T>(body: unknown, limits: CloudLimits, read: (place: Place) => Promise<T>): Promise<T[]> => {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw invalid({ non_field_errors: 'Invalid data. Expected a dictionary.' })
  const frames: T[] = []
  const seen = new Set<number>()
  const list = readList(body as Input, 'frames', '', maxFrames)
  for (const [i, input] of list.entries()) {
    const at = `frames[${i}]`
    const frame = readInteger(input.frame, `${at}.frame`, 0, 2 ** 31 - 1)
    if (!limits.allows(frame)) fail(`${at}.frame`, `Frame ${frame} is outside of ${limits.range}.`)
    if (seen.has(frame)) fail(`${at}.frame`, `Frame ${frame} is named twice.`)
    seen.add(frame)
    frames.push(await read({ at, frame, input, count: () => limits.countPoints(frame) }))
  }
  return frames
}

const refuseTwins = (frames: { shapes: ShapeRow[] }[]) => {
  const uids = new Set<string>()
  for (const [i, { shapes }] of frames.entries())
    for (const [k, { uid }] of shapes.entries()) {
      if (uids.has(uid)) fail(`frames[${i}].shapes[${k}].uid`, `There are two shapes with the name ${uid}.`)
      uids.add(uid)
    }
}

const readAll = async <T>(place: Place, key: string, read: (input: Input, at: string, count: number) => T): Promise<T[]> => {
  const list = readList(place.input, key, place.at, maxOperations)
  if (!list.length) return []
  const count = await place.count()
  return list.map((one, i) => read(one, `${place.at}.${key}[${i}]`, count))
}

const readShapes = ({ input, at, frame }: Place, limits: CloudLimits) =>
  readList(input, 'shapes', at, maxShapes).map((one, i) => readShape(one, `${at}.shapes[${i}]`, frame, limits))

/** Changes of some frames. Throws 400 naming the first wrong field. */
export const readPatch = async (body: unknown, limits: CloudLimits): Promise<FramePatch[]> => {
  const budget = { left: maxRunNumbers }
  const frames = await readFrames(body, limits, async (place) => ({
    frame: place.frame,
    operations: await readAll(place, 'operations', (one, at, count) => readOperation(one, at, limits, count, budget)),
    shapes: readShapes(place, limits),
    removed: readUids(place.input, 'removed', place.at),
  }))
  refuseTwins(frames)
  return frames
}

/** Whole frames. Throws 400 naming the first wrong field. */
export const readContent = async (body: unknown, limits: CloudLimits): Promise<FrameContent[]> => {
  const budget = { left: maxRunNumbers }
  const frames = await readFrames(body, limits, async (place) => ({
    frame: place.frame,
    segments: await readAll(place, 'segments', (one, at, count) => readSegment(one, at, limits, count, budget)),
    shapes: readShapes(place, limits),
  }))
  refuseTwins(frames)
  return frames
}
