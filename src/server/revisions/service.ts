// The revision log of jobs: written with every change of annotations, read for history, forgotten after a time.
import { and, asc, count, desc, eq, gt, lt, sql } from 'drizzle-orm'
import { config } from '../config'
import { type Db, db, type Tx, tx } from '../db/open'
import { isoTime } from '../http/json'
import type { Paging } from '../http/page'
import { users } from '../users/schema'
import { loadPeople, showPerson } from '../users/service'
import { type Delta, packDelta, unpackDelta } from './pack-delta'
import { type RevisionAction, type RevisionCounts, revisions } from './schema'

export type { Delta, Ids } from './pack-delta'
export { type LoggedChange, readChanges } from './read-changes'
export type { KindCounts, RevisionAction, RevisionCounts } from './schema'

/** Who changes annotations, and how it is called in the log. */
export type Author = { userId: number | null; action: RevisionAction }

const countKinds = (kinds: Record<'tags' | 'shapes' | 'tracks', unknown[]>) => ({
  tags: kinds.tags.length,
  shapes: kinds.shapes.length,
  tracks: kinds.tracks.length,
})
export const countDelta = ({ created, updated, deleted }: Delta): RevisionCounts => ({
  created: countKinds(created),
  updated: countKinds(updated),
  deleted: countKinds(deleted),
})

const noCounts = { tags: 0, shapes: 0, tracks: 0 }

/**
 * Notes that a change made `revision` of a job; in the transaction of the change itself. Without a delta nothing before it can be
 * restored any more.
 */
export const recordRevision = async (
  t: Tx,
  {
    jobId,
    revision,
    by,
    now,
    delta,
    counts = delta ? countDelta(delta) : { created: noCounts, updated: noCounts, deleted: noCounts },
  }: { jobId: number; revision: number; by: Author; now: Date; delta: Delta | null; counts?: RevisionCounts },
): Promise<void> => {
  await t.insert(revisions).values({
    jobId,
    revision,
    userId: by.userId,
    createdDate: now,
    action: by.action,
    counts,
    delta: delta && packDelta(delta),
  })
}

/** Deltas of the changes after `from`, the oldest first. */
export const readDeltas = async (at: Db, jobId: number, from: number): Promise<{ revision: number; delta: Delta | null }[]> => {
  const rows = await at
    .select({ revision: revisions.revision, delta: revisions.delta })
    .from(revisions)
    .where(and(eq(revisions.jobId, jobId), gt(revisions.revision, from)))
    .orderBy(asc(revisions.revision))
  return rows.map(({ revision, delta }) => ({ revision, delta: delta && unpackDelta(delta) }))
}

/** The earliest revision that can still be shown and restored, when the job is at `current`. */
export const findReach = async (jobId: number, current: number): Promise<number> => {
  const [kept] = await db
    .select({
      n: count(),
      first: sql<number | null>`min(${revisions.revision})`,
      last: sql<number | null>`max(${revisions.revision})`,
      barrier: sql<number | null>`max(case when ${revisions.delta} is null then ${revisions.revision} end)`,
    })
    .from(revisions)
    .where(eq(revisions.jobId, jobId))
  const { n, first, last, barrier } = kept!
  if (first === null || last !== current || n !== last - first + 1) return current
  return Math.max(first - 1, barrier ?? 0)
}

/** The log of a job at revision `current`, newest first, as the API shows it. */
export const listRevisions = async (origin: string, jobId: number, current: number, paging: Paging) => {
  const reach = await findReach(jobId, current)
  const rows = await db
    .select({
      revision: revisions.revision,
      userId: revisions.userId,
      createdDate: revisions.createdDate,
      action: revisions.action,
      counts: revisions.counts,
    })
    .from(revisions)
    .where(eq(revisions.jobId, jobId))
    .orderBy(desc(revisions.revision))
    .limit(paging.size)
    .offset(paging.offset)
  const [total] = await db.select({ n: count() }).from(revisions).where(eq(revisions.jobId, jobId))
  const people = await loadPeople(rows.map(({ userId }) => userId))
  const results = rows.map(({ revision, userId, createdDate, action, counts }) => ({
    revision,
    user: userId !== null && people.has(userId) ? showPerson(origin, people.get(userId)!) : null,
    created_date: isoTime(createdDate),
    action,
    ...counts,
    restorable: revision >= reach,
  }))
  return { count: total!.n, results }
}

/** What was done to a job after a revision and by whom, the oldest first; of more than `limit` the newest. */
export const readActions = async (jobId: number, after: number, limit: number) => {
  const rows = await db
    .select({
      revision: revisions.revision,
      action: revisions.action,
      counts: revisions.counts,
      id: users.id,
      username: users.username,
    })
    .from(revisions)
    .leftJoin(users, eq(users.id, revisions.userId))
    .where(and(eq(revisions.jobId, jobId), gt(revisions.revision, after)))
    .orderBy(desc(revisions.revision))
    .limit(limit)
  return rows.reverse().map(({ id, username, ...row }) => ({ ...row, user: id === null ? null : { id, username: username! } }))
}

const dayMs = 24 * 3_600_000

/** Forgets changes older than `revisions_lifetime` days; 0 keeps them for ever. What annotations are now is not touched. */
export const forgetOldRevisions = async (now = Date.now(), days = config().revisions_lifetime): Promise<void> => {
  if (days) await tx(async (t) => void (await t.delete(revisions).where(lt(revisions.createdDate, new Date(now - days * dayMs)))))
}
