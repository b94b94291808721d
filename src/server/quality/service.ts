// The face of quality control to other features and to the workers.
import type { Report as Progress, RequestRow, Result } from '../requests/service'
import { computeProject } from './compute-project'
import { computeTask } from './compute-task'

export type { LabelSpace } from './compare/compare-frame'
export { type FrameMarks, findMarkBox, type Mark } from './compare/marks'
export { type MatchOptions, strictMatchers } from './compare/match-kinds'
export { defaultParameters, type Parameters } from './compare/parameters'
export { fillMark, fillOutline } from './compare/regions'
export { loadFrameSizes, loadMarks, readLabelSpace, toTrack } from './load-marks'
export { summarizeStored } from './report'

/** Computes the report that a request asked for. */
export const runReport = async (row: RequestRow, progress: Progress): Promise<Result> => {
  const report =
    row.target === 'project' ? await computeProject(row.projectId!, progress) : await computeTask(row.taskId!, progress)
  return report ? { id: report.id } : { message: 'No report has been computed: the ground truth job is not finished any more.' }
}
