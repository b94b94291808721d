// Reads the rows of YOLO heads: boxes with scores by class, in the layouts of their versions.
import type { Candidate } from '../boxes'
import { ModelError } from '../model-error'
import type { ModelSpec } from '../spec'
import { dropBatch, type Numbers, showShape } from '../tensor'

export type Rows = {
  candidates: Candidate[]
  /** Number `i` after the box and scores of a row: mask coefficients, keypoints or an angle. */
  extra: (row: number, i: number) => number
}
type Kind = NonNullable<ModelSpec['rows']>

/** Numbers in front of those of the classes, and whether a row of numbers is a column of the output. */
const chooseKind = (dims: readonly number[], classes: number, extras: number, given: Kind | undefined): Kind => {
  const [first, second] = dims as [number, number]
  const fits: Record<Kind, boolean> = {
    v5: second === 5 + classes + extras,
    v8: first === 4 + classes + extras || second === 4 + classes + extras,
    'end-to-end': second === 6 + extras,
  }
  if (given) {
    if (fits[given]) return given
  } else {
    if (first === 4 + classes + extras) return 'v8'
    // With a single class the rows of v5 and of end-to-end models are equally long; the latter give a few hundred only.
    if (fits['end-to-end'] && (!fits.v5 || first <= 1000)) return 'end-to-end'
    if (fits.v5) return 'v5'
    if (fits.v8) return 'v8'
  }
  throw new ModelError(
    `gave boxes of the shape ${showShape(dims)}, which does not fit ${classes} labels and ${extras} further numbers` +
      (given ? ` in the layout ${given}` : ''),
  )
}

/** Boxes with at least the threshold, in pixels of the input. `extras` numbers follow the scores of each row. */
export const readYoloRows = (output: Numbers, spec: ModelSpec, extras: number, threshold: number): Rows => {
  const { dims, data } = dropBatch(output, 2, 'boxes')
  const classes = spec.labels.length
  const kind = chooseKind(dims, classes, extras, spec.rows)
  const isColumns = kind === 'v8' && dims[0] === 4 + classes + extras
  const [count, length] = isColumns ? [dims[1]!, dims[0]!] : [dims[0]!, dims[1]!]
  const [rowStep, step] = isColumns ? [1, count] : [length, 1]
  const at = (row: number, i: number) => data[row * rowStep + i * step]!
  const candidates: Candidate[] = []
  const firstExtra = kind === 'end-to-end' ? 6 : (kind === 'v5' ? 5 : 4) + classes
  const add = (row: number, label: number, score: number) => {
    if (!(score >= threshold) || label < 0 || label >= classes) return
    const [a, b, c, d] = [at(row, 0), at(row, 1), at(row, 2), at(row, 3)]
    if (![a, b, c, d].every(Number.isFinite)) return
    const isCorners = kind === 'end-to-end' && spec.family !== 'yolo-obb'
    const box = isCorners ? { x: (a + c) / 2, y: (b + d) / 2, width: c - a, height: d - b } : { x: a, y: b, width: c, height: d }
    candidates.push({ ...box, angle: 0, score, label, row })
  }
  for (let row = 0; row < count; row++) {
    if (kind === 'end-to-end') {
      add(row, Math.round(at(row, 5)), at(row, 4))
      continue
    }
    const objectness = kind === 'v5' ? at(row, 4) : 1
    if (objectness < threshold) continue
    const first = kind === 'v5' ? 5 : 4
    let [label, score] = [0, at(row, first)]
    for (let i = 1; i < classes; i++) {
      const here = at(row, first + i)
      if (here > score) [label, score] = [i, here]
    }
    add(row, label, score * objectness)
  }
  return { candidates, extra: (row, i) => at(row, firstExtra + i) }
}
