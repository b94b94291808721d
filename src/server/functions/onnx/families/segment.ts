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

/** Shares of the classes in every cell, where the model gives logits. */
const toShares = ({ data, count, width, height, isSingle }: Planes, spec: ModelSpec): Float32Array => {
  const isLogits = spec.activation ? spec.activation !== 'none' : data.some((value) => value < 0 || value > 1)
  if (!isLogits) return data
  if (isSingle) return data.map(sigmoid)
  const size = width * height
  const shares = new Float32Array(data.length)
  for (let at = 0; at < size; at++) {
    let most = -Infinity
    for (let plane = 0; plane < count; plane++) most = Math.max(most, data[plane * size + at]!)
    let sum = 0
    for (let plane = 0; plane < count; plane++) sum += shares[plane * size + at] = Math.exp(data[plane * size + at]! - most)
    for (let plane = 0; plane < count; plane++) shares[plane * size + at]! /= sum
  }
  return shares
}

/** Class (-1: none) and its score at every pixel of the picture. Where the class is the same all around no other is looked at. */
const classify = (planes: Planes, spec: ModelSpec, { picture, fit, threshold }: Scene) => {
  const { data, count, width, height, isSingle } = planes
  const size = width * height
  const classes = new Int16Array(picture.width * picture.height).fill(-1)
  const scores = new Float32Array(classes.length)
  const best = new Int16Array(size)
  for (let at = 0; at < size; at++)
    for (let plane = 1; plane < count; plane++) if (data[plane * size + at]! > data[best[at]! * size + at]!) best[at] = plane
  const shares = toShares(planes, spec)
  const shareX = width / spec.input.width
  const shareY = height / spec.input.height
  const bestAt = (u: number, v: number) => {
    const x0 = Math.min(Math.max(Math.floor(u), 0), width - 1)
    const y0 = Math.min(Math.max(Math.floor(v), 0), height - 1)
    const x1 = Math.min(Math.max(Math.ceil(u), 0), width - 1)
    const y1 = Math.min(Math.max(Math.ceil(v), 0), height - 1)
    const first = best[y0 * width + x0]!
    if (first === best[y0 * width + x1]! && first === best[y1 * width + x0]! && first === best[y1 * width + x1]!) return first
    const right = Math.min(Math.max(u, 0), width - 1) - x0
    const lower = Math.min(Math.max(v, 0), height - 1) - y0
    const [a, b, c, d] = [y0 * width + x0, y0 * width + x1, y1 * width + x0, y1 * width + x1]
    const [ofA, ofB, ofC, ofD] = [(1 - right) * (1 - lower), right * (1 - lower), (1 - right) * lower, right * lower]
    let found = 0
    let most = -Infinity
    for (let plane = 0, at = 0; plane < count; plane++, at += size) {
      const value = data[at + a]! * ofA + data[at + b]! * ofB + data[at + c]! * ofC + data[at + d]! * ofD
      if (value > most) {
        found = plane
        most = value
      }
    }
    return found
  }
  for (let y = 0; y < picture.height; y++) {
    const v = ((y + 0.5) * fit.scaleY + fit.top) * shareY - 0.5
    for (let x = 0; x < picture.width; x++) {
      const u = ((x + 0.5) * fit.scaleX + fit.left) * shareX - 0.5
      const plane = isSingle ? 0 : bestAt(u, v)
      if (plane === spec.background) continue
      const score = sampleBilinear(shares, plane * size, width, height, u, v)
      // Of several classes the best one has the pixel, however sure the model is; a single one has it or not.
      if (isSingle && score < threshold) continue
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

/** One mask for each class that is there, in its own box. */
const drawClasses = (classes: Int16Array, width: number): [plane: number, mask: Mask][] => {
  const boxes = new Map<number, [left: number, top: number, right: number, bottom: number]>()
  for (let at = 0, x = 0, y = 0; at < classes.length; at++) {
    const plane = classes[at]!
    if (plane >= 0) {
      const box = boxes.get(plane)
      if (!box) boxes.set(plane, [x, y, x, y])
      else {
        if (x < box[0]) box[0] = x
        if (x > box[2]) box[2] = x
        box[3] = y
      }
    }
    if (++x === width) {
      x = 0
      y++
    }
  }
  return [...boxes].map(([plane, [left, top, right, bottom]]) => {
    const mask: Mask = { left, top, width: right - left + 1, height: bottom - top + 1, data: new Uint8Array() }
    mask.data = new Uint8Array(mask.width * mask.height)
    for (let y = 0; y < mask.height; y++)
      for (let x = 0; x < mask.width; x++) if (classes[(top + y) * width + left + x] === plane) mask.data[y * mask.width + x] = 1
    return [plane, mask]
  })
}

export const decodeSegments: Decode = (outputs, spec, scene) => {
  const planes = readPlanes(
    findOutput(spec, outputs, 'scores', ({ dims }) => dims.length >= 2),
    spec,
  )
  const { classes, scores } = classify(planes, spec, scene)
  const { width } = scene.picture
  const labelOf = (plane: number) =>
    spec.labels[spec.background !== undefined && plane > spec.background ? plane - 1 : plane]!.name
  const found: Found[] = []
  for (const [plane, whole] of drawClasses(classes, width)) {
    for (const mask of spec.separate ? splitRegions(whole) : [whole]) {
      const points = encodeMask(mask)
      const score = Math.min(1, meanScore(mask, scores, width))
      if (points && score >= scene.threshold) found.push({ label: labelOf(plane), type: 'mask', points, score })
    }
  }
  return found.toSorted((a, b) => b.score! - a.score!).slice(0, spec.most)
}
