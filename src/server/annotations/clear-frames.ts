// Removes what was drawn on some frames of a task, in all of its jobs: their pictures are others from now on.
import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import { isAmong } from '../db/dialect'
import type { Tx } from '../db/open'
import { jobs } from '../jobs/schema'
import { jobsOfTask } from '../jobs/service'
import type { Who } from '../policy/who'
import type { Task } from '../tasks/service'
import { recordSave } from './record-save'
import { shapes, tags } from './schema'
import { deleteByIds } from './store'
export const clearFrames = async (t: Tx, who: Who, task: Task, frames: number[], now: Date): Promise<void> => {
  for (const { id: jobId } of frames.length ? await jobsOfTask(task.id, t) : []) {
    const on = (table: typeof shapes | typeof tags) => and(eq(table.jobId, jobId), isAmong(table.frame as any, frames))
    const idsOf = (rows: { id: number }[]) => rows.map(({ id }) => id)
    const gone = {
      tags: idsOf(await t.select({ id: tags.id }).from(tags).where(on(tags))),
      shapes: idsOf(
        await t
          .select({ id: shapes.id })
          .from(shapes)
          .where(and(on(shapes), isNull(shapes.parentId))),
      ),
      tracks: [],
    }
    if (!gone.tags.length && !gone.shapes.length) continue
    await deleteByIds(t, jobId, gone)
    await t
      .update(jobs)
      .set({ revision: sql`${jobs.revision} + 1`, updatedDate: now })
      .where(inArray(jobs.id, [jobId]))
    await recordSave(t, who, task, jobId, 'delete', gone)
  }
}
