// One result for equal exports: while nothing of what is exported has changed, whoever asks again gets the file that is there.
import { and, eq, inArray } from 'drizzle-orm'
import { listHoneypots } from '../data/service'
import { db } from '../db/open'
import { jobsOfTask } from '../jobs/service'
import { labelsOf } from '../labels/service'
import { findProject } from '../projects/service'
import { requests } from '../requests/schema'
import type { RequestRow } from '../requests/service'
import { storage } from '../storage/storage'
import { validationLayouts } from '../tasks/schema'
import { findTask, labelParent, type TaskRow } from '../tasks/service'
import { listTasksWithData } from './project-dataset'

/** Everything that the content of an export depends on but its annotations, whose changes move the revisions of their jobs. */
const collectState = async ({ task, data }: Pick<TaskRow, 'task' | 'data'>) => [
  task,
  data,
  await jobsOfTask(task.id),
  await listHoneypots(task.id),
  await db.select().from(validationLayouts).where(eq(validationLayouts.taskId, task.id)),
]

const collectAll = async ({ projectId, taskId, target }: RequestRow): Promise<unknown[]> => {
  if (target !== 'project') {
    const row = await findTask(taskId!)
    return [await labelsOf(labelParent(row.task)), await collectState(row)]
  }
  const project = await findProject(projectId!)
  const states: unknown[] = [project, await labelsOf({ projectId: project.id })]
  for (const row of await listTasksWithData(project)) states.push(await collectState(row))
  return states
}

/** The same text for requests whose results would be the same. */
export const nameResult = async (row: RequestRow): Promise<string> => {
  const { saveImages, origin } = row.payload as { saveImages: boolean; origin: string }
  const asked = [row.target, row.projectId, row.taskId, row.jobId, row.format, saveImages, origin]
  return new Bun.CryptoHasher('sha256').update(JSON.stringify([asked, await collectAll(row)])).digest('hex')
}

const waitMs = 200

/**
 * The file of an equal export that is finished and kept; waits for one that is running. Undefined when this request has to make
 * its own. Of two that run at once the one that was asked for first goes ahead.
 */
export const findEqualResult = async (row: RequestRow, shareKey: string): Promise<string | undefined> => {
  for (;;) {
    const equal = await db
      .select()
      .from(requests)
      .where(and(eq(requests.shareKey, shareKey), inArray(requests.status, ['started', 'finished'])))
    const others = equal.filter(({ id }) => id !== row.id)
    for (const { resultFile, status, expiryDate } of others) {
      if (status !== 'finished' || !resultFile || (expiryDate && expiryDate < new Date())) continue
      if (await storage().stat(resultFile)) return resultFile
    }
    const isBehind = others.some(
      ({ status, createdDate, key }) =>
        status === 'started' && (createdDate < row.createdDate || (+createdDate === +row.createdDate && key < row.key)),
    )
    if (!isBehind) return undefined
    await Bun.sleep(waitMs)
  }
}
