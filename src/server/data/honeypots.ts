// Where validation frames hide in the jobs of a task, and what is shown there.
import { and, asc, eq, inArray, isNotNull, sql } from 'drizzle-orm'
import { type Db, db, type Tx } from '../db/open'
import { found, notFound } from '../http/errors'
import { frames, taskData } from './schema'

/** Task frames: where a validation frame is shown, and which. */
export type Honeypot = { frame: number; realFrame: number }

/** All honeypots of a task, by frame. */
export const listHoneypots = async (taskId: number, from: Db = db): Promise<Honeypot[]> => {
  const rows = await from
    .select({ frame: frames.number, realFrame: frames.realFrame })
    .from(frames)
    .where(and(eq(frames.taskId, taskId), isNotNull(frames.realFrame)))
    .orderBy(asc(frames.number))
  return rows as Honeypot[]
}

/** The data as they are, after waiting for others who change them where transactions run side by side. */
export const lockData = async (t: Tx, taskId: number): Promise<typeof taskData.$inferSelect> => {
  await t
    .update(taskData)
    .set({ size: sql`${taskData.size}` })
    .where(eq(taskData.taskId, taskId))
  const [data] = await t.select().from(taskData).where(eq(taskData.taskId, taskId))
  return found(data)
}

/**
 * Lets frames show other validation frames: their picture, name, size and whatever else a row says. Frames that change are no longer
 * deleted, and kept media of the task are old from now on.
 */
export const showHoneypots = async (t: Tx, taskId: number, changes: Honeypot[], now: Date): Promise<void> => {
  if (!changes.length) return
  const wanted = [...new Set(changes.map(({ realFrame }) => realFrame))]
  const sources = await t
    .select()
    .from(frames)
    .where(and(eq(frames.taskId, taskId), inArray(frames.number, wanted)))
  const sourceOf = new Map(sources.map(({ id: _, taskId: __, ...row }) => [row.number, row]))
  for (const [realFrame, same] of Map.groupBy(changes, (change) => change.realFrame)) {
    const source = sourceOf.get(realFrame)
    if (!source) throw notFound(`There is no frame ${realFrame}.`)
    const { number: _, ...shown } = source
    const numbers = same.map(({ frame }) => frame)
    for (let from = 0; from < numbers.length; from += 1000)
      await t
        .update(frames)
        .set({ ...shown, realFrame })
        .where(and(eq(frames.taskId, taskId), inArray(frames.number, numbers.slice(from, from + 1000))))
  }
  const changed = new Set(changes.map(({ frame }) => frame))
  const data = await lockData(t, taskId)
  await t
    .update(taskData)
    .set({
      deletedFrames: data.deletedFrames.filter((frame) => !changed.has(frame)),
      // Also within one millisecond it is another version.
      chunksUpdatedDate: new Date(Math.max(now.getTime(), data.chunksUpdatedDate.getTime() + 1)),
    })
    .where(eq(taskData.taskId, taskId))
}
