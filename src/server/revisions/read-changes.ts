// What happened to the annotations of one job, change by change, for those who follow objects through the log.
import { and, asc, eq, gte } from 'drizzle-orm'
import { db } from '../db/open'
import { type Delta, unpackDelta } from './pack-delta'
import { type RevisionAction, revisions } from './schema'

export type LoggedChange = { action: RevisionAction; userId: number | null; created: Date; delta: Delta }

/** Changes of a job since a moment, the oldest first; those that keep no delta are left out. */
export const readChanges = async (jobId: number, since: Date): Promise<LoggedChange[]> => {
  const rows = await db
    .select({ action: revisions.action, userId: revisions.userId, created: revisions.createdDate, delta: revisions.delta })
    .from(revisions)
    .where(and(eq(revisions.jobId, jobId), gte(revisions.createdDate, since)))
    .orderBy(asc(revisions.revision))
  return rows.flatMap(({ delta, ...row }) => (delta ? [{ ...row, delta: unpackDelta(delta) }] : []))
}
