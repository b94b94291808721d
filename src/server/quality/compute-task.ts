// Computes the report of a task: each job against the ground truth, one after the other.
import { and, eq } from 'drizzle-orm'
import { taskData } from '../data/schema'
import { listHoneypots } from '../data/service'
import { db, insertRows, type Tx, tx } from '../db/open'
import { jobs } from '../jobs/schema'
import { type Job, jobsOfTask } from '../jobs/service'
import { labelsOf } from '../labels/service'
import { tasks, validationLayouts } from '../tasks/schema'
import { findTask, labelParent } from '../tasks/service'
import { users } from '../users/schema'
import { indexAttributes } from './attribute-rules'
import { joinJobs } from './combine-reports'
import type { Conflict } from './compare/compare-frame'
import { cloudMarkKinds, markKinds } from './compare/marks'
import { compareJob } from './compare-job'
import { jobAssignee } from './job-filter'
import type { FramePair } from './judge-requirements'
import { loadFrameSizes, loadMarks, readLabelSpace } from './load-marks'
import { type ReportBody, type ReportParameters, summarize } from './report'
import { qualityConflicts, qualityReportParents, qualityReports } from './schema'
import { findEffective, type Requirement, readJobFilter, type Settings, toParameters } from './settings'

export type Report = typeof qualityReports.$inferSelect
type Progress = (share: number) => Promise<void> | void

/** The ground truth job when it is accepted and completed. */
export const findGroundTruth = (all: readonly Job[]): Job | undefined =>
  all.find(({ type, stage, state }) => type === 'ground_truth' && stage === 'acceptance' && state === 'completed')

export const toReportParameters = (
  settings: Settings,
  requirements: readonly Requirement[],
  inherited: boolean,
  dimension: '2d' | '3d' = '2d',
): ReportParameters => ({
  included_annotation_types: [...(dimension === '3d' ? cloudMarkKinds : markKinds)],
  ...toParameters(settings, requirements.find(({ isBase }) => isBase)!),
  inherited,
  job_filter: settings.jobFilter,
})

const framesOf = ({ startFrame, stopFrame, frames }: Job): number[] =>
  frames ?? Array.from({ length: stopFrame - startFrame + 1 }, (_, at) => startFrame + at)

/** Which frame of the ground truth belongs to a frame of a job. Frames that were deleted or taken out do not count. */
const pairFrames = async (taskId: number, groundTruth: Job) => {
  const [layout] = await db.select().from(validationLayouts).where(eq(validationLayouts.taskId, taskId))
  const [data] = await db.select().from(taskData).where(eq(taskData.taskId, taskId))
  const gone = new Set(data?.deletedFrames ?? [])
  const isOut = new Set([...gone, ...(layout?.disabledFrames ?? [])])
  const active = framesOf(groundTruth).filter((frame) => !isOut.has(frame))
  const isActive = new Set(active)
  const pairs =
    layout?.mode === 'gt_pool'
      ? (await listHoneypots(taskId)).map(({ frame, realFrame }) => ({ frame, truth: realFrame }))
      : active.map((frame) => ({ frame, truth: frame }))
  const usable = pairs.filter(({ frame, truth }) => isActive.has(truth) && !gone.has(frame))
  return {
    active,
    ofJob: (job: Job) => {
      const own = job.frames && new Set(job.frames)
      return usable
        .filter(({ frame }) => frame >= job.startFrame && frame <= job.stopFrame && (!own || own.has(frame)))
        .sort((a, b) => a.truth - b.truth || a.frame - b.frame)
    },
  }
}

/** Jobs that the settings' filter lets through. */
const filterJobs = async (taskId: number, all: readonly Job[], filter: string): Promise<Job[]> => {
  const condition = readJobFilter(filter)
  const candidates = all.filter(({ type }) => type !== 'ground_truth')
  if (!condition) return candidates
  const rows = await db
    .select({ id: jobs.id })
    .from(jobs)
    .innerJoin(tasks, eq(tasks.id, jobs.taskId))
    .leftJoin(jobAssignee as typeof users, eq((jobAssignee as typeof users).id, jobs.assigneeId))
    .where(and(eq(jobs.taskId, taskId), condition))
  const chosen = new Set(rows.map(({ id }) => id))
  return candidates.filter(({ id }) => chosen.has(id))
}

export type TaskComparison = {
  parameters: ReportParameters
  requirements: readonly Requirement[]
  settings: Settings
  groundTruth: Job
  allJobs: Job[]
  included: Job[]
  compare: (job: Job) => Promise<ReportBody>
}

/** Everything that comparing a task's jobs needs; nothing when there is no finished ground truth. */
export const openComparison = async (taskId: number): Promise<TaskComparison | undefined> => {
  const { task } = await findTask(taskId)
  const all = await jobsOfTask(taskId)
  const groundTruth = findGroundTruth(all)
  if (!groundTruth) return undefined
  const { settings, inherited, requirements } = await findEffective(task)
  const parameters = toReportParameters(settings, requirements, inherited, task.dimension as '2d' | '3d')
  const labels = await labelsOf(labelParent(task))
  const space = readLabelSpace(labels)
  const attributes = indexAttributes(labels)
  const sizes = await loadFrameSizes(taskId)
  const frames = await pairFrames(taskId, groundTruth)
  const truths = await loadMarks({ job: groundTruth, labels, sizes }, frames.active)
  return {
    parameters,
    requirements,
    settings,
    groundTruth,
    allJobs: all.filter(({ type }) => type !== 'ground_truth'),
    included: await filterJobs(taskId, all, settings.jobFilter),
    compare: async (job) => {
      const own = frames.ofJob(job)
      const marks = await loadMarks(
        { job, labels, sizes },
        own.map(({ frame }) => frame),
      )
      const pairs: FramePair[] = own.map(({ frame, truth }) => ({ truth: truths.get(truth)!, given: marks.get(frame)! }))
      return compareJob({
        pairs,
        totalFrames: job.stopFrame - job.startFrame + 1,
        labels: space,
        parameters,
        settings,
        requirements,
        attributes,
      })
    },
  }
}

const insertReport = async (
  t: Tx,
  values: Omit<typeof qualityReports.$inferInsert, 'summary' | 'data'>,
  body: ReportBody,
): Promise<Report> => {
  const [report] = await t
    .insert(qualityReports)
    .values({ ...values, summary: summarize(body), data: JSON.stringify(body) })
    .returning()
  return report!
}

const insertConflicts = (t: Tx, reportId: number, conflicts: readonly Conflict[]) =>
  insertRows(
    t,
    qualityConflicts as any,
    conflicts.map(({ frame_id, type, severity, annotation_ids, attribute_names = [] }) => ({
      reportId,
      frame: frame_id,
      type,
      severity,
      annotations: annotation_ids,
      attributeNames: attribute_names,
    })),
  )

/** Computes and stores the reports of a task and its jobs. Nothing when the ground truth is not finished (any more). */
export const computeTask = async (taskId: number, progress: Progress = () => {}): Promise<Report | undefined> => {
  const { task } = await findTask(taskId)
  const comparison = await openComparison(taskId)
  if (!comparison) return undefined
  const { parameters, requirements, groundTruth, allJobs, included, compare } = comparison
  const bodies = new Map<number, ReportBody>()
  for (const [at, job] of included.entries()) {
    bodies.set(job.id, await compare(job))
    await progress((at + 1) / included.length)
  }
  const ids = allJobs.map(({ id }) => id)
  const joined = joinJobs(bodies, ids, parameters, requirements)
  const createdDate = new Date()
  const gtLastUpdated = groundTruth.updatedDate
  return tx(async (t) => {
    const report = await insertReport(
      t,
      {
        taskId,
        createdDate,
        targetLastUpdated: task.updatedDate,
        gtLastUpdated,
        assigneeId: task.assigneeId,
        assigneeLastUpdated: task.assigneeUpdatedDate,
      },
      joined,
    )
    for (const job of included) {
      const body = bodies.get(job.id)!
      const own = await insertReport(
        t,
        {
          jobId: job.id,
          createdDate,
          targetLastUpdated: job.updatedDate,
          gtLastUpdated,
          assigneeId: job.assigneeId,
          assigneeLastUpdated: job.assigneeUpdatedDate,
        },
        body,
      )
      await t.insert(qualityReportParents).values({ parentId: report.id, childId: own.id })
      await insertConflicts(
        t,
        own.id,
        Object.values(body.frame_results ?? {}).flatMap(({ conflicts }) => conflicts),
      )
    }
    return report
  })
}
