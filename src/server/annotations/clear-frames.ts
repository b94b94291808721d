// Removes what was drawn on some frames of a task, in all of its jobs: their pictures are others from now on.
import { and, eq, isNull } from 'drizzle-orm'
import { isAmong } from '../db/dialect'
import type { Tx } from '../db/open'
import { jobsOfTask } from '../jobs/service'
import type { Who } from '../policy/who'
import type { Task } from '../tasks/service'
import { changeRows } from './change-job'
import { recordSave } from './record-save'
import { shapes, tags } from './schema'

/** Shapes and tags; tasks whose frames change have no tracks. Jobs that lose something get a new revision. */
export const clearFrames = async (t: Tx, who: Who, task: Task, frames: number[], now: Date): Promise<void> => {
  for (const job of frames.length ? await jobsOfTask(task.id, t) : []) {
    const on = (table: typeof shapes | typeof tags) => and(eq(table.jobId, job.id), isAmong(table.frame as any, frames))
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
    await changeRows(t, job, { remove: gone }, { userId: who.user.id, action: 'delete' }, now)
    await recordSave(t, who, task, job.id, 'delete', gone)
  }
}
