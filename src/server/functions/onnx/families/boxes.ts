// Detectors that give boxes, scores and labels as outputs of their own (SSD, Faster R-CNN, DETR and theirs).
import type { Found } from '../../contract'
import { type Candidate, suppress } from '../boxes'
import { toPicture } from '../fit'
import { ModelError } from '../model-error'
import type { ModelSpec } from '../spec'
import { dropBatch, type Numbers, showShape } from '../tensor'
import { softmax } from './classify'
import { findOutput } from './find-output'
import type { Decode } from './yolo'

const forms: Record<
  NonNullable<ModelSpec['boxForm']>,
  (a: number, b: number, c: number, d: number) => [number, number, number, number]
> = {
  xyxy: (a, b, c, d) => [(a + c) / 2, (b + d) / 2, c - a, d - b],
  cxcywh: (a, b, c, d) => [a, b, c, d],
  xywh: (a, b, c, d) => [a + c / 2, b + d / 2, c, d],
}

/** Makes shares of logits, where the model leaves that to others. */
const activations: Record<NonNullable<ModelSpec['activation']>, (row: Float32Array) => Float32Array> = {
  none: (row) => row,
  sigmoid: (row) => row.map((value) => 1 / (1 + Math.exp(-value))),
  softmax,
}

/** Best class and its score of each row, from scores alone or from labels beside them. A class more than labels means nothing there. */
const readClasses = (
  scores: Numbers,
  labels: Numbers | undefined,
  count: number,
  { labels: { length: classes }, activation }: ModelSpec,
) => {
  const activate = activations[activation ?? 'none']
  if (labels) {
    if (labels.data.length !== count || scores.data.length !== count)
      throw new ModelError(`gave ${count} boxes, scores ${showShape(scores.dims)} and labels ${showShape(labels.dims)}`)
    const shares = activate(scores.data)
    return (row: number): [number, number] => [Math.round(labels.data[row]!), shares[row]!]
  }
  const across = scores.data.length / count
  if (across !== classes && across !== classes + 1)
    throw new ModelError(`gave scores ${showShape(scores.dims)} for ${count} boxes and ${classes} labels`)
  return (row: number): [number, number] => {
    const shares = activate(scores.data.subarray(row * across, (row + 1) * across))
    let best = 0
    for (let i = 1; i < classes; i++) if (shares[i]! > shares[best]!) best = i
    return [best, shares[best]!]
  }
}

export const decodeBoxes: Decode = (outputs, spec, { picture, fit, threshold }) => {
  const named = (meaning: string) =>
    findOutput(spec, outputs, meaning, (_, name) => name.toLowerCase().includes(meaning.slice(0, -1)))
  const boxes = dropBatch(named('boxes'), 2, 'boxes')
  if (boxes.dims[1] !== 4) throw new ModelError(`gave boxes of the shape ${showShape(boxes.dims)}; each needs four numbers`)
  const count = boxes.dims[0]!
  if (!count) return []
  const hasLabels = spec.named.labels !== undefined || Object.keys(outputs).some((name) => /label|class/i.test(name))
  const labels = hasLabels ? findOutput(spec, outputs, 'labels', (_, name) => /label|class/i.test(name)) : undefined
  const read = readClasses(named('scores'), labels, count, spec)
  const [unitX, unitY] = spec.relative ? [spec.input.width, spec.input.height] : [1, 1]
  const candidates: Candidate[] = []
  for (let row = 0; row < count; row++) {
    const [label, score] = read(row)
    if (!(score >= threshold) || !spec.labels[label]) continue
    const [a, b, c, d] = boxes.data.subarray(row * 4, row * 4 + 4)
    const [x, y, width, height] = forms[spec.boxForm ?? 'xyxy'](a! * unitX, b! * unitY, c! * unitX, d! * unitY)
    candidates.push({ x, y, width, height, angle: 0, score, label, row })
  }
  return suppress(candidates, spec.overlap, spec.most).flatMap(({ x, y, width, height, label, score }): Found[] => {
    const [x0, y0] = toPicture(fit, picture, x - width / 2, y - height / 2)
    const [x1, y1] = toPicture(fit, picture, x + width / 2, y + height / 2)
    return x1 > x0 && y1 > y0
      ? [{ label: spec.labels[label]!.name, type: 'rectangle', points: [x0, y0, x1, y1], score: Math.min(1, score) }]
      : []
  })
}
