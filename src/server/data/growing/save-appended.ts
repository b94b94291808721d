// Writes appended frames and their jobs in one transaction; everything that was there stays as it is.
import { and, eq } from 'drizzle-orm'
import { insertRows, type Tx, tx } from '../../db/open'
import { notFound } from '../../http/errors'
import { deleteUploadRows, type Upload } from '../../http/uploads'
import { jobs } from '../../jobs/schema'
import { insertJobs, recordNewJobs, settleTask } from '../../jobs/service'
import { requests } from '../../requests/schema'
import { findAsker, type RequestRow } from '../../requests/service'
import { tasks } from '../../tasks/schema'
import type { DataParameters } from '../parameters'
import type { Picture } from '../probe-files'
import { insertRelated } from '../related-files'
import { frames, taskData } from '../schema'
import { requireGrowable } from './growable'
import { planGrowth } from './plan-growth'
import { type FileMarks, watches } from './schema'

export type AppendPayload = {
  taskId: number
  parameters: DataParameters
  /** Frames of the new jobs; null = as those that are there. */
  segmentSize: number | null
  /** Tells two requests of one task apart. */
  nonce: string
  /** Set when a watch has started it: bad files are passed over, and noted with their marks. */
  watch?: { id: number; marks: FileMarks }
  /** What came of it, written together with the frames. */
  done?: string
}

const rowsPerInsert = 5000
const insertFrames = async (t: Tx, taskId: number, pictures: Picture[], first: number) => {
  for (let from = 0; from < pictures.length; from += rowsPerInsert) {
    const rows = pictures.slice(from, from + rowsPerInsert).map(({ name, file, width, height }, i) => {
      return { taskId, number: first + from + i, name, file, width, height }
    })
    await insertRows(t, frames, rows)
  }
}

/** Notes in a watch what came of it; files that became no frames of their names are not tried again until they change. */
const noteWatch = async (
  t: Tx,
  { id, marks }: NonNullable<AppendPayload['watch']>,
  { pictures, message }: Pick<Appended, 'pictures' | 'message'>,
) => {
  const [watch] = await t.select().from(watches).where(eq(watches.id, id))
  if (!watch) return
  const taken = new Set(pictures.map(({ name }) => name))
  const left = Object.entries(marks).filter(([name]) => !taken.has(name))
  const unusable = { ...watch.unusable, ...Object.fromEntries(left) }
  await t.update(watches).set({ unusable, lastMessage: message }).where(eq(watches.id, id))
}

type Appended = { pictures: Picture[]; uploads: Upload[]; message: string }

export const saveAppended = (row: RequestRow, { pictures, uploads, message }: Appended): Promise<void> =>
  tx(async (t) => {
    const payload = row.payload as AppendPayload
    const { taskId, parameters, segmentSize, watch } = payload
    const [task] = await t.select().from(tasks).where(eq(tasks.id, taskId))
    if (!task) throw notFound('The task was removed meanwhile.')
    const [found] = await t.select().from(taskData).where(eq(taskData.taskId, taskId))
    const data = await requireGrowable(taskId, found, t)
    const now = new Date()
    if (pictures.length) {
      await insertFrames(t, taskId, pictures, data.size)
      await insertRelated(t, taskId, pictures, { startFrame: 0, step: 1, size: pictures.length, stopFrame: pictures.length - 1 })
      const own = and(eq(jobs.taskId, taskId), eq(jobs.type, 'annotation'))
      const existing = await t
        .select({ startFrame: jobs.startFrame, stopFrame: jobs.stopFrame })
        .from(jobs)
        .where(own)
        .orderBy(jobs.startFrame)
      const lengths = parameters.jobFiles?.map((names) => names.length) ?? null
      const layout = { ...data, segmentSize: task.segmentSize, overlap: task.overlap ?? 0 }
      const growth = planGrowth(layout, pictures.length, existing, lengths ?? segmentSize)
      await insertJobs(t, taskId, growth.cuts, now)
      const size = data.size + pictures.length
      // A ground truth job spans the whole task.
      await t
        .update(jobs)
        .set({ stopFrame: size - 1 })
        .where(and(eq(jobs.taskId, taskId), eq(jobs.type, 'ground_truth')))
      const step = Number(/^step=(\d+)$/.exec(data.frameFilter)?.[1] ?? 1)
      await t
        .update(taskData)
        .set({
          size,
          stopFrame: data.startFrame + (size - 1) * step,
          growSize: growth.growSize,
          // Later than what clients have seen, whatever the clock says.
          grownDate: new Date(Math.max(now.getTime(), (data.grownDate ?? data.chunksUpdatedDate).getTime() + 1)),
          cloudStorageId: data.cloudStorageId ?? parameters.cloudStorageId,
        })
        .where(eq(taskData.id, data.id))
      await t.update(tasks).set({ segmentSize: growth.segmentSize }).where(eq(tasks.id, taskId))
      await settleTask(t, taskId, now)
      const asker = await findAsker(row, t)
      if (asker) await recordNewJobs(t, asker, taskId, data.size)
    }
    await deleteUploadRows(t, uploads)
    if (watch) await noteWatch(t, watch, { pictures, message })
    await t
      .update(requests)
      .set({ payload: { ...payload, done: message } })
      .where(eq(requests.id, row.id))
  })
