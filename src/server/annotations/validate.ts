// Checks incoming annotations against the labels and frames of their job and turns them into rows. Nothing bad gets past here.
import { type AttributeValue, type Label, type ShapeType, shapeTypes } from '../../formats/model'
import { invalid } from '../http/errors'
import { findValueProblem } from './attribute-values'
import { measurePoints } from './measure-size'
import type { Ids, KeyRow, Rows, ShapeRow, TagRow, TrackRow } from './rows'
import { settleTrack } from './settle-track'
import { writePoints } from './write-points'

/** An attribute value that its label does not have (any more). */
export type Doubt = { at: string; specId: number; value: string; problem: string }

export type Limits = {
  labels: Map<number, Label>
  /** Whether a task frame may be annotated. */
  allows: (frame: number) => boolean
  /** Why a frame that is not allowed is refused, when there is more to say than the range. */
  explain?: (frame: number) => string | undefined
  range: string
  /** Whether tracks may come at all; else why not. */
  refuseTracks?: string
  /** Whether a track may lose all its key frames, and so itself. */
  mayEmpty?: boolean
  /** Collects attribute values to be looked at; without it all are taken. */
  doubts?: Doubt[]
}

/** Where an annotation comes from is free text (`manual`, `auto`, `Ground truth` …) of at most this many characters. */
const maxSource = 16
/** What an integer column holds. */
const maxInteger = 2 ** 31 - 1
/** No picture or scene reaches this far; sums and products of coordinates stay exact enough below. */
const maxCoordinate = 1e9
/** How many numbers a shape's points have. */
const pointRules: Record<ShapeType, { fits: (n: number) => boolean; wants: string }> = {
  rectangle: { fits: (n) => n === 4, wants: '4 numbers' },
  ellipse: { fits: (n) => n === 4, wants: '4 numbers' },
  polygon: { fits: (n) => n >= 6 && n % 2 === 0, wants: 'an even count of at least 6 numbers' },
  polyline: { fits: (n) => n >= 4 && n % 2 === 0, wants: 'an even count of at least 4 numbers' },
  points: { fits: (n) => n >= 2 && n % 2 === 0, wants: 'an even count of at least 2 numbers' },
  cuboid: { fits: (n) => n === 16, wants: '16 numbers' },
  mask: { fits: (n) => n >= 5, wants: 'run lengths and left, top, right, bottom' },
  skeleton: { fits: (n) => n === 0, wants: 'no points of its own' },
}

type Input = Record<string, unknown>
/** `shapes[3]` and `points` → `shapes[3].points`. */
const inside = (at: string, key: string) => (at ? `${at}.${key}` : key)
const fail = (at: string, text: string): never => {
  throw invalid({ [at]: text })
}

const readInteger = (input: Input, key: string, at: string, initial?: number): number => {
  const value = input[key] ?? initial
  if (value === undefined) return fail(inside(at, key), 'This field is required.')
  if (!Number.isSafeInteger(value)) return fail(inside(at, key), 'A valid integer is required.')
  if (Math.abs(value as number) > maxInteger)
    return fail(inside(at, key), `Ensure this value is from -${maxInteger} to ${maxInteger}.`)
  return value as number
}
const readNumber = (input: Input, key: string, at: string, initial: number, min: number, max: number): number => {
  const value = input[key] ?? initial
  if (typeof value !== 'number' || !(value >= min && value <= max))
    return fail(inside(at, key), `A number from ${min} to ${max} is required.`)
  return value
}
const readFlag = (input: Input, key: string, at: string): boolean => {
  const value = input[key] ?? false
  if (typeof value !== 'boolean') return fail(inside(at, key), 'Must be a valid boolean.')
  return value
}
const readList = (input: Input, key: string, at: string): Input[] => {
  const value = input[key] ?? []
  if (!Array.isArray(value)) return fail(inside(at, key), 'Expected a list of items.')
  if (!value.length) return value
  const odd = value.findIndex((item) => typeof item !== 'object' || item === null)
  return odd < 0 ? (value as Input[]) : fail(`${inside(at, key)}[${odd}]`, 'Expected a dictionary.')
}

const readLabel = (input: Input, at: string, limits: Limits, parent?: Label): Label => {
  const id = readInteger(input, 'label_id', at)
  const label = parent ? parent.sublabels.find((sublabel) => sublabel.id === id) : limits.labels.get(id)
  return (
    label ??
    fail(inside(at, 'label_id'), `label_id ${id} does not belong to ${parent ? `skeleton "${parent.name}"` : 'this task'}.`)
  )
}

const readFrame = (input: Input, at: string, limits: Limits): number => {
  const frame = readInteger(input, 'frame', at)
  if (limits.allows(frame)) return frame
  return fail(inside(at, 'frame'), limits.explain?.(frame) ?? `Frame ${frame} is outside of ${limits.range}.`)
}

/**
 * Attribute values as JSON text, complete: what is missing gets its default. `which` picks immutable ones for a track and mutable
 * ones for its key frames.
 */
const readAttributes = (
  input: Input,
  at: string,
  label: Label,
  limits: Limits,
  which: (mutable: boolean) => boolean = () => true,
): string => {
  const list = readList(input, 'attributes', at)
  if (!list.length && !label.attributes.length) return '[]'
  const given = new Map<number, string>()
  for (const [i, value] of list.entries()) {
    const { spec_id, value: text } = value as unknown as AttributeValue
    if (!label.attributes.some((attribute) => attribute.id === spec_id))
      fail(`${at}.attributes[${i}].spec_id`, `spec_id ${spec_id} does not belong to label "${label.name}".`)
    if (typeof text !== 'string') fail(`${at}.attributes[${i}].value`, 'Not a valid string.')
    const problem = limits.doubts && findValueProblem(label.attributes.find(({ id }) => id === spec_id)!, text)
    if (problem) limits.doubts!.push({ at: `${at}.attributes[${i}].value`, specId: spec_id, value: text, problem })
    given.set(spec_id, text)
  }
  const specs = label.attributes.filter((attribute) => which(attribute.mutable))
  if (!specs.length) return '[]'
  return JSON.stringify(specs.map((spec) => ({ spec_id: spec.id, value: given.get(spec.id) ?? spec.default_value })))
}

const readPoints = (input: Input, at: string, type: ShapeType): number[] => {
  const points = input.points ?? []
  if (!Array.isArray(points)) return fail(inside(at, 'points'), 'Expected a list of items.')
  for (const value of points)
    if (typeof value !== 'number' || !(Math.abs(value) <= maxCoordinate))
      fail(inside(at, 'points'), `Every point must be a finite number from -${maxCoordinate} to ${maxCoordinate}.`)
  const rule = pointRules[type]
  if (!rule.fits(points.length)) fail(inside(at, 'points'), `A ${type} has ${rule.wants}, not ${points.length}.`)
  if (type === 'mask') checkMask(points as number[], at)
  return points as number[]
}

const checkMask = (points: number[], at: string) => {
  const [left, top, right, bottom] = points.slice(-4) as [number, number, number, number]
  const runs = points.slice(0, -4)
  const area = (right - left + 1) * (bottom - top + 1)
  const sum = runs.reduce((total, run) => total + run, 0)
  const box = [left, top, right, bottom]
  if (![...runs, ...box].every(Number.isInteger) || runs.some((run) => run < 0) || right < left || bottom < top || sum !== area)
    fail(
      inside(at, 'points'),
      `The run lengths of a mask must be whole, not negative, and fill its box: they sum to ${sum}, the box has ${area} pixels.`,
    )
}

const readType = (input: Input, at: string): ShapeType =>
  shapeTypes.includes(input.type as ShapeType)
    ? (input.type as ShapeType)
    : fail(inside(at, 'type'), `"${input.type}" is not a valid choice.`)

const readSource = (input: Input, at: string): string => {
  const source = input.source ?? 'manual'
  if (typeof source !== 'string' || source === '') return fail(inside(at, 'source'), 'This field may not be blank.')
  if (source.length > maxSource) return fail(inside(at, 'source'), `Ensure this field has no more than ${maxSource} characters.`)
  return source
}

const readId = ({ id }: Input) => (Number.isSafeInteger(id) && (id as number) > 0 ? (id as number) : undefined)

const readCommon = (input: Input, at: string, limits: Limits, label: Label): Omit<TagRow, 'attributes'> => {
  const id = readId(input)
  const row = {
    labelId: label.id,
    frame: readFrame(input, at, limits),
    group: readInteger(input, 'group', at, 0),
    source: readSource(input, at),
  }
  return id === undefined ? row : { id, ...row }
}

const readBody = (input: Input, at: string) => {
  const type = readType(input, at)
  return {
    type,
    occluded: readFlag(input, 'occluded', at),
    outside: readFlag(input, 'outside', at),
    zOrder: readInteger(input, 'z_order', at, 0),
    rotation: readNumber(input, 'rotation', at, 0, 0, 360),
    points: writePoints(type, readPoints(input, at, type)),
  }
}

const readTag = (input: Input, at: string, limits: Limits): TagRow => {
  const label = readLabel(input, at, limits)
  return { ...readCommon(input, at, limits, label), attributes: readAttributes(input, at, label, limits) }
}

const readShape = (input: Input, at: string, limits: Limits, parent?: Label): ShapeRow => {
  const label = readLabel(input, at, limits, parent)
  const body = readBody(input, at)
  return {
    ...readCommon(input, at, limits, label),
    ...body,
    attributes: readAttributes(input, at, label, limits),
    score: readNumber(input, 'score', at, 1, 0, 1),
    // The numbers are at hand here, later there is only text.
    ...(body.type !== 'skeleton' && { size: measurePoints(body.type, input.points as number[]) }),
    elements: readList(input, 'elements', at).map((element, i) =>
      readShape({ frame: input.frame, ...element }, `${at}.elements[${i}]`, limits, label),
    ),
  }
}

const bodyOf = ({ id: _, ...body }: KeyRow) => JSON.stringify(body)
/** The same key frame twice is one; two different ones on a frame are a mistake. */
const dropDoubles = (keys: KeyRow[], at: string) => {
  for (let i = keys.length - 1; i > 0; i--) {
    const [one, other] = [keys[i - 1]!, keys[i]!]
    if (one.frame !== other.frame) continue
    if (bodyOf(one) !== bodyOf(other)) fail(inside(at, 'shapes'), `There are two different shapes on frame ${one.frame}.`)
    keys.splice(i, 1)
  }
}

const readTrack = (input: Input, at: string, limits: Limits, parent?: Label): TrackRow => {
  if (limits.refuseTracks) fail(at.replace(/\[.*/, ''), limits.refuseTracks)
  const label = readLabel(input, at, limits, parent)
  const keys = readList(input, 'shapes', at).map((shape, i): KeyRow => {
    const here = `${at}.shapes[${i}]`
    const id = readId(shape)
    return {
      ...(id !== undefined && { id }),
      ...readBody(shape, here),
      frame: readFrame(shape, here, limits),
      attributes: readAttributes(shape, here, label, limits, (mutable) => mutable),
    }
  })
  if (!keys.length && !parent && !limits.mayEmpty) fail(inside(at, 'shapes'), 'A track needs at least one shape.')
  keys.sort((a, b) => a.frame - b.frame)
  dropDoubles(keys, at)
  const first = keys[0]?.frame
  const track: TrackRow = {
    ...readCommon({ ...input, frame: input.frame ?? first }, at, limits, label),
    attributes: readAttributes(input, at, label, limits, (mutable) => !mutable),
    shapes: keys,
    elements: readList(input, 'elements', at).map((element, i) =>
      readTrack({ frame: first, ...element }, `${at}.elements[${i}]`, limits, label),
    ),
  }
  return parent ? track : settleTrack(track)
}

const tooMany = 5_000_000

/** Turns a request body into rows. Throws 400 that names the first wrong field, as in `shapes[3].points`. */
export const readAnnotations = (body: unknown, limits: Limits): Rows => {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw invalid({ non_field_errors: 'Invalid data. Expected a dictionary.' })
  const input = body as Input
  const all = <T>(key: string, read: (item: Input, at: string, limits: Limits) => T): T[] => {
    const list = readList(input, key, '')
    if (list.length > tooMany) fail(key, 'Too many at once.')
    return list.map((item, i) => read(item, `${key}[${i}]`, limits))
  }
  return { tags: all('tags', readTag), shapes: all('shapes', readShape), tracks: all('tracks', readTrack) }
}

/** Ids of what is to be deleted; other fields are not looked at. */
export const readIds = (body: unknown): Ids => {
  const ids = (key: string) =>
    readList((body ?? {}) as Input, key, '').map((item, i) =>
      Number.isInteger(item.id) ? (item.id as number) : fail(`${key}[${i}].id`, 'A valid integer is required.'),
    )
  return { tags: ids('tags'), shapes: ids('shapes'), tracks: ids('tracks') }
}
