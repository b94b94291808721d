// Compares what was annotated on a frame with the ground truth: conflicts, counts and how labels were confused.

import { listNearBoxes } from '../../../formats/geometry/near-boxes'
import { countRunSet, subtractRunSet } from '../../../formats/geometry/run-sets'
import { assignPairs } from './assign-pairs'
import { type AttributeRules, compareExactly, listDifferences } from './attributes'
import { measureLines } from './lines'
import { type FrameMarks, findInstances, findMarkBox, type Mark, type MarkRef } from './marks'
import { type MarkPair, type Matched, matchers } from './match-kinds'
import type { Parameters } from './parameters'
import { fillMark } from './regions'
import { findMean } from './sums'

export const conflictTypes = [
  'missing_annotation',
  'extra_annotation',
  'mismatching_label',
  'low_overlap',
  'mismatching_direction',
  'mismatching_attributes',
  'mismatching_groups',
  'covered_annotation',
] as const
export type ConflictType = (typeof conflictTypes)[number]
export type Severity = 'warning' | 'error'
export type Conflict = {
  frame_id: number
  type: ConflictType
  annotation_ids: MarkRef[]
  severity: Severity
  /** Names of the attributes that differ. */
  attribute_names?: string[]
}

const errors: readonly ConflictType[] = ['missing_annotation', 'extra_annotation', 'mismatching_label']
export const severityOf = (type: ConflictType): Severity => (errors.includes(type) ? 'error' : 'warning')

/** Counts of shapes, whatever their labels. */
export type ShapeCounts = {
  valid_count: number
  missing_count: number
  extra_count: number
  total_count: number
  ds_count: number
  gt_count: number
  mean_iou: number
}
export type LabelCounts = { valid_count: number; invalid_count: number; total_count: number }

export type FrameResult = {
  conflicts: Conflict[]
  /** Rows: what was given; columns: ground truth; the last of each stands for "unmatched". */
  matrix: number[][]
  shape: ShapeCounts
  label: LabelCounts
  /** Whether nothing was annotated here, in the ground truth and in the job. */
  isEmpty: { truth: boolean; given: boolean }
}

/** Labels of the task: names of the top ones in order, and what skeletons are made of. */
export type LabelSpace = { ids: readonly number[]; names: readonly string[]; sublabels: ReadonlyMap<number, readonly number[]> }

const joinAll = (results: { kind: string; result: Matched }[]): Matched => ({
  matches: results.flatMap(({ result }) => result.matches),
  mismatches: results.flatMap(({ result }) => result.mismatches),
  missing: results.flatMap(({ result }) => result.missing),
  extra: results.flatMap(({ result }) => result.extra),
  likenesses: results.flatMap(({ result }) => result.likenesses),
})

/** How alike pairs are, and the most that each mark has in common with any other. */
const indexLikenesses = ({ likenesses }: Matched) => {
  const pairs = new Map<Mark, Map<Mark, number>>()
  const best = new Map<Mark, number>()
  for (const { truth, given, value } of likenesses) {
    let row = pairs.get(truth)
    if (!row) {
      row = new Map()
      pairs.set(truth, row)
    }
    row.set(given, value)
    if (value > (best.get(truth) ?? 0)) best.set(truth, value)
    if (value > (best.get(given) ?? 0)) best.set(given, value)
  }
  return {
    of: ([truth, given]: MarkPair) => pairs.get(truth)?.get(given) ?? 0,
    best: (mark: Mark) => best.get(mark) ?? 0,
  }
}

/** Shapes of which others leave too little to see. Boxes and ellipses count as if they were not turned. */
export const findCovered = (frame: FrameMarks, threshold: number): Mark[] => {
  const withArea = frame.marks.filter(({ kind }) => ['polygon', 'mask', 'bbox', 'ellipse'].includes(kind))
  const stack = withArea.map((mark, at) => ({ mark, at })).sort((a, b) => a.mark.zOrder - b.mark.zOrder || a.at - b.at)
  const boxes = stack.map(({ mark }) => findMarkBox(mark)!)
  const above = Map.groupBy(
    listNearBoxes(boxes, boxes, 2).filter(([below, top]) => top > below),
    ([below]) => below,
  )
  const areas: number[][] = []
  const areaOf = (at: number) => {
    areas[at] ??= fillMark(stack[at]!.mark, frame, true)
    return areas[at]
  }
  return stack.flatMap(({ mark }, at) => {
    const tops = above.get(at)
    if (!tops) return []
    const own = areaOf(at)
    // Taking away piece by piece keeps the sets small where many shapes lie above.
    let seen = own
    for (const [, top] of tops) if (seen.length) seen = subtractRunSet(seen, areaOf(top))
    const hidden = countRunSet(own) - countRunSet(seen)
    return hidden > 0 && 1 - hidden / (countRunSet(own) || 1) < threshold ? [mark] : []
  })
}

/** Marks by the number of their group; every mark has one, if need be of its own. */
const numberGroups = (frame: FrameMarks) => {
  const groups = findInstances(frame.marks.filter(({ kind }) => kind !== 'label'))
  return { groups, of: new Map(groups.flatMap((group, at) => group.map((mark) => [mark, at] as const))) }
}

/** Matched shapes whose groups do not fit. */
const findWrongGroups = (truth: FrameMarks, given: FrameMarks, matched: MarkPair[], threshold: number): MarkPair[] => {
  const [ofTruth, ofGiven] = [numberGroups(truth), numberGroups(given)]
  // Of a mark that matches several, the last counts.
  const partner = new Map(matched.map(([one, other]) => [one, other]))
  const common = new Map<number, Map<number, number>>()
  for (const [one, other] of partner) {
    const [row, column] = [ofTruth.of.get(one)!, ofGiven.of.get(other)!]
    if (!common.has(row)) common.set(row, new Map())
    common.get(row)!.set(column, (common.get(row)!.get(column) ?? 0) + 1)
  }
  const likenesses = [...common].flatMap(([one, row]) =>
    [...row].map(([other, count]) => ({
      one,
      other,
      value: count / (ofTruth.groups[one]!.length + ofGiven.groups[other]!.length - count),
    })),
  )
  const { pairs } = assignPairs(ofTruth.groups.length, ofGiven.groups.length, likenesses, threshold)
  const truthOf = new Map(pairs.map(([one, other]) => [other, one]))
  return matched.filter(([one, other]) => {
    const [row, column] = [ofTruth.of.get(one)!, ofGiven.of.get(other)!]
    const isAlone = ofTruth.groups[row]!.length === 1 && ofGiven.groups[column]!.length !== 1
    return isAlone || truthOf.get(column) !== row
  })
}

const makeMatrix = (size: number) => Array.from({ length: size }, () => new Array<number>(size).fill(0))

/** How attributes are compared. `decide`: whose values differ is no match, but missing here and too much there. */
export type AttributeOptions = { rules: AttributeRules; decide: boolean }
const plainAttributes: AttributeOptions = { rules: compareExactly, decide: false }

/** Compares a frame with its ground truth. Permuting marks changes nothing but the order of conflicts. */
export const compareFrame = (
  truth: FrameMarks,
  given: FrameMarks,
  parameters: Parameters,
  labels: LabelSpace,
  attributes: AttributeOptions = plainAttributes,
): FrameResult => {
  const options = { ...parameters, joinGroups: true, sublabels: labels.sublabels }
  const results = matchers.map(({ kind, match }) => ({ kind, result: match({ truth, given }, options) }))
  const all = joinAll(results)
  const shapes = joinAll(results.filter(({ kind }) => kind !== 'label'))
  const likeness = indexLikenesses(shapes)
  const paired = [...all.matches, ...all.mismatches]
  const pairedShapes = [...shapes.matches, ...shapes.mismatches]

  const conflicts: Conflict[] = []
  const report = (type: ConflictType, marks: readonly Mark[], names?: string[]) =>
    conflicts.push({
      frame_id: given.frame,
      type,
      annotation_ids: marks.map(({ ref }) => ref),
      severity: severityOf(type),
      ...(names && { attribute_names: names }),
    })
  const reportPair = (type: ConflictType, [one, other]: MarkPair, names?: string[]) => report(type, [other, one], names)

  for (const pair of paired) {
    const value = likeness.of(pair)
    if (value && value < parameters.low_overlap_threshold) reportPair('low_overlap', pair)
  }
  for (const mark of all.missing) report('missing_annotation', [mark])
  for (const mark of all.extra) report('extra_annotation', [mark])
  for (const pair of all.mismatches) reportPair('mismatching_label', pair)
  if (parameters.compare_line_orientation)
    for (const pair of paired) {
      const [one, other] = pair
      if (one.kind !== 'polyline' || other.kind !== 'polyline') continue
      const directed = measureLines(one.points, other.points, truth.width * truth.height, parameters.line_thickness, true)
      if (likeness.of(pair) - directed > parameters.line_orientation_threshold) reportPair('mismatching_direction', pair)
    }
  if (parameters.check_covered_annotations)
    for (const mark of findCovered(given, parameters.object_visibility_threshold)) report('covered_annotation', [mark])
  const differing = new Set<MarkPair>()
  if (parameters.compare_attributes) {
    const ignored = new Set(parameters.ignored_attributes)
    for (const pair of all.matches) {
      const names = listDifferences(pair[0], pair[1], ignored, attributes.rules)
      if (!names.length) continue
      reportPair('mismatching_attributes', pair, names)
      if (attributes.decide) differing.add(pair)
    }
  }
  if (parameters.compare_groups)
    for (const pair of findWrongGroups(truth, given, pairedShapes, parameters.group_match_threshold))
      reportPair('mismatching_groups', pair)

  const index = new Map(labels.ids.map((id, at) => [id, at]))
  const unmatched = labels.ids.length
  const matrix = makeMatrix(unmatched + 1)
  const count = (one: Mark | undefined, other: Mark | undefined) => {
    const row = matrix[other ? (index.get(other.labelId) ?? unmatched) : unmatched]!
    row[one ? (index.get(one.labelId) ?? unmatched) : unmatched]!++
  }
  for (const pair of paired) {
    const [one, other] = pair
    if (!differing.has(pair)) count(one, other)
    else {
      count(one, undefined)
      count(undefined, other)
    }
  }
  for (const mark of all.extra) count(undefined, mark)
  for (const mark of all.missing) count(mark, undefined)

  const [missing, extra, valid] = [shapes.missing.length, shapes.extra.length, pairedShapes.length]
  const isEmpty = { truth: truth.marks.length === 0, given: given.marks.length === 0 }
  const shape: ShapeCounts = {
    valid_count: valid,
    missing_count: missing,
    extra_count: extra,
    total_count: valid + missing + extra,
    ds_count: valid + extra,
    gt_count: valid + missing,
    mean_iou: findMean([...pairedShapes.map(likeness.of), ...[...shapes.missing, ...shapes.extra].map(likeness.best)]),
  }
  const label: LabelCounts = {
    valid_count: all.matches.length,
    invalid_count: all.mismatches.length,
    total_count: paired.length,
  }
  if (parameters.empty_is_annotated) {
    if (isEmpty.truth && isEmpty.given) {
      Object.assign(label, { valid_count: 1, total_count: 1 })
      Object.assign(shape, { valid_count: 1, total_count: 1 })
    }
    if (isEmpty.given) shape.ds_count = 1
    if (isEmpty.truth) shape.gt_count = 1
  }
  return { conflicts, matrix, shape, label, isEmpty }
}
