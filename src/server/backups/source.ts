// What a backup of a task is made of, read once.
import { asc, eq } from 'drizzle-orm'
import { cloudStorages } from '../cloud-storages/schema'
import { frames } from '../data/schema'
import { loadTaskMedia, type TaskData } from '../data/service'
import { db } from '../db/open'
import { type Job, jobsOfTask } from '../jobs/service'
import { type LabelTree, labelsOf } from '../labels/service'
import type { TaskMedia } from '../media/task-media'
import { validationLayouts } from '../tasks/schema'
import { findTask, labelParent, type Task } from '../tasks/service'
import type { BackupBucket } from './layout'

export type BackupSource = {
  task: Task
  data: TaskData
  media: TaskMedia
  labels: LabelTree[]
  /** In the order of backups: each job is followed by its replicas. */
  jobs: Job[]
  layout: typeof validationLayouts.$inferSelect | undefined
  /** Names of pictures by task frame; undefined for a video. */
  names: string[] | undefined
  bucket: BackupBucket | undefined
}

const readNames = async (taskId: number) =>
  (await db.select({ name: frames.name }).from(frames).where(eq(frames.taskId, taskId)).orderBy(asc(frames.number))).map(
    ({ name }) => name,
  )

const readBucket = async (id: number | null): Promise<BackupBucket | undefined> => {
  if (id === null) return undefined
  const { providerType: provider_type, resource } = cloudStorages
  const [row] = await db
    .select({ id: cloudStorages.id, provider_type, resource })
    .from(cloudStorages)
    .where(eq(cloudStorages.id, id))
  return row
}

/** Undefined while the task has no data. */
export const loadSource = async (taskId: number): Promise<BackupSource | undefined> => {
  const { task, data } = await findTask(taskId)
  if (!data) return undefined
  const home = (job: Job) => job.parentJobId ?? job.id
  const [layout] = await db.select().from(validationLayouts).where(eq(validationLayouts.taskId, taskId))
  return {
    task,
    data,
    media: await loadTaskMedia(taskId),
    labels: await labelsOf(labelParent(task)),
    jobs: (await jobsOfTask(taskId)).sort((a, b) => home(a) - home(b) || a.id - b.id),
    layout,
    names: data.video ? undefined : await readNames(taskId),
    bucket: await readBucket(data.cloudStorageId),
  }
}
