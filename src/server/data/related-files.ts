// Pictures that are shown beside frames: kept with the task, found by the file of a frame.
import { eq } from 'drizzle-orm'
import { db, insertRows, type Tx } from '../db/open'
import type { Related } from '../media/media'
import type { FrameRange } from './cut'
import type { Picture } from './probe-files'
import { relatedFiles } from './schema'

/** By the `file` of a frame. */
export type RelatedByFile = ReadonlyMap<string, readonly Related[]>

const rowsPerInsert = 5000

/** Writes the related pictures of the frames that are used; a honeypot shares those of the frame that it shows. */
export const insertRelated = async (t: Tx, taskId: number, pictures: Picture[], { startFrame, step, size }: FrameRange) => {
  const seen = new Set<string>()
  let rows: (typeof relatedFiles.$inferInsert)[] = []
  const flush = async () => {
    if (rows.length) await insertRows(t, relatedFiles, rows)
    rows = []
  }
  for (let i = 0; i < size; i++) {
    const { file: frameFile, related = [] } = pictures[startFrame + i * step]!
    if (!related.length || seen.has(frameFile)) continue
    seen.add(frameFile)
    for (const { name, file } of related) rows.push({ taskId, frameFile, name, file })
    if (rows.length >= rowsPerInsert) await flush()
  }
  await flush()
}

export const listRelated = async (taskId: number): Promise<RelatedByFile> => {
  const rows = await db.select().from(relatedFiles).where(eq(relatedFiles.taskId, taskId)).orderBy(relatedFiles.id)
  const byFile = new Map<string, Related[]>()
  for (const { frameFile, name, file } of rows) {
    const list = byFile.get(frameFile)
    if (list) list.push({ name, file })
    else byFile.set(frameFile, [{ name, file }])
  }
  return byFile
}
