// Overlaps and which boxes stay; where pictures lie in inputs, and the way back; regions of masks.
import { expect, test } from 'bun:test'
import { type Candidate, overlapTurned, overlapUpright, suppress } from './boxes'
import { decodeBoxes } from './families/boxes'
import { splitRegions } from './families/split-regions'
import { readYoloRows } from './families/yolo-rows'
import { fitPicture, roundHalfEven, toInput, toPicture } from './fit'
import { fits, type ModelSpec } from './spec'

const box = (x: number, y: number, width: number, height: number, more: Partial<Candidate> = {}): Candidate => ({
  x,
  y,
  width,
  height,
  angle: 0,
  score: 0.5,
  label: 0,
  row: 0,
  ...more,
})

test('overlap of upright boxes', () => {
  expect(overlapUpright(box(5, 5, 10, 10), box(5, 5, 10, 10))).toBe(1)
  expect(overlapUpright(box(5, 5, 10, 10), box(10, 5, 10, 10))).toBeCloseTo(1 / 3)
  expect(overlapUpright(box(5, 5, 10, 10), box(30, 5, 10, 10))).toBe(0)
  expect(overlapUpright(box(5, 5, 0, 0), box(5, 5, 0, 0))).toBe(0)
})

test('overlap of turned boxes: a quarter turn of a square changes nothing, of a bar a lot', () => {
  expect(overlapTurned(box(5, 5, 10, 10), box(5, 5, 10, 10, { angle: Math.PI / 2 }))).toBeGreaterThan(0.99)
  const bar = box(0, 0, 40, 4)
  expect(overlapTurned(bar, { ...bar, angle: Math.PI })).toBeGreaterThan(0.99)
  expect(overlapTurned(bar, { ...bar, angle: Math.PI / 2 })).toBeLessThan(0.4)
  expect(overlapTurned(bar, { ...bar, x: 500 })).toBeLessThan(0.01)
})

test('the best of each label stays, and no more than asked for', () => {
  const crowd = [
    box(5, 5, 10, 10, { score: 0.6, row: 1 }),
    box(6, 5, 10, 10, { score: 0.9, row: 2 }),
    box(6, 5, 10, 10, { score: 0.7, row: 3, label: 1 }),
    box(40, 5, 10, 10, { score: 0.3, row: 4 }),
  ]
  const rowsOf = (kept: Candidate[]) => kept.map(({ row }) => row)
  expect(rowsOf(suppress(crowd, 0.5, 10))).toEqual([2, 3, 4])
  expect(rowsOf(suppress(crowd, 0.5, 2))).toEqual([2, 3])
  expect(rowsOf(suppress(crowd, null, 10))).toEqual([2, 3, 1, 4])
})

test('ten thousand boxes are sorted out in no time', () => {
  const many = Array.from({ length: 10_000 }, (_, row) =>
    box((row % 100) * 6, Math.floor(row / 100) * 6, 12, 12, { score: (row * 7919) % 1000, row }),
  )
  const kept = suppress(many, 0.3, 300)
  expect(kept).toHaveLength(300)
  for (const [i, one] of kept.entries())
    for (const other of kept.slice(i + 1)) expect(overlapUpright(one, other)).toBeLessThanOrEqual(0.3)
})

test.each(fits)('%s: points of the picture come back', (mode) => {
  for (const [width, height] of [
    [1920, 1080],
    [333, 777],
    [64, 64],
    [3, 500],
  ] as const) {
    const fit = fitPicture({ width, height }, { width: 640, height: 480 }, mode)
    for (const [x, y] of [
      [0, 0],
      [width / 3, height / 7],
      [width, height],
    ] as const) {
      const [backX, backY] = toPicture(fit, { width, height }, ...toInput(fit, x, y))
      expect([backX, backY].map((value, i) => Math.abs(value - [x, y][i]!) < 1e-9)).toEqual([true, true])
    }
    if (mode === 'letterbox')
      expect([fit.left >= 0, fit.left + fit.width <= 640, fit.top >= 0, fit.top + fit.height <= 480]).toEqual([
        true,
        true,
        true,
        true,
      ])
    if (mode === 'crop')
      expect([fit.left <= 0, fit.left + fit.width >= 640, fit.top <= 0, fit.top + fit.height >= 480]).toEqual([
        true,
        true,
        true,
        true,
      ])
  }
})

test('halves are rounded to the even neighbour', () => {
  expect([0.5, 1.5, 2.5, -0.5, 2.4, 2.6].map((value) => roundHalfEven(value) + 0)).toEqual([0, 2, 2, 0, 2, 3])
})

test('a mask falls apart into its regions', () => {
  const rows = ['##..#', '#...#', '...#.']
  const data = Uint8Array.from(rows.join(''), (cell) => (cell === '#' ? 1 : 0))
  const regions = splitRegions({ left: 10, top: 20, width: 5, height: 3, data })
  expect(regions.map(({ left, top, width, height, data }) => [left, top, width, height, ...data])).toEqual([
    [10, 20, 2, 2, 1, 1, 1, 0],
    [14, 20, 1, 2, 1, 1],
    [13, 22, 1, 1, 1],
  ])
})

test('rows that fit no layout are told with their shape', () => {
  const spec = { family: 'yolo-detect', labels: [{}, {}] } as ModelSpec
  const read = (dims: number[], more: Partial<ModelSpec> = {}) =>
    readYoloRows({ dims, data: new Float32Array(dims.reduce((a, b) => a * b)) }, { ...spec, ...more }, 0, 0.5).candidates
  expect(read([1, 6, 100])).toEqual([])
  expect(() => read([1, 9, 100])).toThrow('gave boxes of the shape [9, 100], which does not fit 2 labels and 0 further numbers')
  expect(() => read([2, 6, 100])).toThrow('expected 2 sizes after that of the batch')
  expect(() => read([1, 6, 100], { rows: 'v5' })).toThrow('in the layout v5')
})

test('boxes with logits of classes beside them, the last of which means nothing', () => {
  const spec = {
    labels: [{ name: 'a' }, { name: 'b' }],
    input: { width: 100, height: 100 },
    named: {},
    overlap: null,
    most: 10,
    boxForm: 'cxcywh',
    relative: true,
    activation: 'softmax',
  } as unknown as ModelSpec
  const picture = { width: 200, height: 50 }
  const outputs = {
    pred_boxes: { dims: [1, 2, 4], data: Float32Array.of(0.5, 0.5, 0.2, 0.4, 0.1, 0.1, 0.1, 0.1) },
    pred_scores: { dims: [1, 2, 3], data: Float32Array.of(0, 3, 0, 1, 1, 9) },
  }
  const found = decodeBoxes(outputs, spec, {
    picture,
    fit: fitPicture(picture, { width: 100, height: 100 }, 'stretch'),
    threshold: 0.5,
  })
  expect(found.map(({ label, points }) => [label, ...points.map(Math.round)])).toEqual([['b', 80, 15, 120, 35]])
  expect(found[0]!.score).toBeCloseTo(Math.exp(3) / (Math.exp(3) + 2), 5)
})
