// Classifiers: what a whole picture shows, as tags.
import { ModelError } from '../model-error'
import { dropBatch } from '../tensor'
import { findOutput } from './find-output'
import type { Decode } from './yolo'

export const softmax = (values: Float32Array): Float32Array => {
  const most = values.reduce((a, b) => Math.max(a, b), -Infinity)
  const powers = values.map((value) => Math.exp(value - most))
  const sum = powers.reduce((a, b) => a + b, 0)
  return powers.map((value) => value / sum)
}
const sigmoid = (values: Float32Array) => values.map((value) => 1 / (1 + Math.exp(-value)))

/** Shares that sum up to 1 are what a softmax gave. */
const isShares = (values: Float32Array) =>
  values.every((value) => value >= 0 && value <= 1) && Math.abs(values.reduce((a, b) => a + b, 0) - 1) < 1e-3

export const decodeClasses: Decode = (outputs, spec, { threshold }) => {
  const { data, dims } = dropBatch(
    findOutput(spec, outputs, 'scores', () => true),
    1,
    'scores',
  )
  if (dims[0] !== spec.labels.length) throw new ModelError(`gave ${dims[0]} scores; there are ${spec.labels.length} labels`)
  const activation = spec.activation ?? (isShares(data) ? 'none' : 'softmax')
  const scores = { none: (values: Float32Array) => values, softmax, sigmoid }[activation](data)
  return [...scores]
    .map((score, i) => ({
      label: spec.labels[i]!.name,
      type: 'tag' as const,
      points: [],
      score: Math.min(1, Math.max(0, score)),
    }))
    .filter(({ score }) => score >= threshold)
    .sort((a, b) => b.score - a.score)
    .slice(0, spec.most)
}
