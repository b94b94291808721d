// What people do about suspicious labels: confirm that they are right, open them again, delete or relabel the objects. Counted first.
import { and, eq } from 'drizzle-orm'
import { canHaveLabel, findLabelNamed, type Ids, relabelObjects, removeObjects } from '../annotations/service'
import { isAmong } from '../db/dialect'
import { tx } from '../db/open'
import { ApiError, conflict, invalid } from '../http/errors'
import { jobs } from '../jobs/schema'
import { jobFacts, listJobs } from '../jobs/service'
import { type LabelTree, labelsOf } from '../labels/service'
import { can } from '../policy/can'
import type { Who } from '../policy/who'
import { labelParent } from '../tasks/service'
import { findSuspects, type Narrowing, openPlace, type Suspect, whereVisible } from './list'
import type { Place } from './run'
import { suspects } from './schema'
import type { ThingKind } from './thing'

/** `relabel` without a label gives each object the one that is suggested for it. */
export type Action = { kind: 'confirm' } | { kind: 'reopen' } | { kind: 'delete' } | { kind: 'relabel'; label?: string }
export type Asked = { who: Who; place: Place; narrowing: Narrowing }

export type Plan = {
  /** Suspects that are decided, or objects that change. */
  count: number
  /** In jobs that the person may only view; without a label that fits. */
  skipped: { forbidden: number; unfit: number }
  parts: { jobId: number; label?: string; rows: Suspect[] }[]
}

/** More at once would keep everybody waiting. */
export const maxDecided = 20_000

const kindsOf: Record<ThingKind, keyof Ids> = { shape: 'shapes', track: 'tracks', tag: 'tags' }

const listRows = async (who: Who, jobIds: number[]) => {
  const paging = { page: 1, size: Math.max(1, jobIds.length), offset: 0 }
  const { rows } = await listJobs(who, { kind: 'any' }, [isAmong(jobs.id as any, jobIds)], [], paging)
  return new Map(rows.map((row) => [row.job.id, row]))
}

/** The name of the label that an object should get, if there is one. */
const findLabel = ({ details }: Suspect, action: Action, labels: readonly LabelTree[]): LabelTree | undefined => {
  if (action.kind !== 'relabel') return undefined
  if (action.label !== undefined) return findLabelNamed(labels, action.label)
  return labels.find(({ id }) => id === details.suggestion)
}

const onePerObject = (rows: readonly Suspect[]): Suspect[] => [
  ...new Map(rows.map((row) => [`${row.kind} ${row.objectId}`, row])).values(),
]

/** What an action would do, with nothing done. Throws 403 or 404 for the place, and 400 when there is too much of it. */
export const planDecision = async ({ who, place, narrowing }: Asked, action: Action): Promise<Plan> => {
  await openPlace(who, place)
  const found = await findSuspects(whereVisible(who, place, narrowing))
  if (found.length > maxDecided) throw invalid({ ids: `${found.length} at once are too many, at most ${maxDecided}.` })
  const rows = await listRows(who, [...new Set(found.map(({ jobId }) => jobId))])
  const plan: Plan = { count: 0, skipped: { forbidden: 0, unfit: 0 }, parts: [] }
  const isChange = action.kind === 'delete' || action.kind === 'relabel'
  for (const [jobId, own] of Map.groupBy(found, ({ jobId }) => jobId)) {
    const row = rows.get(jobId)
    if (!row || !can(who, 'job', 'annotate', jobFacts(row))) {
      plan.skipped.forbidden += own.length
      continue
    }
    if (!isChange) {
      plan.parts.push({ jobId, rows: own })
      plan.count += own.length
      continue
    }
    const objects = onePerObject(own)
    if (action.kind === 'delete') {
      plan.parts.push({ jobId, rows: objects })
      plan.count += objects.length
      continue
    }
    const labels = await labelsOf(labelParent(row.task))
    const byLabel = new Map<string, Suspect[]>()
    for (const one of objects) {
      const label = findLabel(one, action, labels)
      if (!label || label.id === one.labelId || !canHaveLabel(label, kindsOf[one.kind], one.details.type ?? ''))
        plan.skipped.unfit++
      else byLabel.set(label.name, [...(byLabel.get(label.name) ?? []), one])
    }
    for (const [label, list] of byLabel) {
      plan.parts.push({ jobId, label, rows: list })
      plan.count += list.length
    }
  }
  return plan
}

/** Takes up again what a change had mended, when that is undone. */
export const reopenMended = (ids: readonly number[]) =>
  tx(async (t) => {
    await t
      .update(suspects)
      .set({ status: 'open', decidedBy: null, decidedDate: null })
      .where(and(eq(suspects.status, 'fixed'), isAmong(suspects.id as any, ids)))
  })

/** A revision that a change made of a job, as undoing it takes it. */
export type Step = { job_id: number; revision: number }
/** `ids` are the suspects that were decided. */
export type Done = { count: number; skipped: Plan['skipped']; steps: Step[]; problems: string[]; ids: number[] }

const decide = (rows: readonly Suspect[], status: 'confirmed' | 'open', userId: number) =>
  tx(async (t) => {
    await t
      .update(suspects)
      .set({
        status,
        ...(status === 'open' ? { decidedBy: null, decidedDate: null } : { decidedBy: userId, decidedDate: new Date() }),
      })
      .where(
        isAmong(
          suspects.id as any,
          rows.map(({ id }) => id),
        ),
      )
  })

/** Whatever was suspected of these objects is mended. */
const close = (jobId: number, rows: readonly Suspect[], userId: number) =>
  tx(async (t) => {
    for (const [kind, own] of Map.groupBy(rows, ({ kind }) => kind))
      await t
        .update(suspects)
        .set({ status: 'fixed', decidedBy: userId, decidedDate: new Date() })
        .where(
          and(
            eq(suspects.jobId, jobId),
            eq(suspects.kind, kind),
            isAmong(
              suspects.objectId as any,
              own.map(({ objectId }) => objectId),
            ),
          ),
        )
  })

const idsOf = (rows: readonly Suspect[]): Ids => {
  const ids: Ids = { tags: [], shapes: [], tracks: [] }
  for (const { kind, objectId } of rows) ids[kindsOf[kind]].push(objectId)
  return ids
}

const describe = (jobId: number, error: unknown) => {
  if (!(error instanceof ApiError)) throw error
  return `Job #${jobId}: ${Object.values(error.body).flat().map(String).join(' ')}`
}

/**
 * Does it. Deleting and relabelling make one revision a job, so that they can be undone. Throws 409 with the new count when it is not
 * the one that was agreed to. Jobs that refuse are named in `problems`, the others are done.
 */
export const applyDecision = async (asked: Asked, action: Action, agreed: number): Promise<Done> => {
  const plan = await planDecision(asked, action)
  if (plan.count !== agreed)
    throw conflict(`There are ${plan.count} now, not ${agreed}: somebody has been at work here. Look again.`)
  const done: Done = { count: 0, skipped: plan.skipped, steps: [], problems: [], ids: [] }
  const { who } = asked
  if (action.kind === 'confirm' || action.kind === 'reopen') {
    const rows = plan.parts.flatMap((part) => part.rows)
    await decide(rows, action.kind === 'confirm' ? 'confirmed' : 'open', who.user.id)
    return { ...done, count: rows.length, ids: rows.map(({ id }) => id) }
  }
  for (const { jobId, label, rows } of plan.parts)
    try {
      const ids = idsOf(rows)
      const saved = label === undefined ? await removeObjects(who, jobId, ids) : await relabelObjects(who, jobId, ids, label)
      const changed = label === undefined ? saved.deleted : saved.updated
      const isChanged = ({ kind, objectId }: Suspect) => changed[kindsOf[kind]].includes(objectId)
      // What is gone already needs no deleting.
      const mended = label === undefined ? rows : rows.filter(isChanged)
      await close(jobId, mended, who.user.id)
      done.ids.push(...mended.map(({ id }) => id))
      const count = rows.filter(isChanged).length
      done.count += count
      if (count) done.steps.push({ job_id: jobId, revision: saved.revision })
      if (label !== undefined) done.skipped.unfit += rows.length - count
    } catch (error) {
      done.problems.push(describe(jobId, error))
    }
  return done
}
