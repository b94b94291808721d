// Suspicious labels as people see them: those of the jobs that they may see, the worst first.
import { and, asc, count, desc, eq, max, type SQL, sum } from 'drizzle-orm'
import { isAmong } from '../db/dialect'
import { db } from '../db/open'
import { found, invalid } from '../http/errors'
import { float, isoTime, isoTimeOrNull } from '../http/json'
import type { Paging } from '../http/page'
import { jobs } from '../jobs/schema'
import { jobColumns } from '../jobs/service'
import { labels } from '../labels/schema'
import { scope } from '../policy/can'
import type { Who } from '../policy/who'
import { projects } from '../projects/schema'
import { getProject } from '../projects/service'
import { tasks } from '../tasks/schema'
import { getTask } from '../tasks/service'
import { loadPeople, showPerson } from '../users/service'
import type { Place } from './run'
import { type Status, statuses, suspectRuns, suspects } from './schema'
import { type Reason, reasons } from './thing'
import { describeFinding } from './words'

export type Suspect = typeof suspects.$inferSelect
export type Narrowing = { reason?: Reason; status?: Status; labelId?: number; jobId?: number; ids?: readonly number[] }

const isIn = (place: Place) => ('taskId' in place ? eq(suspects.taskId, place.taskId) : eq(tasks.projectId, place.projectId))

/** Throws 403 or 404 unless the person may see the task or project. */
export const openPlace = async (who: Who, place: Place): Promise<void> => {
  if ('taskId' in place) await getTask(who, place.taskId)
  else await getProject(who, place.projectId)
}

/** Throws 400 for values that there are not. */
export const readNarrowing = ({ reason, status }: { reason?: string; status?: string }): Narrowing => {
  if (reason && !reasons.includes(reason as Reason)) throw invalid({ reason: `One of ${reasons.join(', ')} is required.` })
  if (status && status !== 'all' && !statuses.includes(status as Status))
    throw invalid({ status: `One of ${statuses.join(', ')}, all is required.` })
  return {
    ...(reason && { reason: reason as Reason }),
    ...(status !== 'all' && { status: (status || 'open') as Status }),
  }
}

const joined = <T extends { innerJoin: any }>(query: T): T =>
  query
    .innerJoin(jobs, eq(jobs.id, suspects.jobId))
    .innerJoin(tasks, eq(tasks.id, suspects.taskId))
    .leftJoin(projects, eq(projects.id, tasks.projectId))

/** Suspects of a place that the person may see. */
export const whereVisible = (who: Who, place: Place, { reason, status, labelId, jobId, ids }: Narrowing): SQL | undefined =>
  and(
    isIn(place),
    scope(who, 'job', 'view', jobColumns, { kind: 'any' }),
    reason && eq(suspects.reason, reason),
    status && eq(suspects.status, status),
    labelId === undefined ? undefined : eq(suspects.labelId, labelId),
    jobId === undefined ? undefined : eq(suspects.jobId, jobId),
    ids && isAmong(suspects.id as any, ids),
  )

export const findSuspects = async (where: SQL | undefined, paging?: Pick<Paging, 'size' | 'offset'>): Promise<Suspect[]> => {
  const query = (joined(db.select({ suspect: suspects }).from(suspects) as any) as any)
    .where(where)
    .orderBy(desc(suspects.score), asc(suspects.id))
  const rows: { suspect: Suspect }[] = await (paging ? query.limit(paging.size).offset(paging.offset) : query)
  return rows.map(({ suspect }) => suspect)
}

export const countSuspects = async (where: SQL | undefined): Promise<number> =>
  Number((await (joined(db.select({ n: count() }).from(suspects) as any) as any).where(where))[0].n)

/** How many there are of each reason. */
export const countReasons = async (where: SQL | undefined): Promise<{ reason: Reason; count: number }[]> => {
  const rows: { reason: Reason; n: number }[] = await (
    joined(db.select({ reason: suspects.reason, n: count() }).from(suspects) as any) as any
  )
    .where(where)
    .groupBy(suspects.reason)
  const counts = new Map(rows.map(({ reason, n }) => [reason, Number(n)]))
  return reasons.flatMap((reason) => (counts.has(reason) ? [{ reason, count: counts.get(reason)! }] : []))
}

/** When the place was looked through last, and how many objects there were; null when never. */
export const readLastRun = async (place: Place): Promise<{ date: Date; objects: number } | null> => {
  const [row] = (await db
    .select({ date: max(suspectRuns.ranDate), objects: sum(suspectRuns.objects).mapWith(Number) })
    .from(suspectRuns)
    .innerJoin(tasks, eq(tasks.id, suspectRuns.taskId))
    .where('taskId' in place ? eq(tasks.id, place.taskId) : eq(tasks.projectId, place.projectId))) as [
    { date: Date | null; objects: number | null },
  ]
  return row.date ? { date: new Date(row.date), objects: row.objects ?? 0 } : null
}

/** The suspect, when the person may see its job: else 404 or 403. */
export const getSuspect = async (who: Who, id: number): Promise<Suspect> => {
  const row = found((await db.select().from(suspects).where(eq(suspects.id, id)))[0])
  await openPlace(who, { taskId: row.taskId })
  return row
}

const loadLabels = async (rows: readonly Suspect[]) => {
  const ids = rows
    .flatMap(({ labelId, details }) => [labelId, details.other?.labelId, details.suggestion])
    .filter((id) => id !== undefined)
  const list = ids.length
    ? await db
        .select({ id: labels.id, name: labels.name, color: labels.color })
        .from(labels)
        .where(isAmong(labels.id as any, [...new Set(ids)]))
    : []
  return new Map(list.map((label) => [label.id, label]))
}

/** As API and pages show them; words are in the language of the page. */
export const showSuspects = async (origin: string, rows: readonly Suspect[]) => {
  const names = await loadLabels(rows)
  const people = await loadPeople(rows.map(({ decidedBy }) => decidedBy))
  const taskNames = new Map(
    (rows.length
      ? await db
          .select({ id: tasks.id, name: tasks.name })
          .from(tasks)
          .where(isAmong(tasks.id as any, [...new Set(rows.map(({ taskId }) => taskId))]))
      : []
    ).map(({ id, name }) => [id, name]),
  )
  return rows.map((row) => {
    const { details } = row
    const label = names.get(row.labelId)
    const other = details.other
    const suggestion = details.suggestion === undefined ? undefined : names.get(details.suggestion)
    const address = new URLSearchParams({ frame: String(row.frame), type: row.kind, serverID: String(row.objectId) })
    return {
      id: row.id,
      task_id: row.taskId,
      task_name: taskNames.get(row.taskId) ?? '',
      job_id: row.jobId,
      frame: row.frame,
      type: row.kind,
      object_id: row.objectId,
      label: label ?? null,
      reason: row.reason,
      words: describeFinding(row.reason, details, {
        label: label?.name ?? '',
        other: (other && names.get(other.labelId)?.name) ?? '',
        suggestion: suggestion?.name ?? '',
      }),
      score: float(row.score),
      box: details.box ?? null,
      other: other ? { type: other.kind, object_id: other.id, label_id: other.labelId, box: other.box } : null,
      suggested_label: suggestion ?? null,
      attributes: details.attributes ?? [],
      status: row.status,
      decided_by: row.decidedBy !== null && people.has(row.decidedBy) ? showPerson(origin, people.get(row.decidedBy)!) : null,
      decided_date: isoTimeOrNull(row.decidedDate),
      found_date: isoTime(row.foundDate),
      url: `/tasks/${row.taskId}/jobs/${row.jobId}?${address}`,
      thumbnail: `/api/suspects/${row.id}/thumbnail`,
    }
  })
}
/** What is shown of one object. */
export type ShownSuspect = Awaited<ReturnType<typeof showSuspects>>[number]
