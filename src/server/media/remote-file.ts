// Media files that lie in buckets: brought into the cache when they are asked for, and kept there as long as somebody reads them.
import { link, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { storage } from '../storage/storage'
import type { CacheKey, MediaCache } from './cache'
import { mediaPath } from './media-path'

const mark = 'cloud:'

/** `cloud:<storage>/<object>`: the media name of an object in a connected bucket. */
export const cloudName = (storageId: number, object: string) => `${mark}${storageId}/${object}`

/** What a media name of a bucket says; undefined for files of this machine. */
export const readCloudName = (file: string): { storageId: number; object: string } | undefined => {
  const [, id, object] = /^cloud:(\d+)\/(.+)$/s.exec(file) ?? []
  return id === undefined ? undefined : { storageId: Number(id), object: object! }
}

/** Writes an object to a path. Throws when the object or its storage is not there any more, naming it. */
export type FetchObject = (storageId: number, object: string, path: string) => Promise<void>
let fetchObject: FetchObject = async (_id, object) => {
  throw new Error(`${object}: nothing fetches objects of buckets in this process`)
}
/** The feature that knows the buckets says how their objects are fetched. */
export const setFetchObject = (fetch: FetchObject) => {
  fetchObject = fetch
}

const tries = 20
const atOnce = 4

const keyOf = (file: string): CacheKey => ({ key: `object ${file}`, extension: '.source' })

/** @param onFetched is given the fetched file before it counts as cached, and could be dropped */
const cached = async (cache: MediaCache, file: string, onFetched = async (_path: string) => {}): Promise<string> => {
  const { storageId, object } = readCloudName(file)!
  const found = await cache.find(keyOf(file))
  if (found) return found.path
  const [made] = cache.make([keyOf(file)], async ([missing]) => {
    await fetchObject(storageId, object, missing!.temporary)
    await onFetched(missing!.temporary)
  })
  return (await made!).path
}

/** A second name of the cached file: the cache may drop its own meanwhile. */
const hold = async (cache: MediaCache, folder: string, file: string): Promise<string> => {
  const held = join(folder, `${crypto.randomUUID()}.held`)
  for (let attempt = 1; ; attempt++) {
    let isHeld = false
    try {
      const path = await cached(cache, file, async (fetched) => {
        await link(fetched, held)
        isHeld = true
      })
      if (!isHeld) await link(path, held)
      return held
    } catch (error) {
      if (isHeld) await rm(held, { force: true })
      // Dropped between the two steps.
      if ((error as { code?: string }).code !== 'ENOENT' || attempt === tries) throw error
    }
  }
}

/**
 * Gives `work` paths of this machine for the media files, in their order, which stay until it ends. Files that are here already are
 * used as they are.
 * @param folder of the cache
 */
export const withLocalFiles = async <T>(
  cache: MediaCache,
  folder: string,
  files: readonly string[],
  work: (paths: string[]) => Promise<T>,
): Promise<T> => {
  if (!files.some(readCloudName) && storage().root) return work(await Promise.all(files.map(mediaPath)))
  const held: string[] = []
  const paths: string[] = new Array(files.length)
  const temporary = join(folder, 'tmp')
  await mkdir(temporary, { recursive: true })
  let next = 0
  const bring = async () => {
    for (let at = next++; at < files.length; at = next++) {
      if (readCloudName(files[at]!)) held.push((paths[at] = await hold(cache, temporary, files[at]!)))
      else paths[at] = await mediaPath(files[at]!)
    }
  }
  try {
    const ends = await Promise.allSettled(Array.from({ length: Math.min(atOnce, files.length) }, bring))
    const failed = ends.find((end) => end.status === 'rejected')
    if (failed) throw failed.reason
    return await work(paths)
  } finally {
    next = files.length
    await Promise.all(held.map((path) => rm(path, { force: true })))
  }
}

/** Path of a media file on this machine; one from a bucket may go as soon as others are cached. */
export const localPathOf = async (cache: MediaCache, file: string): Promise<string> =>
  readCloudName(file) ? cached(cache, file) : mediaPath(file)
