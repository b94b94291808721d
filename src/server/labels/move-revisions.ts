// When a label or attribute goes, annotations go or lose values: the jobs that have them get a new revision, so that no stale save follows.
import { inArray, or, sql } from 'drizzle-orm'
import { shapes, tags, tracks } from '../annotations/schema'
import type { Tx } from '../db/open'
import { jobs } from '../jobs/schema'

/** Call it before the labels are removed. */
export const moveRevisions = async (t: Tx, labelIds: number[]): Promise<void> => {
  if (!labelIds.length) return
  const having = (table: typeof tags | typeof shapes | typeof tracks) =>
    inArray(jobs.id, t.select({ id: table.jobId }).from(table).where(inArray(table.labelId, labelIds)))
  await t
    .update(jobs)
    .set({ revision: sql`${jobs.revision} + 1` })
    .where(or(having(tags), having(shapes), having(tracks)))
}
