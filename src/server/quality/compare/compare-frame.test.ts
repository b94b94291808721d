// The comparison of one frame: perfect against itself, indifferent to order, symmetric, and off by exactly what is wrong.
import { describe, expect, test } from 'bun:test'
import { addFrames } from './combine'
import { compareFrame, type LabelSpace } from './compare-frame'
import { describeCounts } from './confusion'
import type { FrameMarks, Mark, MarkKind } from './marks'
import { defaultParameters, type Parameters } from './parameters'

const labels: LabelSpace = { ids: [1, 2, 3], names: ['car', 'person', 'body'], sublabels: new Map([[3, [31, 32, 33]]]) }

/** Pseudo-random numbers that are the same on every run. */
const draw = (seed: number) => () => {
  seed = (seed * 1103515245 + 12345) % 2147483648
  return seed / 2147483648
}

let made = 0
const mark = (kind: MarkKind, points: number[], more: Partial<Mark> = {}): Mark => ({
  kind,
  ref: { obj_id: ++made, job_id: 1, type: kind === 'label' ? 'tag' : 'shape', shape_type: kind === 'label' ? null : kind },
  labelId: 1,
  group: 0,
  zOrder: 0,
  rotation: 0,
  points,
  attributes: new Map(),
  elements: [],
  ...more,
})
const box = (x: number, y: number, more: Partial<Mark> = {}, size = 20) => mark('bbox', [x, y, x + size, y + size], more)
const skeleton = (x: number, y: number, more: Partial<Mark> = {}) =>
  mark('skeleton', [], {
    labelId: 3,
    elements: [31, 32, 33].map((labelId, at) => ({
      labelId,
      x: x + 15 * at,
      y: y + 10 * (at % 2),
      visibility: 'visible' as const,
    })),
    ...more,
  })
const frame = (...marks: Mark[]): FrameMarks => ({ frame: 0, width: 200, height: 150, marks })
const compare = (truth: FrameMarks, given: FrameMarks, more: Partial<Parameters> = {}) =>
  compareFrame(truth, given, { ...defaultParameters, ...more }, labels)
const typesOf = ({ conflicts }: ReturnType<typeof compare>) => conflicts.map(({ type }) => type).sort()
const scoresOf = (result: ReturnType<typeof compare>, parameters = defaultParameters) =>
  describeCounts(addFrames([result], labels, parameters).annotations)

/** A frame with all kinds, nothing on top of anything else. */
const makeScene = (next: () => number): Mark[] => {
  const place = (at: number) => [10 + (at % 4) * 45 + next() * 4, 10 + Math.floor(at / 4) * 45 + next() * 4] as const
  const [b, e, p, l, d, s, m] = [0, 1, 2, 3, 4, 5, 6].map(place) as [readonly [number, number], ...(readonly [number, number])[]]
  return [
    mark('label', [], { labelId: 2 }),
    mark('label', []),
    box(...b),
    mark('ellipse', [e![0], e![1], e![0] + 24, e![1] + 14], { labelId: 2 }),
    mark('polygon', [p![0], p![1], p![0] + 20, p![1] + 3, p![0] + 8, p![1] + 22]),
    mark('polyline', [l![0], l![1], l![0] + 12, l![1] + 9, l![0] + 25, l![1] + 2]),
    mark('points', [d![0], d![1], d![0] + 14, d![1] + 8, d![0] + 3, d![1] + 16]),
    skeleton(...s!),
    mark('mask', [0, 12 * 10, Math.round(m![0]), Math.round(m![1]), Math.round(m![0]) + 11, Math.round(m![1]) + 9]),
    box(b[0], b[1] + 90, { rotation: 30 }),
  ]
}
const again = (marks: Mark[]) => marks.map((one) => ({ ...one, ref: { ...one.ref, obj_id: ++made, job_id: 2 } }))
const shuffle = (marks: Mark[], next: () => number) =>
  marks
    .map((one) => ({ one, at: next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one)

describe('properties', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const next = draw(seed)
    const scene = makeScene(next)
    test(`scene ${seed}: against itself perfect, in any order`, () => {
      const result = compare(frame(...scene), frame(...shuffle(again(scene), next)))
      expect(result.conflicts).toEqual([])
      expect(result.shape).toMatchObject({ valid_count: 8, missing_count: 0, extra_count: 0, mean_iou: 1 })
      expect(scoresOf(result)).toEqual({ accuracy: 1, precision: 1, recall: 1, jaccard_index: 1, dice: 1 })
    })
    test(`scene ${seed}: one false shape lowers precision to n / (n + 1), one left out recall to (n - 1) / n`, () => {
      const n = scene.length
      const extra = scoresOf(compare(frame(...scene), frame(...again(scene), box(170, 125))))
      expect([extra.precision, extra.recall, extra.accuracy]).toEqual([n / (n + 1), 1, n / (n + 1)])
      const missing = scoresOf(compare(frame(...scene), frame(...again(scene).slice(0, -1))))
      expect([missing.precision, missing.recall, missing.accuracy]).toEqual([1, (n - 1) / n, (n - 1) / n])
    })
    test(`scene ${seed}: accuracy, Jaccard and Dice do not care which side is the truth`, () => {
      const other = again(scene)
        .filter(() => next() > 0.3)
        .map((one) => (next() > 0.7 && one.labelId < 3 ? { ...one, labelId: 3 - one.labelId } : one))
      const [forth, back] = [
        scoresOf(compare(frame(...scene), frame(...other))),
        scoresOf(compare(frame(...other), frame(...scene))),
      ]
      expect([forth.accuracy, forth.jaccard_index, forth.dice]).toEqual([back.accuracy, back.jaccard_index, back.dice])
      expect([forth.precision, forth.recall]).toEqual([back.recall, back.precision])
    })
  }
})

describe('conflicts', () => {
  test('boxes that fit badly, have another label, are missing or too many', () => {
    const truth = frame(box(0, 0), box(50, 0), box(100, 0))
    const given = frame(box(4, 0), box(50, 0, { labelId: 2 }), box(150, 100))
    const result = compare(truth, given)
    expect(typesOf(result)).toEqual(['extra_annotation', 'low_overlap', 'mismatching_label', 'missing_annotation'])
    expect(result.matrix).toEqual([
      [1, 0, 0, 1],
      [1, 0, 0, 0],
      [0, 0, 0, 0],
      [1, 0, 0, 0],
    ])
    expect(compare(truth, given, { iou_threshold: 0.7 }).shape.valid_count).toBe(1)
    expect(typesOf(compare(truth, given, { low_overlap_threshold: 0.5 }))).not.toContain('low_overlap')
  })

  test('the assignment is the best one overall, not the best of the first box', () => {
    // The first given box fits both, the second only the first of the truth.
    const result = compare(frame(box(0, 0), box(8, 0)), frame(box(4, 0), box(-6, 0)), { low_overlap_threshold: 0 })
    expect(result.shape).toMatchObject({ valid_count: 2, missing_count: 0, extra_count: 0 })
  })

  test('lines drawn the other way round', () => {
    const line = [10, 10, 60, 10, 60, 60]
    const turned = [60, 60, 60, 10, 10, 10]
    const [truth, given] = [frame(mark('polyline', line)), frame(mark('polyline', turned))]
    expect(typesOf(compare(truth, given))).toEqual(['mismatching_direction'])
    expect(typesOf(compare(truth, given, { compare_line_orientation: false }))).toEqual([])
  })

  test('attributes by name, unless they are left out', () => {
    const withColor = (color: string) => box(0, 0, { attributes: new Map([['color', color]]) })
    const result = compare(frame(withColor('red')), frame(withColor('blue')))
    expect(result.conflicts).toMatchObject([{ type: 'mismatching_attributes', severity: 'warning', attribute_names: ['color'] }])
    expect(compare(frame(withColor('red')), frame(withColor('blue')), { compare_attributes: false }).conflicts).toEqual([])
    expect(compare(frame(withColor('red')), frame(withColor('blue')), { ignored_attributes: ['color'] }).conflicts).toEqual([])
  })

  test('groups', () => {
    const together = [box(0, 0, { group: 1 }), box(50, 0, { group: 1 })]
    const apart = [box(0, 0), box(50, 0)]
    expect(typesOf(compare(frame(...apart), frame(...together)))).toEqual(['mismatching_groups', 'mismatching_groups'])
    expect(typesOf(compare(frame(...together), frame(...again(together))))).toEqual([])
    expect(typesOf(compare(frame(...apart), frame(...together), { compare_groups: false }))).toEqual([])
  })

  test('shapes that others cover, and only the visible part counts', () => {
    const low = mark('polygon', [0, 0, 20, 0, 20, 20, 0, 20])
    const high = mark('polygon', [0, 0, 20, 0, 20, 19.5, 0, 19.5], { zOrder: 1, labelId: 2 })
    const result = compare(frame(low), frame(again([low])[0]!, high))
    expect(typesOf(result)).toContain('covered_annotation')
    const seen = compare(frame(low), frame(again([low])[0]!, high), { panoptic_comparison: false })
    expect(seen.shape.valid_count).toBe(1)
    expect(typesOf(compare(frame(low), frame(again([low])[0]!, high), { check_covered_annotations: false }))).not.toContain(
      'covered_annotation',
    )
  })

  test('points: the size of the object decides how near is near enough', () => {
    const given = mark('points', [10, 10, 40, 10, 10, 40])
    const truth = mark('points', [16, 10, 46, 10, 16, 40])
    expect(compare(frame(truth), frame(given), { oks_sigma: 0.02 }).shape.valid_count).toBe(0)
    expect(compare(frame(truth), frame(given), { oks_sigma: 0.2 }).shape.valid_count).toBe(1)
    expect(compare(frame(truth), frame(given), { oks_sigma: 0.02, point_size_base: 'image_size' }).shape.valid_count).toBe(1)
  })

  test('skeletons: points that are hidden in one and seen in the other count as missed', () => {
    const hidden = skeleton(10, 10)
    const given = { ...hidden, elements: hidden.elements.map((one) => ({ ...one, visibility: 'hidden' as const })) }
    expect(compare(frame(skeleton(10, 10)), frame(given)).shape.valid_count).toBe(0)
    const gone = { ...hidden, elements: hidden.elements.map((one) => ({ ...one, visibility: 'absent' as const })) }
    expect(compare(frame(), frame(gone)).shape.extra_count).toBe(0)
  })

  test('empty frames count when they are asked to', () => {
    expect(scoresOf(compare(frame(), frame())).accuracy).toBe(0)
    const parameters = { ...defaultParameters, empty_is_annotated: true }
    expect(scoresOf(compare(frame(), frame(), parameters), parameters)).toMatchObject({ accuracy: 1, precision: 1, recall: 1 })
  })
})

describe('cuboids in space', () => {
  const cuboid = (x: number, y: number, yaw: number, more: Partial<Mark> = {}) =>
    mark('cuboid_3d', [x, y, 0.8, 0, 0, yaw, 4, 2, 1.6, 0, 0, 0, 0, 0, 0, 0], more)

  test('are matched by the volume that they share, turned ones too', () => {
    const truth = [cuboid(10, 0, 3.1), cuboid(-20, 5, 0, { labelId: 2 }), cuboid(30, 30, 1)]
    const given = [cuboid(30, 30.4, 1), cuboid(10, 0, 3.1 - Math.PI), cuboid(-20, 5, 0), cuboid(0, 90, 0)]
    const result = compare(frame(...truth), frame(...given))
    expect(typesOf(result)).toEqual(['extra_annotation', 'low_overlap', 'mismatching_label'])
    expect(result.shape).toMatchObject({ valid_count: 3, extra_count: 1, missing_count: 0 })
    // Moved by 0.4 along y at a yaw of 1: 0.4·sin 1 of 4 metres along, 0.4·cos 1 of 2 across.
    const common = (1 - (0.4 * Math.sin(1)) / 4) * (1 - (0.4 * Math.cos(1)) / 2)
    expect(result.shape.mean_iou).toBeCloseTo((2 + common / (2 - common)) / 4, 6)
  })

  test('one above the other, as tall ones never are on a picture, are two', () => {
    const raised = mark('cuboid_3d', [10, 0, 4, 0, 0, 0, 4, 2, 1.6, 0, 0, 0, 0, 0, 0, 0])
    expect(typesOf(compare(frame(cuboid(10, 0, 0)), frame(raised)))).toEqual(['extra_annotation', 'missing_annotation'])
  })
})
