// Questions to decoders of the Segment Anything kind and their answers: points and boxes in, one mask out. The same for server and browser.
import type { Mask } from './mask'
import { drawPositive, placeAxis } from './sample'

export type Prompt = {
  positive: readonly (readonly [x: number, y: number])[]
  negative: readonly (readonly [x: number, y: number])[]
  /** left, top, right, bottom. */
  box: readonly [number, number, number, number] | null
}
type Size = { width: number; height: number }
/** How the picture lay in the input of the encoder: x there = x · scaleX + left. All in pixels. */
export type PromptFacts = { picture: Size; input: Size; fit: { scaleX: number; scaleY: number; left: number; top: number } }
/** An input as the model file or its runtime describes it; free sizes are texts. */
export type DecoderInput = { name: string; type: string; shape: readonly (number | string)[] }
export type Feed = { dims: number[]; data: Float32Array }
/** `dims` end with rows and columns. */
export type DecoderOutput = { dims: readonly number[]; data: Float32Array }

const labels = { negative: 0, positive: 1, boxStart: 2, boxEnd: 3, nothing: -1 }
const isPoints = /(^|_)(point_coords|input_points|points?|coords)$/i
const isLabels = /labels?$/i
const isMaskFlag = /^has_mask/i
const isMask = /mask/i
const isSize = /(orig|image).*size/i

/** Whether a decoder's input is asked for anew with every prompt; the others are embeddings of the picture. */
export const isPromptInput = (name: string) => [isPoints, isLabels, isMask, isSize].some((pattern) => pattern.test(name))

/** An input's sizes with those that are free filled in from the right. */
const fillShape = (shape: DecoderInput['shape'], own: readonly number[]): number[] => {
  const missing = Math.max(0, shape.length - own.length)
  return [...Array<number>(missing).fill(1), ...own]
}

/**
 * What a decoder is fed with besides the embeddings. Throws RangeError for a prompt without points and box, and for inputs that are
 * none of points, labels, earlier mask and picture size.
 */
export const feedPrompt = (inputs: readonly DecoderInput[], prompt: Prompt, facts: PromptFacts): Record<string, Feed> => {
  const { fit } = facts
  // EfficientSAM counts in pixels of what it was given.
  const size = inputs.some(({ name }) => name.startsWith('batched_')) ? facts.input : facts.picture
  const asked: [x: number, y: number, label: number][] = [
    ...prompt.positive.map(([x, y]): [number, number, number] => [x, y, labels.positive]),
    ...prompt.negative.map(([x, y]): [number, number, number] => [x, y, labels.negative]),
  ]
  if (prompt.box) {
    const [left, top, right, bottom] = prompt.box
    asked.push([left, top, labels.boxStart], [right, bottom, labels.boxEnd])
  }
  if (!asked.length) throw new RangeError('a point or a box is needed')
  const scaled = asked.map(([x, y, label]): [number, number, number] => [
    x * fit.scaleX + fit.left,
    y * fit.scaleY + fit.top,
    label,
  ])
  // Decoders of the first version want a point that is none where there is no box; later ones add it themselves.
  const embeddings = inputs.filter(({ name }) => !isPromptInput(name)).length
  if (!prompt.box && embeddings === 1 && inputs.some(({ name }) => isMaskFlag.test(name))) scaled.push([0, 0, labels.nothing])
  const count = scaled.length
  const toFeed = ({ name, shape }: DecoderInput): Feed | undefined => {
    if (isMaskFlag.test(name)) return { dims: fillShape(shape, [1]), data: new Float32Array(1) }
    if (isSize.test(name)) return { dims: fillShape(shape, [2]), data: Float32Array.of(size.height, size.width) }
    if (isLabels.test(name))
      return { dims: fillShape(shape, [1, count]), data: Float32Array.from(scaled, ([, , label]) => label) }
    if (isMask.test(name)) {
      const dims = shape.map((size, i) => (typeof size === 'number' && size > 0 ? size : i < shape.length - 2 ? 1 : 256))
      return { dims, data: new Float32Array(dims.reduce((a, b) => a * b, 1)) }
    }
    if (isPoints.test(name))
      return { dims: fillShape(shape, [1, count, 2]), data: Float32Array.from(scaled.flatMap((point) => point.slice(0, 2))) }
    return undefined
  }
  return Object.fromEntries(inputs.flatMap((input) => (isPromptInput(input.name) ? [[input.name, toFeed(input)!]] : [])))
}

const isScores = /iou|score/i
const isMasks = /mask/i
const isLowResolution = /low_res/i

/**
 * Outputs that are worth computing: masks and how sure they are. Low masks go before large ones: exports of the first version cut the
 * latter for the shape of the picture that they were made with, and large ones take longer.
 */
export const chooseDecoderOutputs = (names: readonly string[]): string[] => {
  const masks = names.filter((name) => isMasks.test(name) && !isScores.test(name))
  const chosen = masks.find((name) => isLowResolution.test(name)) ?? masks[0]
  return chosen === undefined ? [...names] : [chosen, ...names.filter((name) => isScores.test(name))]
}

/** The best mask that a decoder gave, and how sure it is (0…1). Throws RangeError when there is none among its outputs. */
export const readPromptedMask = (outputs: Record<string, DecoderOutput>, facts: PromptFacts): { mask: Mask; score: number } => {
  const entries = Object.entries(outputs)
  const [wanted = ''] = chooseDecoderOutputs(Object.keys(outputs))
  const masks = isMasks.test(wanted) ? outputs[wanted] : undefined
  if (!masks) throw new RangeError(`the decoder gave no masks but ${entries.map(([name]) => name).join(', ')}`)
  const [rows, columns] = masks.dims.slice(-2) as [number, number]
  const size = rows * columns
  const count = size ? masks.data.length / size : 0
  if (!count) throw new RangeError('the decoder gave an empty mask')
  const scores = entries.find(([name]) => isScores.test(name))?.[1].data
  let best = 0
  if (scores) for (let i = 1; i < Math.min(count, scores.length); i++) if (scores[i]! > scores[best]!) best = i
  const { picture, input, fit } = facts
  const [shareX, shareY] = [columns / input.width, rows / input.height]
  const isFull = rows === picture.height && columns === picture.width
  const across = placeAxis(picture.width, columns, isFull ? (x) => x : (x) => ((x + 0.5) * fit.scaleX + fit.left) * shareX - 0.5)
  const down = placeAxis(picture.height, rows, isFull ? (y) => y : (y) => ((y + 0.5) * fit.scaleY + fit.top) * shareY - 0.5)
  const data = drawPositive(masks.data, best * size, columns, across, down)
  const score = scores ? Math.min(1, Math.max(0, scores[best] ?? 0)) : 1
  return { mask: { left: 0, top: 0, ...picture, data }, score }
}
