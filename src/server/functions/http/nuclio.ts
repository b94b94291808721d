// The bodies that functions of Nuclio are asked with and answer, as CVAT's functions speak them.
import { encodeMask } from '../../../formats/geometry/mask'
import type { ShapeType } from '../../../formats/model'
import {
  type Answers,
  type CallName,
  type CallOf,
  type Drawn,
  type Found,
  type FoundAttribute,
  type FrameImage,
  FunctionError,
  type FunctionInfo,
  type GivenShape,
} from '../contract'

type Json = Record<string, unknown>

const encodeImage = async (image: FrameImage) => Buffer.from(await image.read()).toString('base64')

/** Trackers that do not name the shapes that they take are given bare points, which are rectangles. */
export type Manner = { barePoints: boolean }

const encodeShape = ({ type, points, rotation }: GivenShape, { barePoints }: Manner) =>
  barePoints ? points : { type, points, ...(rotation && { rotation }) }

type Encoders = { [D in CallName]: (call: CallOf<D>, manner: Manner) => Promise<Json> }

const encoders: Encoders = {
  detect: async ({ image, threshold, text }) => ({
    image: await encodeImage(image),
    ...(threshold !== null && { threshold }),
    ...(text && { text }),
  }),
  interact: async ({ image, positive, negative, box, text }) => ({
    image: await encodeImage(image),
    pos_points: positive,
    neg_points: negative,
    obj_bbox: box && [
      [box[0], box[1]],
      [box[2], box[3]],
    ],
    ...(text && { text }),
  }),
  embed: async ({ image }) => ({ image: await encodeImage(image), pos_points: [], neg_points: [], obj_bbox: null }),
  'start-tracking': async ({ image, shapes }, manner) => ({
    image: await encodeImage(image),
    shapes: shapes.map((shape) => encodeShape(shape, manner)),
    states: [],
  }),
  track: async ({ image, states }) => ({ image: await encodeImage(image), shapes: states.map(() => null), states }),
  match: async ({ images, boxes, threshold, maxDistance }) => ({
    image0: await encodeImage(images[0]),
    image1: await encodeImage(images[1]),
    boxes0: boxes[0],
    boxes1: boxes[1],
    ...(threshold !== null && { threshold }),
    ...(maxDistance !== null && { max_distance: maxDistance }),
  }),
  fill: async ({ image, shapes }) => ({ image: await encodeImage(image), shapes }),
}

export const encodeCall = <D extends CallName>(call: CallOf<D>, manner: Manner): Promise<Json> =>
  (encoders[call.do] as (call: CallOf<D>, manner: Manner) => Promise<Json>)(call, manner)

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

type Complain = (text: string) => FunctionError

const readObject = (value: unknown, at: string, complain: Complain): Json => {
  if (!isObject(value)) throw complain(`${at} is no object`)
  return value
}

/** Confidence comes as a number or, from many functions, as a text. */
const readScore = (value: unknown): number | undefined =>
  value === undefined || value === null ? undefined : typeof value === 'string' ? Number(value) : (value as number)

/** Pixels of a box, row by row, then its left, top, right, bottom: as run lengths. */
const encodePixels = (pixels: unknown, at: string, complain: Complain): number[] | undefined => {
  if (!Array.isArray(pixels) || pixels.length < 5) throw complain(`${at}.mask is no list of pixels`)
  const [left, top, right, bottom] = pixels.slice(-4).map(Number) as [number, number, number, number]
  const [width, height] = [right - left + 1, bottom - top + 1]
  if (![left, top, width, height].every(Number.isInteger) || width < 1 || height < 1 || width * height !== pixels.length - 4)
    throw complain(`${at}.mask has ${pixels.length - 4} pixels for a box of ${width} × ${height}`)
  const data = new Uint8Array(width * height)
  for (let i = 0; i < data.length; i++) data[i] = pixels[i] ? 1 : 0
  return encodeMask({ left, top, width, height, data })
}

const readAttributes = (value: unknown, at: string, complain: Complain): FoundAttribute[] | undefined => {
  if (value === undefined || value === null) return undefined
  if (!Array.isArray(value)) throw complain(`${at}.attributes is no list`)
  return value.map((given, i) => {
    const { name, value } = readObject(given, `${at}.attributes[${i}]`, complain)
    return {
      name: name as string,
      value: typeof value === 'number' || typeof value === 'boolean' ? String(value) : (value as string),
    }
  })
}

const readFound = (given: unknown, at: string, complain: Complain): Found[] => {
  const item = readObject(given, at, complain)
  const type = String(item.type ?? 'rectangle').toLowerCase() as Found['type']
  const common = {
    label: item.label as string,
    score: readScore(item.confidence ?? item.score),
    rotation: item.rotation as number | undefined,
    outside: item.outside === true,
    group: (item.group_id as number | undefined) ?? 0,
    attributes: readAttributes(item.attributes, at, complain),
  }
  if (type === 'mask' && item.mask !== undefined) {
    const points = encodePixels(item.mask, at, complain)
    return points ? [{ ...common, type, points }] : []
  }
  // A function that has outlines only calls them masks, too.
  if (type === 'mask') return [{ ...common, type: 'polygon', points: item.points as number[] }]
  if (type === 'skeleton') {
    if (!Array.isArray(item.elements)) throw complain(`${at}.elements is no list`)
    const elements = item.elements.flatMap((element, i) => readFound(element, `${at}.elements[${i}]`, complain))
    return [{ ...common, type, points: [], elements }]
  }
  return [{ ...common, type, points: (item.points ?? []) as number[] }]
}

const isPairs = (value: unknown): value is number[][] =>
  Array.isArray(value) && value.length > 0 && value.every((pair) => Array.isArray(pair) && pair.length === 2)

/** A bitmap of the whole picture, row by row. */
const encodeRows = (rows: unknown, complain: Complain): number[] | undefined => {
  if (!Array.isArray(rows) || !rows.length || !rows.every((row) => Array.isArray(row) && row.length === rows[0].length))
    throw complain('its mask has rows of different lengths')
  const [width, height] = [rows[0].length as number, rows.length]
  const data = new Uint8Array(width * height)
  for (let row = 0; row < height; row++) for (let x = 0; x < width; x++) data[row * width + x] = rows[row][x] ? 1 : 0
  return encodeMask({ left: 0, top: 0, width, height, data })
}

const readDrawn = (answer: unknown, complain: Complain): Drawn[] => {
  if (isPairs(answer)) return [{ type: 'polygon', points: answer.flat() }]
  if (Array.isArray(answer) && !answer.length) return []
  const { shapes, mask, points, blob } = readObject(answer, 'it', complain)
  if (Array.isArray(shapes)) return shapes as Drawn[]
  if (Array.isArray(mask) && mask.length) {
    const runs = encodeRows(mask, complain)
    return runs ? [{ type: 'mask', points: runs }] : []
  }
  if (isPairs(points)) return [{ type: 'polygon', points: points.flat() }]
  if (Array.isArray(points) && !points.length) return []
  throw complain(blob === undefined ? 'it has neither points nor a mask' : 'it is an embedding, which needs a decoder')
}

/** The embedding of Segment Anything, as its function for CVAT answers it. */
const samShape = [1, 256, 64, 64]

const readEmbedding = (answer: unknown, complain: Complain): Answers['embed'] => {
  const { blob } = readObject(answer, 'it', complain)
  if (typeof blob !== 'string') throw complain('it has no embedding')
  const data = new Uint8Array(Buffer.from(blob, 'base64'))
  if (!data.length || data.length % 4) throw complain('its embedding is no list of float32')
  const count = data.length / 4
  const dims = count === samShape.reduce((product, side) => product * side) ? samShape : [count]
  return { tensors: { image_embeddings: { type: 'float32', dims, data } }, facts: {} }
}

const readFollowed = (value: unknown, at: string, complain: Complain): GivenShape | null => {
  if (value === null) return null
  if (Array.isArray(value)) return { type: 'rectangle', points: value as number[] }
  const { type, points } = readObject(value, at, complain)
  return { type: type as ShapeType, points: points as number[] }
}

const readList = (value: unknown, what: string, complain: Complain): unknown[] => {
  if (!Array.isArray(value)) throw complain(`${what} is no list`)
  return value
}

type Decoders = { [D in CallName]: (answer: unknown, complain: Complain) => Answers[D] }

const decoders: Decoders = {
  detect: (answer, complain) => readList(answer, 'it', complain).flatMap((item, i) => readFound(item, `[${i}]`, complain)),
  interact: readDrawn,
  embed: readEmbedding,
  'start-tracking': (answer, complain) => ({
    states: readList(readObject(answer, 'it', complain).states, 'states', complain),
  }),
  track: (answer, complain) => {
    const { shapes, states } = readObject(answer, 'it', complain)
    return {
      shapes: readList(shapes, 'shapes', complain).map((shape, i) => readFollowed(shape, `shapes[${i}]`, complain)),
      states: readList(states, 'states', complain),
    }
  },
  match: (answer, complain) => readList(answer, 'it', complain) as number[],
  fill: (answer, complain) => readList(isObject(answer) ? answer.attributes : answer, 'it', complain) as FoundAttribute[][],
}

/** What the answer says; numbers and names in it are judged by who asked. Throws FunctionError `answer`. */
export const decodeAnswer = <D extends CallName>(info: FunctionInfo, name: D, answer: unknown): Answers[D] =>
  decoders[name](
    answer,
    (text) => new FunctionError('answer', `The answer of "${info.name}" cannot be used: ${text}.`),
  ) as Answers[D]
