// Semantic segmentation: a score of every class for every pixel, as one mask for each class or for each region of it.
import { encodeMask, type Mask } from '../../../../formats/geometry/mask'
import { sampleBilinear } from '../../../../formats/geometry/sample'
import type { Found } from '../../contract'
import { ModelError } from '../model-error'
import type { ModelSpec } from '../spec'
import { dropBatch, type Numbers, showShape } from '../tensor'
import { findOutput } from './find-output'
import { splitRegions } from './split-regions'
import type { Decode, Scene } from './yolo'

/** Planes of scores by class. A single plane is that of the only label: above one half (or 0 before the sigmoid) it is there. */
type Planes = { data: Float32Array; count: number; width: number; height: number; isSingle: boolean }

const sigmoid = (value: number) => 1 / (1 + Math.exp(-value))

const readPlanes = (output: Numbers, spec: ModelSpec): Planes => {
  const { dims, data } =
    output.dims.length === 2 ? { dims: [1, ...output.dims], data: output.data } : dropBatch(output, 3, 'scores')
  const [count, height, width] = dims as [number, number, number]
  const isSingle = count === 1
  const classes = spec.labels.length + (spec.background === undefined ? 0 : 1)
  if (isSingle ? spec.labels.length !== 1 : count !== classes)
    throw new ModelError(`gave scores of the shape ${showShape(dims)}; there are ${classes} classes`)
  return { data, count, width, height, isSingle }
}

/** Class and its score at every pixel of the picture. Where the class is the same all around it needs no look at the others. */
const classify = (planes: Planes, spec: ModelSpec, { picture, fit, threshold }: Scene) => {
  const { data, count, width, height, isSingle } = planes
  const size = width * height
  const classes = new Int16Array(picture.width * picture.height).fill(-1)
  const scores = new Float32Array(classes.length)
  const best = new Int16Array(size)
  for (let at = 0; at < size; at++)
    for (let plane = 1; plane < count; plane++) if (data[plane * size + at]! > data[best[at]! * size + at]!) best[at] = plane
  const isLogits = spec.activation ? spec.activation !== 'none' : data.some((value) => value < 0 || value > 1)
  const [shareX, shareY] = [width / spec.input.width, height / spec.input.height]
  const sample = (plane: number, u: number, v: number) => sampleBilinear(data, plane * size, width, height, u, v)
  const bestAt = (u: number, v: number) => {
    const x0 = Math.min(Math.max(Math.floor(u), 0), width - 1)
    const y0 = Math.min(Math.max(Math.floor(v), 0), height - 1)
    const x1 = Math.min(Math.max(Math.ceil(u), 0), width - 1)
    const y1 = Math.min(Math.max(Math.ceil(v), 0), height - 1)
    const first = best[y0 * width + x0]!
    if (first === best[y0 * width + x1]! && first === best[y1 * width + x0]! && first === best[y1 * width + x1]!) return first
    let [found, most] = [0, -Infinity]
    for (let plane = 0; plane < count; plane++) {
      const value = sample(plane, u, v)
      if (value > most) [found, most] = [plane, value]
    }
    return found
  }
  const scoreAt = (plane: number, u: number, v: number) => {
    const value = sample(plane, u, v)
    if (isSingle) return isLogits ? sigmoid(value) : value
    if (!isLogits) return value
    let sum = 0
    for (let other = 0; other < count; other++) sum += Math.exp(sample(other, u, v) - value)
    return 1 / sum
  }
  for (let y = 0; y < picture.height; y++) {
    const v = ((y + 0.5) * fit.scaleY + fit.top) * shareY - 0.5
    for (let x = 0; x < picture.width; x++) {
      const u = ((x + 0.5) * fit.scaleX + fit.left) * shareX - 0.5
      const plane = isSingle ? 0 : bestAt(u, v)
      if (plane === spec.background) continue
      const score = scoreAt(plane, u, v)
      if (score < threshold) continue
      const at = y * picture.width + x
      classes[at] = plane
      scores[at] = score
    }
  }
  return { classes, scores }
}

const meanScore = (mask: Mask, scores: Float32Array, across: number) => {
  let [sum, count] = [0, 0]
  for (let at = 0; at < mask.data.length; at++) {
    if (!mask.data[at]) continue
    sum += scores[(mask.top + Math.floor(at / mask.width)) * across + mask.left + (at % mask.width)]!
    count++
  }
  return count ? sum / count : 0
}

export const decodeSegments: Decode = (outputs, spec, scene) => {
  const planes = readPlanes(
    findOutput(spec, outputs, 'scores', ({ dims }) => dims.length >= 2),
    spec,
  )
  const { classes, scores } = classify(planes, spec, scene)
  const { width, height } = scene.picture
  const labelOf = (plane: number) =>
    spec.labels[spec.background !== undefined && plane > spec.background ? plane - 1 : plane]!.name
  const found: Found[] = []
  for (let plane = 0; plane < planes.count; plane++) {
    if (plane === spec.background) continue
    const whole: Mask = { left: 0, top: 0, width, height, data: Uint8Array.from(classes, (value) => (value === plane ? 1 : 0)) }
    for (const mask of spec.separate ? splitRegions(whole) : [whole]) {
      const points = encodeMask(mask)
      if (points) found.push({ label: labelOf(plane), type: 'mask', points, score: Math.min(1, meanScore(mask, scores, width)) })
    }
  }
  return found.toSorted((a, b) => b.score! - a.score!).slice(0, spec.most)
}
