// What is drawn on point clouds follows labels, projects and frames: whatever changes them calls these in its transaction.
import { eq, inArray, sql } from 'drizzle-orm'
import type { AttributeValue } from '../../formats/model'
import { isAmong } from '../db/dialect'
import type { Tx } from '../db/open'
import { jobs } from '../jobs/schema'
import { settleSegments } from './paint'
import { cloudRevisions, cloudSegments, cloudShapes } from './schema'
import { clearShapes, listFrames, loadFrame, replaceSegments } from './store'

/** Saves that are based on an older state of these jobs are stale from now on. */
const moveRevisions = async (t: Tx, jobIds: readonly number[]) => {
  if (jobIds.length)
    await t
      .update(cloudRevisions)
      .set({ revision: sql`${cloudRevisions.revision} + 1` })
      .where(isAmong(cloudRevisions.jobId as any, jobIds))
}

/** Call it before labels are removed or lose an attribute; what has a removed label goes with it. */
export const noteLabelsGone = async (t: Tx, labelIds: number[]): Promise<void> => {
  if (!labelIds.length) return
  const found = new Set<number>()
  for (const table of [cloudSegments, cloudShapes] as const)
    for (const { jobId } of await t.selectDistinct({ jobId: table.jobId }).from(table).where(inArray(table.labelId, labelIds)))
      found.add(jobId)
  await moveRevisions(t, [...found])
}

/** Old id → new id of labels and attributes: what the jobs have gets the new ones. Labels that become one share their points. */
export const moveCloudShapes = async (
  t: Tx,
  jobIds: number[],
  { labels, specs }: { labels: ReadonlyMap<number, number>; specs: ReadonlyMap<number, number> },
): Promise<void> => {
  for (const jobId of jobIds)
    for (const frame of await listFrames(t, [jobId])) {
      const { segments, shapes } = await loadFrame(t, jobId, frame)
      const moved = segments.map((segment) => ({ ...segment, labelId: labels.get(segment.labelId) ?? segment.labelId }))
      if (segments.length) await replaceSegments(t, jobId, frame, settleSegments(moved))
      for (const { id, labelId, attributes } of shapes) {
        const kept = attributes.flatMap(({ spec_id, value }): AttributeValue[] =>
          specs.has(spec_id) ? [{ spec_id: specs.get(spec_id)!, value }] : [],
        )
        await t
          .update(cloudShapes)
          .set({ labelId: labels.get(labelId) ?? labelId, attributes: JSON.stringify(kept) })
          .where(eq(cloudShapes.id, id!))
      }
    }
  await moveRevisions(t, jobIds)
}

/** Some frames of a task show other clouds from now on. */
export const clearCloudFrames = async (t: Tx, taskId: number, frames: readonly number[]): Promise<void> => {
  if (!frames.length) return
  const own = (await t.select({ id: jobs.id }).from(jobs).where(eq(jobs.taskId, taskId))).map(({ id }) => id)
  for (const id of own) await clearShapes(t, id, frames)
  await moveRevisions(t, own)
}
