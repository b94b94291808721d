// Files that are made out of media: found in the cache, or made once for all that ask.
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { config } from '../config'
import { createCounter } from '../http/metrics'
import { type CacheKey, type MediaCache, openCache } from './cache'
import type { MediaJob } from './jobs'
import { offload } from './offload'
import { withLocalFiles } from './remote-file'
import type { MediaFile, TaskMedia } from './task-media'

let opened: { folder: string; cache: MediaCache } | undefined
const cacheFolder = () => join(config().dataDir, 'cache/media')
/** The cache of this process. */
export const cache = (): MediaCache => {
  const folder = cacheFolder()
  if (opened?.folder !== folder) opened = { folder, cache: openCache(folder, config().cache_bytes) }
  return opened.cache
}

/** What a file of a task is kept under. */
export const keyOf = (media: TaskMedia, what: string, extension: CacheKey['extension']): CacheKey => ({
  key: `${media.taskId} ${media.version} ${media.imageQuality} ${what}`,
  extension,
})

/** Runs work on media files, given their paths in order; those from elsewhere stay on this machine as long as it takes. */
export const withFiles = <T>(files: readonly string[], work: (paths: string[]) => Promise<T>): Promise<T> =>
  withLocalFiles(cache(), cacheFolder(), files, work)

const hits = createCounter('annolith_cache_hits_total', 'Media that were found in the cache.')
const misses = createCounter('annolith_cache_misses_total', 'Media that had to be made.')

/** The file of `key`, made by the job out of media files if it is missing. */
export const findOrMake = async (
  key: CacheKey,
  files: readonly string[],
  job: (target: string, paths: string[]) => MediaJob,
): Promise<MediaFile> => {
  const make = (target: string) => withFiles(files, (paths) => offload(job(target, paths), () => {}))
  const found = await cache().find(key)
  ;(found ? hits : misses).add()
  return found ?? (await cache().make([key], ([missing]) => make(missing!.temporary))[0]!)
}

/** The stored bytes as they are. */
export const describeStored = async (path: string, type: string, media: TaskMedia, file: string): Promise<MediaFile> => {
  const { size, mtimeMs } = await stat(path)
  const tag = Bun.hash(`${media.taskId} ${media.version} ${file} ${mtimeMs} ${size}`).toString(36)
  return { path, type, size, etag: `"${tag}-${size.toString(36)}"` }
}
