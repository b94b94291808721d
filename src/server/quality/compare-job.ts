// The report of one job: all its frames that have a ground truth.
import { isAnyCompared, type KnownAttributes, toAttributeRules } from './attribute-rules'
import { addFrames, countConflicts, summarizeFrame } from './compare/combine'
import { compareFrame, type LabelSpace } from './compare/compare-frame'
import { type FramePair, judgeRequirements } from './judge-requirements'
import type { ReportBody, ReportParameters } from './report'
import type { Requirement, Settings } from './settings'

export type JobComparison = {
  /** In the order of the ground truth's frames. */
  pairs: readonly FramePair[]
  /** Frames of the job, with and without ground truth. */
  totalFrames: number
  labels: LabelSpace
  parameters: ReportParameters
  settings: Settings
  requirements: readonly Requirement[]
  /** Of the labels. */
  attributes: KnownAttributes
}

export const compareJob = (comparison: JobComparison): ReportBody => {
  const { pairs, totalFrames, labels, parameters, settings, requirements, attributes } = comparison
  const told = requirements.find(({ isBase }) => isBase)?.attributeComparison ?? {}
  const rules = toAttributeRules(told, attributes, parameters.compare_attributes)
  const compared = { ...parameters, compare_attributes: isAnyCompared(told, parameters.compare_attributes) }
  const results = pairs.map(({ truth, given }) => compareFrame(truth, given, compared, labels, { rules, decide: false }))
  const { annotations, components } = addFrames(results, labels, parameters)
  return {
    parameters,
    comparison_summary: {
      frames: pairs.map(({ given }) => given.frame),
      total_frames: totalFrames,
      frame_count: pairs.length,
      ...countConflicts(results.flatMap(({ conflicts }) => conflicts)),
      annotations,
      annotation_components: components,
      tasks: null,
      jobs: null,
    },
    frame_results: Object.fromEntries(
      results.map((result, at) => [pairs[at]!.given.frame, summarizeFrame(result, labels, parameters)]),
    ),
    requirements: judgeRequirements(requirements, settings, pairs, labels, parameters, annotations, attributes),
  }
}
