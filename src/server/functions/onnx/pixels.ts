// Pictures as the numbers that models are fed with.
import type { Fit } from './fit'
import type { InputSpec } from './spec'

/** Red, green and blue, 8 bits each, row by row. */
export type Pixels = { width: number; height: number; data: Uint8Array }

/** For each pixel of a scaled side the first pixel of the source that counts, and the weights from there on. */
type Weights = { starts: Int32Array; weights: Float32Array; taps: number }

/**
 * Weights of bilinear scaling with pixel centres at .5. With `antialias` the triangle grows with the factor, so that all
 * pixels of the source count when a picture shrinks (as Pillow does); without it always two (as OpenCV does).
 */
export const weighSide = (source: number, scaled: number, from: number, to: number, antialias: boolean): Weights => {
  const factor = source / scaled
  const reach = antialias ? Math.max(1, factor) : 1
  const taps = Math.ceil(reach) * 2 + 1
  const starts = new Int32Array(to - from)
  const weights = new Float32Array((to - from) * taps)
  for (let at = from; at < to; at++) {
    const centre = (at + 0.5) * factor
    const first = Math.max(0, Math.floor(centre - reach + 0.5))
    const end = Math.min(source, Math.floor(centre + reach + 0.5))
    const here: number[] = []
    for (let pixel = first; pixel < Math.max(end, first + 1); pixel++)
      here.push(Math.max(0, 1 - Math.abs((pixel + 0.5 - centre) / reach)))
    const sum = here.reduce((a, b) => a + b, 0) || 1
    starts[at - from] = Math.min(first, source - 1)
    here.forEach((weight, tap) => {
      weights[(at - from) * taps + tap] = weight / sum
    })
  }
  return { starts, weights, taps }
}

const channelsOf = { rgb: [0, 1, 2], bgr: [2, 1, 0], grey: [0] } as const

/** What 8 bits a channel weigh in the grey of ITU-R 601. */
const greyOf = ({ width, height, data }: Pixels): Uint8Array => {
  const grey = new Uint8Array(width * height)
  for (let at = 0; at < grey.length; at++)
    grey[at] = Math.round(0.299 * data[3 * at]! + 0.587 * data[3 * at + 1]! + 0.114 * data[3 * at + 2]!)
  return grey
}

/** Every row of the source at its new width, one plane for each channel. */
const scaleRows = ({ width, height, data }: Pixels, depth: number, channel: number, across: Weights, columns: number) => {
  const rows = new Float32Array(height * columns)
  const { starts, weights, taps } = across
  for (let y = 0; y < height; y++) {
    const source = y * width * depth + channel
    const target = y * columns
    for (let x = 0; x < columns; x++) {
      const first = source + starts[x]! * depth
      const own = x * taps
      let value = 0
      for (let tap = 0; tap < taps; tap++) {
        const weight = weights[own + tap]!
        if (weight !== 0) value += weight * data[first + tap * depth]!
      }
      rows[target + x] = value
    }
  }
  return rows
}

/** The numbers of a picture in the layout of the model's input. */
export const fillInput = (pixels: Pixels, fit: Fit, input: InputSpec): Float32Array => {
  const { width, height, channels, scale, mean, deviation, pad } = input
  const depth = channels === 'grey' ? 1 : 3
  const source = channels === 'grey' ? greyOf(pixels) : pixels.data
  // What of the scaled picture can be seen in the input.
  const [x0, y0] = [Math.max(0, fit.left), Math.max(0, fit.top)]
  const [x1, y1] = [Math.min(width, fit.left + fit.width), Math.min(height, fit.top + fit.height)]
  const across = weighSide(pixels.width, fit.width, x0 - fit.left, x1 - fit.left, input.antialias)
  const down = weighSide(pixels.height, fit.height, y0 - fit.top, y1 - fit.top, input.antialias)
  const columns = x1 - x0
  const isPlanar = input.layout.endsWith('chw')
  const [pixelStep, channelStep] = isPlanar ? [1, width * height] : [depth, 1]
  const filled = new Float32Array(width * height * depth)
  channelsOf[channels].forEach((from, c) => {
    const toNormal = (value: number) => (value * scale - mean[c]!) / deviation[c]!
    const rows = scaleRows({ ...pixels, data: source }, depth, from, across, columns)
    const border = pad === null ? 0 : toNormal(pad)
    if (border !== 0) for (let at = 0; at < width * height; at++) filled[at * pixelStep + c * channelStep] = border
    for (let y = y0; y < y1; y++)
      for (let x = 0; x < columns; x++) {
        let value = 0
        for (let tap = 0; tap < down.taps; tap++) {
          const weight = down.weights[(y - y0) * down.taps + tap]!
          if (weight !== 0) value += weight * rows[(down.starts[y - y0]! + tap) * columns + x]!
        }
        filled[(y * width + x0 + x) * pixelStep + c * channelStep] = toNormal(value)
      }
  })
  return filled
}

/** Dimensions of the input for one picture. */
export const shapeInput = ({ layout, channels, width, height }: InputSpec): number[] => {
  const depth = channels === 'grey' ? 1 : 3
  const picture = layout.endsWith('chw') ? [depth, height, width] : [height, width, depth]
  return layout.startsWith('n') ? [1, ...picture] : picture
}
