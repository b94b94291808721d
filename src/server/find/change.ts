// Bulk changes of what a search finds: counted first, then done job by job through the annotation service, and undone by the revision log.
import {
  canHaveLabel,
  findLabelNamed,
  type Ids,
  type Kind,
  relabelObjects,
  removeObjects,
  restoreRevision,
} from '../annotations/service'
import { isAmong } from '../db/dialect'
import { ApiError, conflict, invalid } from '../http/errors'
import { jobs } from '../jobs/schema'
import { type JobRow, jobFacts, listJobs } from '../jobs/service'
import { type LabelTree, labelsOf } from '../labels/service'
import { can } from '../policy/can'
import type { Who } from '../policy/who'
import { labelParent } from '../tasks/service'
import { type Asked, listMembers, type Member, openSearch } from './search'

export type Action = { kind: 'delete' } | { kind: 'relabel'; label: string }
/** Objects of a search that are meant; all of them when undefined. */
export type Chosen = Ids | undefined

export type Plan = {
  /** Objects that will change. */
  count: number
  /** Objects that stay as they are: in jobs that the person may only view, or that cannot have the label, or have it already. */
  skipped: { forbidden: number; unfit: number; same: number }
  parts: { jobId: number; ids: Ids }[]
}

/** Objects of one change; more would keep everybody waiting. */
export const maxChanged = 50_000

const openLabels = () => {
  const known = new Map<string, Promise<LabelTree[]>>()
  return ({ task }: JobRow) => {
    const parent = labelParent(task)
    const key = JSON.stringify(parent)
    const labels = known.get(key) ?? labelsOf(parent)
    known.set(key, labels)
    return labels
  }
}

const listRows = async (who: Who, jobIds: number[]) => {
  const paging = { page: 1, size: jobIds.length, offset: 0 }
  const { rows } = jobIds.length
    ? await listJobs(who, { kind: 'any' }, [isAmong(jobs.id as any, jobIds)], [], paging)
    : { rows: [] }
  return new Map(rows.map((row) => [row.job.id, row]))
}

/** What an action would do, with nothing done. Throws 400 for a wrong query and when there is too much of it. */
export const planChange = async (asked: Asked, action: Action, chosen: Chosen): Promise<Plan> => {
  const search = await openSearch(asked)
  const wanted = chosen && { shapes: new Set(chosen.shapes), tracks: new Set(chosen.tracks), tags: new Set(chosen.tags) }
  const most = wanted ? Number.MAX_SAFE_INTEGER : maxChanged
  if (search.count > most)
    throw invalid({ q: `${search.count} objects are too many for one change, at most ${maxChanged}: narrow the search.` })
  const members = (await listMembers(search, chosen)).filter(({ kind, id }) => !wanted || wanted[kind].has(id))
  const rows = await listRows(asked.who, [...new Set(members.map(({ jobId }) => jobId))])
  const labelsFor = openLabels()
  const plan: Plan = { count: 0, skipped: { forbidden: 0, unfit: 0, same: 0 }, parts: [] }
  for (const [jobId, own] of Map.groupBy(members, ({ jobId }) => jobId)) {
    const row = rows.get(jobId)
    if (!row || !can(asked.who, 'job', 'annotate', jobFacts(row))) {
      plan.skipped.forbidden += own.length
      continue
    }
    const to = action.kind === 'relabel' ? findLabelNamed(await labelsFor(row), action.label) : undefined
    const fitting = action.kind === 'delete' ? own : own.filter((member) => judge(plan, member, to))
    if (!fitting.length) continue
    const ids: Ids = { tags: [], shapes: [], tracks: [] }
    for (const { kind, id } of fitting) ids[kind].push(id)
    plan.count += fitting.length
    plan.parts.push({ jobId, ids })
  }
  return plan
}

/** Whether an object will get the label; counts it among the others if not. */
const judge = ({ skipped }: Plan, { kind, type, labelId }: Member, to: LabelTree | undefined): boolean => {
  if (!to || !canHaveLabel(to, kind as Kind, type ?? '')) {
    skipped.unfit++
    return false
  }
  if (to.id === labelId) skipped.same++
  return to.id !== labelId
}

/** A revision that a change made of a job, for undoing it. */
export type Step = { job_id: number; revision: number }
export type Done = { count: number; skipped: Plan['skipped']; steps: Step[]; problems: string[] }

const describe = (jobId: number, error: unknown) => {
  if (!(error instanceof ApiError)) throw error
  return `Job #${jobId}: ${Object.values(error.body).flat().map(String).join(' ')}`
}

/**
 * Does it: one transaction and one revision a job. Throws 409 with the new count when it is not the one that was agreed to.
 * Jobs that refuse are named in `problems`, the others are done.
 */
export const applyChange = async (asked: Asked, action: Action, chosen: Chosen, agreed: number): Promise<Done> => {
  const plan = await planChange(asked, action, chosen)
  if (plan.count !== agreed)
    throw conflict(`There are ${plan.count} objects now, not ${agreed}: somebody has changed annotations. Look again.`)
  const done: Done = { count: 0, skipped: plan.skipped, steps: [], problems: [] }
  for (const { jobId, ids } of plan.parts)
    try {
      const saved =
        action.kind === 'delete'
          ? await removeObjects(asked.who, jobId, ids)
          : await relabelObjects(asked.who, jobId, ids, action.label)
      const changed = action.kind === 'delete' ? saved.deleted : saved.updated
      const count = changed.tags.length + changed.shapes.length + changed.tracks.length
      done.count += count
      if (count) done.steps.push({ job_id: jobId, revision: saved.revision })
    } catch (error) {
      done.problems.push(describe(jobId, error))
    }
  return done
}

/** Jobs of one undoing. */
export const maxSteps = 5000

/** Brings jobs back to what they were before the steps; a job that has changed since stays as it is and is named. */
export const undoChange = async (who: Who, steps: Step[]): Promise<{ jobs: number; problems: string[] }> => {
  if (steps.length > maxSteps) throw invalid({ steps: `At most ${maxSteps} jobs at once.` })
  const problems: string[] = []
  for (const { job_id, revision } of steps)
    await restoreRevision(who, job_id, revision - 1, revision).catch((error) => problems.push(describe(job_id, error)))
  return { jobs: steps.length - problems.length, problems }
}
