// One result for equal exports: while nothing of what is exported has changed, whoever asks again gets the file that is there.
import { and, eq, sql } from 'drizzle-orm'
import { listHoneypots } from '../data/service'
import { db, type Tx, tx } from '../db/open'
import { jobsOfTask } from '../jobs/service'
import { labelsOf } from '../labels/service'
import { projects } from '../projects/schema'
import { findProject } from '../projects/service'
import { requests } from '../requests/schema'
import type { RequestRow } from '../requests/service'
import { storage } from '../storage/storage'
import { tasks, validationLayouts } from '../tasks/schema'
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

/** Lets only one at a time decide about exports of the same thing: writing a row holds it until the transaction ends. */
const lockTarget = async (t: Tx, { projectId, taskId, target }: RequestRow) => {
  if (target === 'project')
    await t
      .update(projects)
      .set({ name: sql`${projects.name}` })
      .where(eq(projects.id, projectId!))
  else
    await t
      .update(tasks)
      .set({ name: sql`${tasks.name}` })
      .where(eq(tasks.id, taskId!))
}

/** Marks this request as the one that makes the result, unless another does; false when it has to wait. */
const claim = (row: RequestRow, shareKey: string): Promise<boolean> =>
  tx(async (t) => {
    await lockTarget(t, row)
    const makers = await t
      .select({ id: requests.id })
      .from(requests)
      .where(and(eq(requests.shareKey, shareKey), eq(requests.status, 'started')))
    if (makers.some(({ id }) => id !== row.id)) return false
    await t.update(requests).set({ shareKey }).where(eq(requests.id, row.id))
    return true
  })

const findFinished = async (row: RequestRow, shareKey: string): Promise<string | undefined> => {
  const done = await db
    .select()
    .from(requests)
    .where(and(eq(requests.shareKey, shareKey), eq(requests.status, 'finished')))
  for (const { id, resultFile, expiryDate } of done) {
    const isKept = id !== row.id && resultFile && !(expiryDate && expiryDate < new Date())
    if (isKept && (await storage().stat(resultFile))) return resultFile
  }
  return undefined
}

/** The file of an equal export that is kept; waits for one that is being made. Undefined when this request has to make its own. */
export const findEqualResult = async (row: RequestRow, shareKey: string): Promise<string | undefined> => {
  for (;;) {
    const finished = await findFinished(row, shareKey)
    if (finished) return finished
    if (await claim(row, shareKey)) {
      // Another may have ended between the look and the claim.
      return findFinished(row, shareKey)
    }
    await Bun.sleep(waitMs)
  }
}
