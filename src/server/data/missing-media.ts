// Which files the media of tasks name and the disk does not have, and which folders no task names. For the doctor.
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { asc, gt } from 'drizzle-orm'
import { taskCalibrations } from '../calibration/schema'
import { db } from '../db/open'
import { mediaPath, readVideoFrame } from '../media/media'
import { storage } from '../storage/storage'
import { tasks } from '../tasks/schema'
import { frames, relatedFiles, taskData } from './schema'

const pageSize = 5000

/** Rows of a table in the order of their ids, some thousand at a time. */
async function* pagesOf<T extends typeof frames | typeof relatedFiles>(source: T): AsyncGenerator<string[]> {
  for (let last = 0; ; ) {
    const rows = await db
      .select({ id: source.id, file: source.file })
      .from(source as typeof frames)
      .where(gt(source.id, last))
      .orderBy(asc(source.id))
      .limit(pageSize)
    if (!rows.length) return
    yield rows.map(({ file }) => file)
    last = rows.at(-1)!.id
  }
}

async function* mediaNames(): AsyncGenerator<string[]> {
  yield* pagesOf(frames)
  yield* pagesOf(relatedFiles)
  yield (await db.select({ file: taskCalibrations.file }).from(taskCalibrations)).map(({ file }) => file)
  const videos = await db.select({ video: taskData.video }).from(taskData)
  yield videos.flatMap(({ video }) => video?.file ?? [])
}

const isThere = async (file: string): Promise<boolean> => {
  try {
    // What lies in a bucket is not brought here to be looked at.
    if (!storage().root && !file.startsWith('share:')) return (await storage().stat(file)) !== undefined
    return existsSync(await mediaPath(file))
  } catch {
    return false
  }
}

/** Looks at every file once; objects of buckets are not asked for. */
export const findMissingMedia = async (): Promise<{ count: number; looked: number; examples: string[] }> => {
  const seen = new Map<string, boolean>()
  for await (const names of mediaNames())
    for (const name of names) {
      const file = readVideoFrame(name)?.file ?? name
      if (!file.startsWith('cloud:') && !seen.has(file)) seen.set(file, await isThere(file))
    }
  const missing = [...seen].flatMap(([file, there]) => (there ? [] : file))
  return { count: missing.length, looked: seen.size, examples: missing.slice(0, 10) }
}

/** Ids of tasks that are gone, with media that are still there. */
export const listOrphanFolders = async (): Promise<number[]> => {
  const known = new Set((await db.select({ id: tasks.id }).from(tasks)).map(({ id }) => id))
  const folders = new Set<string>()
  if (storage().root) for (const folder of await readdir(storage().localPath('data')).catch(() => [])) folders.add(folder)
  else for await (const name of storage().list('data')) folders.add(name.split('/')[1]!)
  return [...folders].flatMap((folder) => (/^\d{1,9}$/.test(folder) && !known.has(Number(folder)) ? Number(folder) : []))
}
