// Immediate feedback: an assignee finishes a job and learns at once whether it is good enough, as often as the settings allow.
import { count, eq, sql } from 'drizzle-orm'
import { type Db, db, tx } from '../db/open'
import { recordChange } from '../events/service'
import { refused } from '../http/errors'
import { jobs } from '../jobs/schema'
import { findJob, getJob, jobFacts, recordJobUpdate, settleTask, tellJob } from '../jobs/service'
import { authorize } from '../policy/can'
import type { Who } from '../policy/who'
import { openComparison } from './compute-task'
import { jobValidations } from './schema'
import { findEffective } from './settings'

const countTries = async (jobId: number, from: Db = db): Promise<number> =>
  (await from.select({ n: count() }).from(jobValidations).where(eq(jobValidations.jobId, jobId)))[0]!.n

const requireTry = async (jobId: number, allowed: number, from: Db = db): Promise<void> => {
  if ((await countTries(jobId, from)) >= allowed) throw refused('There are no validation attempts left for this job')
}

/** Whether the job is checked at completion, and how many tries are left. */
export const readValidation = async (who: Who, jobId: number) => {
  const { job, task } = await getJob(who, jobId)
  const { settings } = await findEffective(task)
  const tries = await countTries(jobId)
  const allowed = settings.maxValidationsPerJob
  return {
    job_id: job.id,
    enabled: allowed > 0 && job.type === 'annotation',
    attempts: tries,
    attempts_left: Math.max(0, allowed - tries),
  }
}

/**
 * Compares the job with the ground truth and counts the try. A job that passes is accepted and completed; where it is wrong is not
 * told, as that would give the honeypots away. Throws 400 when the settings allow no (further) try, there is no finished ground
 * truth, or the job has none of its frames.
 */
export const validateJob = async (who: Who, jobId: number) => {
  const row = await getJob(who, jobId)
  authorize(who, 'job', 'update:state', jobFacts(row))
  const { job, task } = row
  const { settings } = await findEffective(task)
  if (!settings.maxValidationsPerJob || job.type !== 'annotation')
    throw refused('Jobs of this task are not validated at completion')
  await requireTry(jobId, settings.maxValidationsPerJob)
  const comparison = await openComparison(task.id)
  if (!comparison)
    throw refused('Validation requires a Ground Truth job in the task at the acceptance stage and in the completed state')
  const body = await comparison.compare(job)
  if (!body.comparison_summary.frame_count) throw refused('The job has no validation frames')
  const base = body.requirements.find(
    ({ requirement_id }) => requirement_id === comparison.requirements.find(({ isBase }) => isBase)?.id,
  )
  const required = body.requirements.filter(({ score }) => score !== null)
  const isPassed = required.every(({ score, threshold }) => score! >= threshold)
  const now = new Date()
  const attempts = await tx(async (t) => {
    // Nobody tries twice at the same time; the lock makes the count true.
    await t
      .update(jobs)
      .set({ updatedDate: sql`${jobs.updatedDate}` as any })
      .where(eq(jobs.id, jobId))
    await requireTry(jobId, settings.maxValidationsPerJob, t)
    const [made] = await t
      .insert(jobValidations)
      .values({ jobId, userId: who.user.id, createdDate: now, score: base?.score ?? 0, isPassed })
      .returning({ id: jobValidations.id })
    if (isPassed) {
      await t
        .update(jobs)
        .set({ stage: 'acceptance', state: 'completed', status: 'completed', updatedDate: now })
        .where(eq(jobs.id, jobId))
      await settleTask(t, task.id, now)
      await recordJobUpdate(t, who, row)
    }
    await recordChange(t, who, {
      action: 'create',
      resource: 'jobvalidation',
      id: made!.id,
      organizationId: task.organizationId,
      projectId: task.projectId,
      taskId: task.id,
      jobId,
      after: { passed: isPassed, score: base?.score ?? null, threshold: base?.threshold ?? null },
    })
    return countTries(jobId, t)
  })
  if (isPassed) tellJob(await findJob(jobId), who)
  return {
    job_id: jobId,
    passed: isPassed,
    metric: base?.metric ?? 'accuracy',
    score: base?.score ?? null,
    threshold: base?.threshold ?? null,
    attempts,
    attempts_left: Math.max(0, settings.maxValidationsPerJob - attempts),
  }
}
