// Merging of replicas into the job that they are copies of.
import { eq } from 'drizzle-orm'
import type { Label } from '../../formats/model'
import { changeRows, type Rows, type Saved, tellSaved } from '../annotations/service'
import { insertRows, type Tx, tx } from '../db/open'
import type { Actor } from '../events/service'
import { ApiError, forbidden, refused } from '../http/errors'
import { findJob, type Job, jobsOfTask, recordJobUpdate, settleTask, tellJob } from '../jobs/service'
import { labelsOf } from '../labels/service'
import { authorize } from '../policy/can'
import type { Who } from '../policy/who'
import { defaultParameters, loadFrameSizes, loadMarks, type Mark, readLabelSpace } from '../quality/service'
import { findAsker, type NewRequest, type Report, type RequestRow, type Result, requestId } from '../requests/service'
import { findTask, labelParent, taskFacts } from '../tasks/service'
import { measureAgreement } from './agreement/measure'
import { type Merged, mergeFrame } from './merge-frame'
import { consensusVotes } from './schema'
import { ensureSettings } from './settings'

type Task = Awaited<ReturnType<typeof findTask>>['task']
/** Replicas that somebody worked on, by the job that they belong to. */
type Replicas = Map<number, Job[]>

const findReplicas = async (taskId: number): Promise<{ parents: Map<number, Job>; replicas: Replicas }> => {
  const all = await jobsOfTask(taskId)
  const parents = new Map(all.filter(({ stage }) => stage === 'annotation').map((job) => [job.id, job]))
  const started = all.filter(
    ({ type, parentJobId, stage, state }) =>
      type === 'replica' && parentJobId !== null && parents.has(parentJobId) && !(stage === 'annotation' && state === 'new'),
  )
  return { parents, replicas: Map.groupBy(started, ({ parentJobId }) => parentJobId!) }
}

/** Throws 400 with what is missing for a merge. */
const requireReplicas = async (task: Task, jobId: number | undefined) => {
  if (!task.consensusReplicas) throw refused('Consensus is not enabled in this task')
  if (task.dimension !== '2d') throw refused('Merging is only supported in 2d tasks')
  const found = await findReplicas(task.id)
  if (!found.replicas.size)
    throw refused(
      'No annotation jobs in the annotation stage or no consensus_replica jobs not in the annotation - new state found',
    )
  if (jobId !== undefined && !found.replicas.has(jobId))
    throw refused(
      `No annotated consensus jobs found for parent job ${jobId}. Make sure at least one consensus job is not in the annotation - new state`,
    )
  return found
}

/** Checks that the person may merge and there is something to merge; answers the request to start. */
export const planMerge = async (who: Who, input: { task_id?: number; job_id?: number }): Promise<NewRequest> => {
  const { task_id: taskId, job_id: jobId } = input
  if (taskId === undefined && jobId === undefined) throw forbidden('Either task_id or job_id must be specified')
  if (taskId !== undefined && jobId !== undefined) throw refused('Only 1 of the fields task_id, job_id can be used')
  const missing = (name: string) => (error: unknown) => {
    throw error instanceof ApiError && error.status === 404 ? refused(`The specified ${name} does not exist`) : error
  }
  const ownTask = jobId === undefined ? taskId! : (await findJob(jobId).catch(missing('job'))).job.taskId
  const row = await findTask(ownTask).catch(missing('task'))
  authorize(who, 'consensus-merge', 'create', taskFacts(row))
  await requireReplicas(row.task, jobId)
  const target = jobId === undefined ? 'task' : 'job'
  return {
    id: requestId({ action: 'merge', target, target_id: jobId ?? ownTask }),
    action: 'merge',
    target,
    taskId: ownTask,
    jobId: jobId ?? null,
    projectId: row.task.projectId,
    orgId: row.task.organizationId,
    chore: 'merge-consensus',
  }
}

const framesOf = ({ startFrame, stopFrame, frames }: Job): number[] =>
  frames ?? Array.from({ length: stopFrame - startFrame + 1 }, (_, at) => startFrame + at)

/** Attributes of a merged annotation as they are stored; what its label does not have is left out. */
const writeAttributes = (values: Merged['attributes'], label: Label | undefined): string =>
  JSON.stringify(
    (label?.attributes ?? []).map((spec) => {
      const value = values.get(spec.name)
      return { spec_id: spec.id, value: value === undefined ? spec.default_value : String(value) }
    }),
  )

const isOccluded = (attributes: Merged['attributes']) => attributes.get('occluded') === true

/** Points as they were drawn: those of the chosen mark, an ellipse by its centre again. */
const writePoints = ({ kind, points }: Mark): string => {
  if (kind !== 'ellipse') return JSON.stringify(kind === 'skeleton' ? [] : points)
  const [left, top, right, bottom] = points as [number, number, number, number]
  return JSON.stringify([(left + right) / 2, (top + bottom) / 2, right, top])
}

/** Rows to insert, and how people voted about each. */
type MergedRows = { rows: Rows; decided: Map<Rows['shapes'][number] | Rows['tags'][number], Merged> }
const noneMerged = (): MergedRows => ({ rows: { tags: [], shapes: [], tracks: [] }, decided: new Map() })

const addRows = (
  { rows, decided }: MergedRows,
  frame: number,
  merged: readonly Merged[],
  labels: ReadonlyMap<number, Label>,
): void => {
  for (const one of merged) {
    const { chosen, labelId, zOrder, attributes, score } = one
    const label = labels.get(labelId)
    const common = { frame, labelId, group: 0, source: 'consensus', attributes: writeAttributes(attributes, label) }
    if (chosen.kind === 'label') {
      rows.tags.push(common)
      decided.set(common, one)
      continue
    }
    const body = { occluded: isOccluded(attributes), outside: false, zOrder, rotation: chosen.rotation }
    const elements = chosen.elements.map((element) => ({
      ...common,
      ...body,
      labelId: element.labelId,
      attributes: writeAttributes(
        one.elements.get(element.labelId) ?? new Map(),
        label?.sublabels.find(({ id }) => id === element.labelId),
      ),
      type: 'points',
      rotation: 0,
      occluded: element.visibility === 'hidden',
      outside: element.visibility === 'absent',
      points: JSON.stringify([element.x, element.y]),
      score: 1,
      elements: [],
    }))
    const shape = { ...common, ...body, type: chosen.ref.shape_type!, points: writePoints(chosen), score, elements }
    rows.shapes.push(shape)
    decided.set(shape, one)
  }
}

/** The frames of a job as each of its replicas has them, and how objects are told apart. */
const loadSources = async (task: Task, parent: Job, replicas: readonly Job[]) => {
  const settings = await ensureSettings(task.id)
  const labels = await labelsOf(labelParent(task))
  const sizes = await loadFrameSizes(task.id)
  const frames = framesOf(parent)
  const loaded: Awaited<ReturnType<typeof loadMarks>>[] = []
  for (const job of replicas) loaded.push(await loadMarks({ job, labels, sizes }, frames))
  const options = {
    ...defaultParameters,
    iou_threshold: settings.iouThreshold,
    quorum: Math.ceil(settings.quorum * replicas.length),
    joinGroups: false,
    panoptic_comparison: false,
    sublabels: readLabelSpace(labels).sublabels,
  }
  const sources = frames.map((frame) => ({ frame, marks: loaded.map((source) => source.get(frame)!) }))
  return { labels: new Map(labels.map((label) => [label.id, label])), sources, options }
}

const mergeReplicas = async (task: Task, parent: Job, replicas: readonly Job[]): Promise<MergedRows> => {
  const { labels, sources, options } = await loadSources(task, parent, replicas)
  const merged = noneMerged()
  for (const { frame, marks } of sources) addRows(merged, frame, mergeFrame(marks, options), labels)
  return merged
}

const storeVotes = async (t: Tx, jobId: number, { rows, decided }: MergedRows) => {
  await t.delete(consensusVotes).where(eq(consensusVotes.jobId, jobId))
  const toVotes = (kind: 'shape' | 'tag') => (row: Rows['tags'][number]) => {
    const { labelId, score, votes, sources } = decided.get(row)!
    return {
      jobId,
      kind,
      objectId: row.id!,
      frame: row.frame,
      labelId,
      score,
      votes: votes.get(labelId) ?? 0,
      replicas: sources,
      labels: [...votes].map(([label_id, count]) => ({ label_id, votes: count })),
    }
  }
  const values = [...rows.shapes.map(toVotes('shape')), ...rows.tags.map(toVotes('tag'))]
  if (values.length) await insertRows(t, consensusVotes as any, values)
}

/** Puts the merged annotations in place of what the job had, with how people voted about them, and completes it. */
const replaceJob = async (t: Tx, jobId: number, merged: MergedRows, userId: number | null, asker: Actor | null) => {
  const before = await findJob(jobId, t)
  const now = new Date()
  const change = { remove: 'all' as const, create: merged.rows }
  const saved = await changeRows(t, before.job, change, { userId, action: 'import' }, now, { state: 'completed' })
  await storeVotes(t, jobId, merged)
  await settleTask(t, before.job.taskId, now)
  if (asker) await recordJobUpdate(t, asker, before)
  return saved
}

/** Merges the job, or every job of the task, that a request asked for: all or none. */
export const runMerge = async (row: RequestRow, report: Report): Promise<Result> => {
  const { task } = await findTask(row.taskId!)
  const { parents, replicas } = await requireReplicas(task, row.jobId ?? undefined)
  const wanted = row.jobId === null ? [...replicas.keys()] : [row.jobId]
  const merged: [number, MergedRows][] = []
  for (const [at, jobId] of wanted.entries()) {
    merged.push([jobId, await mergeReplicas(task, parents.get(jobId)!, replicas.get(jobId)!)])
    await report((at + 1) / wanted.length)
  }
  const { saved, asker } = await tx(async (t) => {
    const asker = await findAsker(row, t)
    const saved: Saved[] = []
    for (const [jobId, rows] of merged) saved.push(await replaceJob(t, jobId, rows, row.userId, asker))
    return { saved, asker }
  })
  tellSaved(null, saved)
  if (asker) for (const { jobId } of saved) tellJob(await findJob(jobId), asker)
  return {}
}

/**
 * How far the replicas of a job agree. `jobs` names the replicas in the order in which pairs count them. Throws 403 unless the
 * person may merge, 400 when fewer than two replicas have been started.
 */
export const readAgreement = async (who: Who, jobId: number) => {
  const { job } = await findJob(jobId)
  const row = await findTask(job.taskId)
  authorize(who, 'consensus-merge', 'create', taskFacts(row))
  if (!row.task.consensusReplicas) throw refused('Consensus is not enabled in this task')
  const all = await jobsOfTask(job.taskId)
  const replicas = all.filter(
    ({ type, parentJobId, stage, state }) =>
      type === 'replica' && parentJobId === jobId && !(stage === 'annotation' && state === 'new'),
  )
  if (replicas.length < 2) throw refused('At least two annotated replicas are needed.')
  const { sources, options } = await loadSources(row.task, job, replicas)
  return {
    job_id: jobId,
    jobs: replicas.map(({ id, assigneeId }) => ({ id, assignee_id: assigneeId })),
    ...measureAgreement(
      sources.map(({ marks }) => marks),
      options,
    ),
  }
}
