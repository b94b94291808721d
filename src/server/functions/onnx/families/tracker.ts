// Template trackers (Siamese networks and their transformers): what the object looked like is searched for near its last place.
import type { GivenShape } from '../../contract'
import { fitPicture } from '../fit'
import { ModelError } from '../model-error'
import { fillInput, type Pixels, shapeInput } from '../pixels'
import { type RawTensor, type Session, toFeed, toNumbers } from '../sessions'
import type { InputSpec, ModelSpec } from '../spec'
import { findOutput } from './find-output'

type Box = [left: number, top: number, right: number, bottom: number]
/** `template`: the pixels of the first look, base64. */
export type TrackState = { box: Box; template: string }

type Square = { left: number; top: number; side: number }

const squareAround = ([left, top, right, bottom]: Box, factor: number): Square => {
  const side = Math.max(2, Math.ceil(Math.sqrt(Math.max(1, right - left) * Math.max(1, bottom - top)) * factor))
  return { left: Math.round((left + right - side) / 2), top: Math.round((top + bottom - side) / 2), side }
}

/** A square of the picture; black where there is none. */
const cutSquare = ({ width, height, data }: Pixels, { left, top, side }: Square): Pixels => {
  const cut = new Uint8Array(side * side * 3)
  const [x0, x1] = [Math.max(0, -left), Math.min(side, width - left)]
  for (let y = Math.max(0, -top); y < Math.min(side, height - top); y++)
    if (x1 > x0)
      cut.set(data.subarray(((top + y) * width + left + x0) * 3, ((top + y) * width + left + x1) * 3), (y * side + x0) * 3)
  return { width: side, height: side, data: cut }
}

const feed = (pixels: Pixels, input: InputSpec): RawTensor =>
  toFeed(input, { dims: shapeInput(input), data: fillInput(pixels, fitPicture(pixels, input, 'stretch'), input) })

const boxOf = ({ points }: GivenShape): Box => {
  const [xs, ys] = [points.filter((_, i) => i % 2 === 0), points.filter((_, i) => i % 2 === 1)]
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]
}

export const startTracking = ({ tracker }: ModelSpec, pixels: Pixels, shapes: GivenShape[]): TrackState[] =>
  shapes.map((shape) => {
    const box = boxOf(shape)
    const cut = cutSquare(pixels, squareAround(box, tracker!.templateFactor))
    return { box, template: Buffer.from(cut.data).toString('base64') }
  })

const readState = (state: unknown): TrackState & { pixels: Pixels } => {
  const { box, template } = (state ?? {}) as TrackState
  const data = typeof template === 'string' ? Buffer.from(template, 'base64') : Buffer.alloc(0)
  const side = Math.sqrt(data.length / 3)
  const isBox = Array.isArray(box) && box.length === 4 && box.every(Number.isFinite)
  if (!isBox || !Number.isInteger(side) || side < 1) throw new ModelError('got a state that it did not give')
  return { box, template, pixels: { width: side, height: side, data } }
}

/** The object of a state in the next picture; its shape is null when the model is less sure than the threshold. */
export const followObject = async (
  session: Session,
  spec: ModelSpec,
  pixels: Pixels,
  given: unknown,
): Promise<{ state: TrackState; shape: GivenShape | null }> => {
  const { template, search, searchFactor } = spec.tracker!
  const state = readState(given)
  const square = squareAround(state.box, searchFactor)
  const answered = await session.run({
    [template.name]: feed(state.pixels, template),
    [search.name]: feed(cutSquare(pixels, square), search),
  })
  const outputs = Object.fromEntries(Object.entries(answered).map(([name, output]) => [name, toNumbers(name, output)]))
  const { data } = findOutput(spec, outputs, 'boxes', ({ data }, name) => data.length === 4 && !/score/i.test(name))
  if (data.length !== 4) throw new ModelError(`gave a box of ${data.length} numbers`)
  const score =
    spec.named.scores || Object.keys(outputs).some((name) => /score|conf/i.test(name))
      ? findOutput(spec, outputs, 'scores', (_, name) => /score|conf/i.test(name)).data[0]!
      : 1
  const [x, y, width, height] = [...data].map((share) => share * square.side) as [number, number, number, number]
  const clampX = (value: number) => Math.min(Math.max(value + square.left, 0), pixels.width)
  const clampY = (value: number) => Math.min(Math.max(value + square.top, 0), pixels.height)
  const box: Box = [clampX(x - width / 2), clampY(y - height / 2), clampX(x + width / 2), clampY(y + height / 2)]
  const isFound = score >= spec.threshold && box[2] - box[0] >= 1 && box[3] - box[1] >= 1
  if (!isFound) return { state: { box: state.box, template: state.template }, shape: null }
  return { state: { box, template: state.template }, shape: { type: 'rectangle', points: box } }
}
