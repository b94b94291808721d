// Single points of skeletons: right, misplaced, missing, too many; perfect against themselves.
import { expect, test } from 'bun:test'
import type { LabelSpace } from './compare-frame'
import { compareKeypoints } from './compare-keypoints'
import { countMatrix } from './confusion'
import type { FrameMarks, Mark, MarkElement } from './marks'
import { defaultParameters } from './parameters'

const labels: LabelSpace = { ids: [1, 2], names: ['body', 'hand'], sublabels: new Map([[1, [11, 12, 13, 14]], [2, [21, 22, 23, 24]]]) } // biome-ignore format: pairs
const places = [[10, 10], [60, 10], [10, 60], [60, 60]] // biome-ignore format: pairs
type Change = (element: MarkElement, at: number) => Partial<MarkElement>
let made = 0
const skeleton = (x: number, change: Change = () => ({}), labelId = 1): Mark => ({
  kind: 'skeleton',
  ref: { obj_id: ++made, job_id: 1, type: 'shape', shape_type: 'skeleton' },
  labelId,
  group: 0,
  zOrder: 0,
  rotation: 0,
  points: [],
  attributes: new Map(),
  elements: places.map(([dx, dy], at) => {
    const element = { labelId: labelId * 10 + at + 1, x: x + dx!, y: dy!, visibility: 'visible' as const }
    return { ...element, ...change(element, at) }
  }),
})
const frame = (...marks: Mark[]): FrameMarks => ({ frame: 0, width: 400, height: 200, marks })
const count = (truth: FrameMarks, given: FrameMarks) => {
  const { matrix, shape } = compareKeypoints(truth, given, defaultParameters, labels)
  const { valid_count, missing_count, extra_count } = countMatrix(matrix)
  expect([shape.missing_count, shape.extra_count]).toEqual([missing_count, extra_count])
  return [valid_count, missing_count, extra_count]
}

test('against themselves, in any order, all points are right', () => {
  const marks = [skeleton(0), skeleton(100), skeleton(200)]
  expect(count(frame(...marks), frame(...marks.toReversed()))).toEqual([12, 0, 0])
})

test('a point that is far off is missing where it should be and too much where it is', () => {
  const off = skeleton(0, (element, at) => (at === 0 ? { x: element.x + 45 } : {}))
  expect(count(frame(skeleton(0)), frame(off))).toEqual([3, 1, 1])
  expect(count(frame(off), frame(skeleton(0)))).toEqual([3, 1, 1])
})

test('points that are outside on one side are missing or too many; hidden ones are there', () => {
  const without = skeleton(0, (_, at) => (at === 3 ? { visibility: 'absent' } : {}))
  expect(count(frame(skeleton(0)), frame(without))).toEqual([3, 1, 0])
  expect(count(frame(without), frame(skeleton(0)))).toEqual([3, 0, 1])
  const hidden = skeleton(0, (_, at) => (at === 3 ? { visibility: 'hidden' } : {}))
  expect(count(frame(skeleton(0)), frame(hidden))).toEqual([4, 0, 0])
})

test('whole skeletons that nothing matches count with all their points', () => {
  expect(count(frame(skeleton(0), skeleton(300)), frame(skeleton(0)))).toEqual([4, 4, 0])
  expect(count(frame(), frame(skeleton(0)))).toEqual([0, 0, 4])
  expect(count(frame(), frame())).toEqual([0, 0, 0])
})
