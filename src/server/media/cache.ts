// A folder of derived files with a size limit. Its state is the folder itself: it survives restarts and may be emptied at any time.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { MediaFile } from './task-media'

export type CacheKey = {
  /** Everything that the content depends on. */
  key: string
  /** With dot; decides the MIME type. */
  extension: keyof typeof mediaTypes
}

export const mediaTypes = {
  '.jpg': 'image/jpeg',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.tif': 'image/tiff',
  '.zip': 'application/zip',
  '.mp4': 'video/mp4',
  /** Points of a cloud, cut into tiles. */
  '.tiles': 'application/octet-stream',
  /** A file as it came from elsewhere. */
  '.source': 'application/octet-stream',
} as const

/** A file to write: `position` is that of its key; `done` hands it over as soon as it is complete. */
export type Missing = { position: number; temporary: string; done: () => void }
export type Produce = (missing: Missing[]) => Promise<void>

export type MediaCache = {
  find: (key: CacheKey) => Promise<MediaFile | undefined>
  /** Whether a file is there or being made. */
  has: (key: CacheKey) => boolean
  /** Answers the files, making those that are missing; what is being made already is waited for. Promises settle one by one. */
  make: (keys: CacheKey[], produce: Produce) => Promise<MediaFile>[]
}

/** What is left after an eviction, as a share of the limit, so that not every new file needs one. */
const evictTo = 0.8
const recountMs = 600_000
const abandonedMs = 6 * 3_600_000

export const openCache = (folder: string, maxBytes: number): MediaCache => {
  const inFlight = new Map<string, Promise<MediaFile>>()
  const usedAt = new Map<string, number>()
  const temporaryFolder = join(folder, 'tmp')
  let total: number | undefined
  let countedAt = 0
  let evicting: Promise<void> | undefined
  let lastUse = 0
  /** Milliseconds, strictly ascending, so that uses within one of them have an order. */
  const tick = () => (lastUse = Math.max(Date.now(), lastUse + 0.001))

  const hashOf = ({ key }: CacheKey) => createHash('sha256').update(key).digest('hex').slice(0, 40)
  const pathOf = (hash: string, extension: string) => join(folder, hash.slice(0, 2), hash + extension)

  const describe = async (path: string, hash: string, extension: CacheKey['extension']): Promise<MediaFile | undefined> => {
    const found = await stat(path).catch(() => undefined)
    if (!found?.isFile()) return undefined
    usedAt.set(path, tick())
    // A file made again has another time, so one tag never stands for two contents.
    const etag = `"${hash}-${found.mtimeMs.toString(36)}-${found.size.toString(36)}"`
    return { path, type: mediaTypes[extension], size: found.size, etag }
  }

  const listFiles = async () => {
    const files: { path: string; size: number; used: number }[] = []
    for (const part of await readdir(folder).catch(() => [])) {
      for (const name of await readdir(join(folder, part)).catch(() => [])) {
        const path = join(folder, part, name)
        const found = await stat(path).catch(() => undefined)
        if (!found) continue
        if (part === 'tmp' && Date.now() - found.mtimeMs > abandonedMs) await rm(path, { force: true })
        else if (part !== 'tmp') files.push({ path, size: found.size, used: Math.max(found.mtimeMs, usedAt.get(path) ?? 0) })
      }
    }
    return files
  }

  /** Counts what is there and removes the longest unused until the limit is kept; `keep` stays whatever its size. */
  const evict = async (keep: string) => {
    const files = (await listFiles()).sort((a, b) => a.used - b.used)
    let sum = files.reduce((bytes, { size }) => bytes + size, 0)
    const limit = sum > maxBytes ? maxBytes * evictTo : maxBytes
    for (const { path, size } of files) {
      if (sum <= limit) break
      if (path === keep) continue
      await rm(path, { force: true })
      usedAt.delete(path)
      sum -= size
    }
    total = sum
    countedAt = Date.now()
  }

  const account = async (path: string, size: number) => {
    // A count that is going on may have missed this file.
    await evicting
    if (total !== undefined) total += size
    if (total !== undefined && total <= maxBytes && Date.now() - countedAt < recountMs) return
    evicting ??= evict(path).finally(() => {
      evicting = undefined
    })
    await evicting
  }

  const adopt = async (temporary: string, hash: string, extension: CacheKey['extension']): Promise<MediaFile> => {
    const path = pathOf(hash, extension)
    await mkdir(join(path, '..'), { recursive: true })
    await rename(temporary, path)
    const file = await describe(path, hash, extension)
    if (!file) throw new Error('a derived file vanished while it was made')
    await account(path, file.size)
    return file
  }

  const make: MediaCache['make'] = (keys, produce) => {
    const missing: (Missing & { fail: (error: unknown) => void })[] = []
    const results = keys.map((key, position) => {
      const hash = hashOf(key)
      const known = inFlight.get(hash)
      if (known) return known
      const made = Promise.withResolvers<void>()
      const temporary = join(temporaryFolder, `${crypto.randomUUID()}${key.extension}`)
      const file = made.promise.then(() => adopt(temporary, hash, key.extension)).finally(() => inFlight.delete(hash))
      file.catch(() => rm(temporary, { force: true }))
      inFlight.set(hash, file)
      missing.push({ position, temporary, done: made.resolve, fail: made.reject })
      return file
    })
    if (missing.length) {
      mkdir(temporaryFolder, { recursive: true })
        .then(() => produce(missing))
        .then(
          () => {
            for (const { done } of missing) done()
          },
          (error) => {
            for (const { fail } of missing) fail(error)
          },
        )
    }
    return results
  }

  return {
    make,
    find: (key) => {
      const hash = hashOf(key)
      return describe(pathOf(hash, key.extension), hash, key.extension)
    },
    has: (key) => {
      const hash = hashOf(key)
      return inFlight.has(hash) || existsSync(pathOf(hash, key.extension))
    },
  }
}
