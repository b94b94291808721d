// How much room the data take: places of the data directory, tasks, and the cache, which can be emptied.
import { lstat, opendir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { config } from '../config'
import { removeAbandonedUploads } from '../data/service'
import { forgetExpiredRequests } from '../requests/service'

export type Size = { bytes: number; files: number }

/** Sum over a file or all files below a folder; what is gone meanwhile counts nothing. Links are not followed. */
export const measure = async (path: string, sum: Size = { bytes: 0, files: 0 }): Promise<Size> => {
  const found = await lstat(path).catch(() => undefined)
  if (found?.isFile()) {
    sum.bytes += found.size
    sum.files++
  } else if (found?.isDirectory()) {
    const folder = await opendir(path).catch(() => undefined)
    for await (const entry of folder ?? []) if (!entry.isSymbolicLink()) await measure(join(path, entry.name), sum)
  }
  return sum
}

/** What lies in the data directory, with what it is. */
export const places: Record<string, string> = {
  data: 'Media of tasks',
  results: 'Exported datasets and backups, kept for a limited time',
  uploads: 'Files that are being uploaded',
  assets: 'Pictures in guides',
  models: 'Models for automatic annotation',
  cache: 'Chunks and previews, made again when needed',
  'annolith.db': 'People, projects, tasks and annotations',
  'events.db': 'Events and figures of analytics',
  'queue.db': 'Background work that waits',
}

export type Usage = { measured: Date; places: Record<string, Size>; tasks: Map<number, Size> }

const keptMs = 300_000
let last: Promise<Usage> | undefined
let lastAt = 0

const look = async (): Promise<Usage> => {
  const { dataDir } = config()
  const tasks = new Map<number, Size>()
  for (const name of await readdir(join(dataDir, 'data')).catch(() => []))
    if (/^\d{1,9}$/.test(name)) tasks.set(Number(name), await measure(join(dataDir, 'data', name)))
  const sizes: Record<string, Size> = {}
  for (const name of Object.keys(places)) {
    sizes[name] = await measure(join(dataDir, name))
    if (name.endsWith('.db')) await measure(join(dataDir, `${name}-wal`), sizes[name])
  }
  return { measured: new Date(), places: sizes, tasks }
}

/** What was measured within the last five minutes, else measured now. */
export const readUsage = (isFresh = false): Promise<Usage> => {
  if (!last || isFresh || Date.now() - lastAt > keptMs) {
    lastAt = Date.now()
    last = look()
    last.catch(() => {
      last = undefined
    })
  }
  return last
}

/** Parts of the cache that are made again by themselves; others hold libraries, or files of work that goes on. */
const freeable = ['media', 'cloud-previews']

/** Removes cached media and answers how much that was. Files that are just being made stay. */
export const freeCache = async (): Promise<Size> => {
  const freed: Size = { bytes: 0, files: 0 }
  for (const part of freeable) {
    const folder = join(config().dataDir, 'cache', part)
    for (const name of await readdir(folder).catch(() => [])) {
      if (name === 'tmp') continue
      await measure(join(folder, name), freed)
      await rm(join(folder, name), { recursive: true, force: true })
    }
  }
  last = undefined
  return freed
}

/** Removes results whose time is over, and uploads that were given up; answers how much of both that was. */
export const freeExpired = async (): Promise<Size> => {
  const look = async () => {
    const sum: Size = { bytes: 0, files: 0 }
    for (const name of ['results', 'uploads']) await measure(join(config().dataDir, name), sum)
    return sum
  }
  const before = await look()
  await forgetExpiredRequests()
  await removeAbandonedUploads()
  const after = await look()
  last = undefined
  return { bytes: Math.max(0, before.bytes - after.bytes), files: Math.max(0, before.files - after.files) }
}
