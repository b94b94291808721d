// Compares the single points of skeletons: those of matched skeletons with each other, those of the others with nothing.
import type { FrameResult, LabelSpace } from './compare-frame'
import { measureKeypoints } from './keypoints'
import { averageBoxes, type FrameMarks, findMarkBox, type Mark } from './marks'
import { strictMatchers } from './match-kinds'
import type { Parameters } from './parameters'

const isThere = (mark: Mark, labelId: number) =>
  mark.elements.some((element) => element.labelId === labelId && element.visibility !== 'absent')
const placeOf = (mark: Mark, labelId: number) => {
  const { x, y } = mark.elements.find((element) => element.labelId === labelId)!
  return [x, y]
}

/**
 * Counts points, under the labels of their skeletons. A point is right when it is there on both sides and its likeness, measured by
 * the size of the object as for whole skeletons, reaches `iou_threshold`; else it is missing, too much, or both. No conflicts.
 */
export const compareKeypoints = (
  truth: FrameMarks,
  given: FrameMarks,
  parameters: Parameters,
  labels: LabelSpace,
): FrameResult => {
  const options = { ...parameters, joinGroups: true, sublabels: labels.sublabels }
  const { matches, mismatches, missing, extra } = strictMatchers.skeleton({ truth, given }, options)
  const index = new Map(labels.ids.map((id, at) => [id, at]))
  const unmatched = labels.ids.length
  const matrix = Array.from({ length: unmatched + 1 }, () => new Array<number>(unmatched + 1).fill(0))
  const counts = { valid: 0, missing: 0, extra: 0, sameLabel: 0 }
  const at = (mark: Mark | undefined) => (mark ? (index.get(mark.labelId) ?? unmatched) : unmatched)
  const likenesses: number[] = []
  const count = (one: Mark | undefined, other: Mark | undefined) => {
    matrix[at(other)]![at(one)]!++
    if (one && other) {
      counts.valid++
      if (one.labelId === other.labelId) counts.sameLabel++
    } else if (one) counts.missing++
    else counts.extra++
  }
  const pointsOf = (mark: Mark) => (labels.sublabels.get(mark.labelId) ?? []).filter((label) => isThere(mark, label))
  for (const [one, other] of [...matches, ...mismatches]) {
    const [, , width, height] = averageBoxes(findMarkBox(one)!, findMarkBox(other)!)
    const scale = width * height || truth.width * truth.height
    for (const label of new Set([...pointsOf(one), ...pointsOf(other)])) {
      const isBoth = isThere(one, label) && isThere(other, label)
      const value = isBoth ? measureKeypoints(placeOf(one, label), placeOf(other, label), scale, parameters.oks_sigma) : 0
      likenesses.push(value)
      if (isBoth && value >= parameters.iou_threshold) count(one, other)
      else {
        if (isThere(one, label)) count(one, undefined)
        if (isThere(other, label)) count(undefined, other)
      }
    }
  }
  for (const mark of missing) for (const _ of pointsOf(mark)) count(mark, undefined)
  for (const mark of extra) for (const _ of pointsOf(mark)) count(undefined, mark)
  const { valid, sameLabel } = counts
  return {
    conflicts: [],
    matrix,
    shape: {
      valid_count: valid,
      missing_count: counts.missing,
      extra_count: counts.extra,
      total_count: valid + counts.missing + counts.extra,
      ds_count: valid + counts.extra,
      gt_count: valid + counts.missing,
      mean_iou: likenesses.length ? likenesses.reduce((a, b) => a + b, 0) / likenesses.length : 0,
    },
    label: { valid_count: sameLabel, invalid_count: valid - sameLabel, total_count: valid },
    isEmpty: { truth: truth.marks.length === 0, given: given.marks.length === 0 },
  }
}
