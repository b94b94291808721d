// Which tasks may get more frames.
import { eq } from 'drizzle-orm'
import { db, type Tx } from '../../db/open'
import { refused } from '../../http/errors'
import { validationLayouts } from '../../tasks/schema'
import type { TaskData } from '../stored-media'

/** The data of a task that may grow. Throws 400 for videos, for validation pools, and while there is nothing to grow. */
export const requireGrowable = async (
  taskId: number,
  data: TaskData | null | undefined,
  from: Pick<Tx, 'select'> = db,
): Promise<TaskData> => {
  if (!data) throw refused('The task has no data yet; frames can be appended once it has.')
  if (data.video) throw refused('Frames cannot be appended to a video.')
  const [layout] = await from
    .select({ mode: validationLayouts.mode })
    .from(validationLayouts)
    .where(eq(validationLayouts.taskId, taskId))
  if (layout?.mode === 'gt_pool')
    throw refused('Frames cannot be appended to a task with honeypots: its validation frames stand at the end.')
  return data
}
