// CVAT's demo task and the report that CVAT stored for it: recomputed to the last digit and conflict. Every setting changes something.
import { expect, test } from 'bun:test'
import { addFrames, countConflicts, summarizeFrame } from './compare/combine'
import { type Conflict, compareFrame, type LabelSpace } from './compare/compare-frame'
import type { FrameMarks } from './compare/marks'
import { defaultParameters, type Parameters } from './compare/parameters'
import demo from './fixtures/demo-report.json'

const labels: LabelSpace = { ...demo.labels, sublabels: new Map(demo.labels.sublabels as [number, number[]][]) }
const read = (frames: typeof demo.truth): FrameMarks[] =>
  frames.map(({ marks, ...frame }) => ({
    ...frame,
    marks: marks.map((mark) => ({ ...mark, attributes: new Map(mark.attributes as [string, string | boolean][]) })),
  })) as unknown as FrameMarks[]
const [truths, givens] = [read(demo.truth), read(demo.given as typeof demo.truth)]
const compute = (parameters: Parameters) => truths.map((truth, at) => compareFrame(truth, givens[at]!, parameters, labels))

const inOrder = (conflicts: Conflict[]) =>
  conflicts
    .map(({ attribute_names: _, ...conflict }) => conflict)
    .map((conflict) => JSON.stringify([conflict.frame_id, conflict.type, conflict.severity, conflict.annotation_ids]))
    .sort()

test('every frame is what was stored', () => {
  compute(defaultParameters).forEach((result, at) => {
    const stored = (demo.report.frame_results as any)[at]
    const { conflicts, ...summary } = summarizeFrame(result, labels, defaultParameters)
    const { conflicts: expected, ...rest } = stored
    expect(summary as unknown).toEqual(rest)
    expect(inOrder(conflicts)).toEqual(inOrder(expected))
  })
})

test('the job is what was stored', () => {
  const results = compute(defaultParameters)
  const { annotations, components } = addFrames(results, labels, defaultParameters)
  const stored = demo.report.comparison_summary
  expect(annotations as unknown).toEqual(stored.annotations)
  expect(components as unknown).toEqual(stored.annotation_components)
  const { conflict_count, warning_count, error_count, conflicts_by_type } = countConflicts(
    results.flatMap((one) => one.conflicts),
  )
  expect({ conflict_count, warning_count, error_count, conflicts_by_type } as unknown).toEqual({
    conflict_count: stored.conflict_count,
    warning_count: stored.warning_count,
    error_count: stored.error_count,
    conflicts_by_type: stored.conflicts_by_type,
  })
})

const changes: Partial<Parameters>[] = [
  { check_covered_annotations: false },
  { compare_attributes: false },
  { compare_groups: false },
  { group_match_threshold: 0.9 },
  { iou_threshold: 0.6 },
  { line_orientation_threshold: 0.9 },
  { line_thickness: 0.99 },
  { low_overlap_threshold: 0.2 },
  { object_visibility_threshold: 0.95 },
  { oks_sigma: 0.91 },
  { compare_line_orientation: false },
  { panoptic_comparison: false },
  { point_size_base: 'image_size' },
]
test.each(changes)('%j changes the conflicts', (change) => {
  const count = (parameters: Parameters) => compute(parameters).reduce((sum, { conflicts }) => sum + conflicts.length, 0)
  expect(count({ ...defaultParameters, ...change })).not.toBe(count(defaultParameters))
})

test('empty frames that count as annotated change the counts', () => {
  const parameters = { ...defaultParameters, empty_is_annotated: true }
  const [plain, counted] = [defaultParameters, parameters].map((one) => addFrames(compute(one), labels, one).annotations)
  for (const key of ['valid_count', 'total_count', 'ds_count', 'gt_count'] as const) expect(counted![key]).not.toBe(plain![key])
})
