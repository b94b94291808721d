// The validation layout of a task or job: which frames validate it, which are left out, and where they hide.
import { eq, or } from 'drizzle-orm'
import { clearFrames } from '../../annotations/service'
import { changeDeletedFrames, type Honeypot, listHoneypots, lockData, showHoneypots } from '../../data/service'
import { isAmong } from '../../db/dialect'
import { type Db, db, type Tx, tx } from '../../db/open'
import { invalid, refused } from '../../http/errors'
import { jobs } from '../../jobs/schema'
import { findJob, type Job, jobsOfTask } from '../../jobs/service'
import { authorize } from '../../policy/can'
import type { Who } from '../../policy/who'
import { validationLayouts } from '../schema'
import { findTask, getTask, type TaskRow, taskFacts, touchTask } from '../service'
import { chooseRandomly, chooseWanted } from './choose-honeypots'

type Layout = typeof validationLayouts.$inferSelect
type Method = 'random_uniform' | 'manual'
export type JobLayoutInput = { frame_selection_method?: Method; honeypot_real_frames?: number[] }
export type TaskLayoutInput = { disabled_frames?: number[]; frame_selection_method?: Method; honeypot_real_frames?: number[] }

const showHoneypotLists = (honeypots: Honeypot[]) => ({
  honeypot_count: honeypots.length,
  honeypot_frames: honeypots.map(({ frame }) => frame),
  honeypot_real_frames: honeypots.map(({ realFrame }) => realFrame),
})

const isWithin =
  ({ startFrame, stopFrame }: Job) =>
  ({ frame }: Honeypot) =>
    frame >= startFrame && frame <= stopFrame

/** As the API shows it; a task without validation has no mode, only one with honeypots has lists of them. */
const showTask = async (layout: Layout | null | undefined, from: Db = db) =>
  layout
    ? {
        mode: layout.mode,
        frames_per_job_count: layout.framesPerJob,
        validation_frames: layout.frames,
        disabled_frames: layout.disabledFrames,
        ...(layout.mode === 'gt_pool' && showHoneypotLists(await listHoneypots(layout.taskId, from))),
      }
    : { mode: null }
export type ShownLayout = Awaited<ReturnType<typeof showTask>>

const showJob = async (layout: Layout | null | undefined, job: Job, from: Db = db) =>
  layout?.mode === 'gt_pool' ? showHoneypotLists((await listHoneypots(job.taskId, from)).filter(isWithin(job))) : {}

export const getTaskLayout = async (who: Who, id: number) => showTask((await getTask(who, id)).layout)

/** The staff of the task only: who annotates a job must not learn where its honeypots are. */
const getJobForStaff = async (who: Who, id: number, action: 'view' | 'update') => {
  const {
    job,
    task: { id: taskId },
  } = await findJob(id)
  const row = await findTask(taskId)
  authorize(who, 'task', action, taskFacts(row))
  return { ...row, job }
}

export const getJobLayout = async (who: Who, id: number) => {
  const { layout, job } = await getJobForStaff(who, id, 'view')
  return showJob(layout, job)
}

const checkMethod = ({ frame_selection_method: method, honeypot_real_frames: wanted }: TaskLayoutInput) => {
  if (method === 'manual' && !wanted) throw invalid({ honeypot_real_frames: 'The "honeypot_real_frames" field is required.' })
  if (method !== 'manual' && wanted)
    throw invalid({
      honeypot_real_frames: '"honeypot_real_frames" can only be used when "frame_selection_method" is "manual".',
    })
}

const requireHoneypots = (layout: Layout | null | undefined): Layout => {
  if (layout?.mode !== 'gt_pool') throw refused('Honeypots can only be modified if the task validation mode is "gt_pool"')
  return layout
}

const findLayout = async (t: Tx, taskId: number): Promise<Layout | undefined> =>
  (await t.select().from(validationLayouts).where(eq(validationLayouts.taskId, taskId)))[0]

/** Shows other validation frames, forgets what was drawn on the old ones, and tells clients by the times of jobs and task. */
const applyChanges = async (t: Tx, who: Who, { task }: TaskRow, own: Job[], changes: Honeypot[]) => {
  const now = new Date()
  await showHoneypots(t, task.id, changes, now)
  await clearFrames(
    t,
    who,
    task,
    changes.map(({ frame }) => frame),
    now,
  )
  const shown = changes.map(({ frame }) => frame)
  await (await import('../../cloud-shapes/service')).clearCloudFrames(t, task.id, shown)
  // Replicas show what their job shows.
  const ids = own.map(({ id }) => id)
  await t
    .update(jobs)
    .set({ updatedDate: now })
    .where(or(isAmong(jobs.id as any, ids), isAmong(jobs.parentJobId as any, ids)))
  await touchTask(t, task.id, now)
}

/** What of the wanted is not there yet. */
const listChanges = (honeypots: Honeypot[], realFrames: number[]): Honeypot[] =>
  honeypots
    .map(({ frame }, i) => ({ frame, realFrame: realFrames[i]! }))
    .filter((honeypot, i) => honeypot.realFrame !== honeypots[i]!.realFrame)

/**
 * Chooses other honeypots for a job. Throws 400 for a task without honeypots, a ground truth job, frames that are not of the pool or
 * disabled, and when there are too few left to draw from.
 */
export const updateJobLayout = async (who: Who, id: number, input: JobLayoutInput) => {
  const row = await getJobForStaff(who, id, 'update')
  if (!input.frame_selection_method) throw invalid({ frame_selection_method: 'This field is required.' })
  checkMethod(input)
  return tx(async (t) => {
    const { job } = await findJob(id, t)
    await lockData(t, job.taskId)
    const layout = requireHoneypots(await findLayout(t, job.taskId))
    if (job.type === 'ground_truth') throw refused('Honeypots cannot exist in ground_truth jobs')
    const all = await listHoneypots(job.taskId, t)
    const own = all.filter(isWithin(job))
    const realFrames =
      input.frame_selection_method === 'manual'
        ? chooseWanted(layout, own, input.honeypot_real_frames!)
        : chooseRandomly(layout, [own], all)[0]!
    const changes = listChanges(own, realFrames)
    // A new draw is news even when it gives the same.
    if (changes.length || input.frame_selection_method !== 'manual') await applyChanges(t, who, row, [job], changes)
    return showJob(layout, job, t)
  })
}

/**
 * Disables and restores validation frames, then chooses honeypots anew for all jobs. Throws 400 for a task without validation, frames that
 * are not of the validation set or disabled, a wrong number of frames, and when there are too few left to draw from.
 */
export const updateTaskLayout = async (who: Who, id: number, input: TaskLayoutInput) => {
  const row = await getTask(who, id, 'update')
  checkMethod(input)
  return tx(async (t) => {
    let layout = await findLayout(t, id)
    if (!layout) throw refused('Validation is not configured in the task')
    await lockData(t, id)
    layout = (await findLayout(t, id)) ?? layout
    const all = await jobsOfTask(id, t)
    if (input.disabled_frames) {
      const known = new Set(layout.frames)
      const unknown = input.disabled_frames.filter((frame) => !known.has(frame)).sort((a, b) => a - b)
      if (unknown.length)
        throw refused(`Unknown frames requested for exclusion from the validation set: ${unknown.slice(0, 20).join(', ')}`)
      const groundTruth = all.find(({ type }) => type === 'ground_truth')
      if (!groundTruth || !row.data) throw refused('The task has no ground truth job.')
      await changeDeletedFrames(t, row.data, input.disabled_frames, groundTruth)
      layout = (await findLayout(t, id))!
    }
    if (input.frame_selection_method) {
      requireHoneypots(layout)
      const honeypots = await listHoneypots(id, t)
      const own = all.filter(({ type }) => type === 'annotation').sort((a, b) => a.startFrame - b.startFrame)
      const byJob = own.map((job) => honeypots.filter(isWithin(job)))
      const realFrames =
        input.frame_selection_method === 'manual'
          ? chooseWanted(layout, honeypots, input.honeypot_real_frames!)
          : chooseRandomly(layout, byJob).flat()
      const changes = listChanges(honeypots, realFrames)
      if (changes.length || input.frame_selection_method !== 'manual') await applyChanges(t, who, row, own, changes)
    }
    return showTask(layout, t)
  })
}
