// The storage of several hosts: what must last lies in one bucket, and each host keeps copies of what it has worked with.
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Bucket } from './bucket-address'
import { openDisk } from './disk'
import { checkName, StorageError } from './name'
import { openObjectStorage } from './object-storage'
import type { Storage } from './storage'

/** Folders of the bucket; everything else is of this host alone. */
const sharedFolders = new Set(['data', 'uploads', 'results', 'assets', 'models'])
/** Files that another host may write anew under the same name: a copy is compared before it is used. */
const rewritten = /^(results|uploads)\//
/** A copy that was asked for lately may still be about to be opened. */
const restMs = 600_000
const touchMs = 60_000
/** What is left after a clearing, as a share of the limit. */
const clearTo = 0.8

export type SharedOptions = {
  open: () => Promise<Bucket>
  /** The data directory of this host. */
  folder: string
  /** Most bytes of copies, but for those of the last minutes. */
  maxBytes: number
}

const isSharedName = (name: string) => sharedFolders.has(name.split('/', 1)[0]!)

/** Copies of objects under their names, with the times of the objects, so that entity tags are the same on all hosts. */
const openCopies = (objects: Storage, root: string, maxBytes: number) => {
  const coming = new Map<string, Promise<string>>()
  let fresh = Number.POSITIVE_INFINITY

  const pathOf = (name: string) => join(root, checkName(name))
  const note = (path: string, modified: Date) => utimes(path, new Date(), modified)

  async function* walk(folder: string): AsyncGenerator<{ path: string; size: number; used: number }> {
    for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) yield* walk(path)
      const found = entry.isFile() && (await stat(path).catch(() => undefined))
      if (found) yield { path, size: found.size, used: found.atimeMs }
    }
  }

  /** Removes the longest unused copies when there are too many bytes of them. */
  const clear = async () => {
    const files = (await Array.fromAsync(walk(root))).sort((a, b) => a.used - b.used)
    let total = files.reduce((sum, { size }) => sum + size, 0)
    for (const { path, size, used } of total > maxBytes ? files : []) {
      if (total <= maxBytes * clearTo || used > Date.now() - restMs) break
      await rm(path, { force: true })
      total -= size
    }
  }

  /** Puts a finished local file in the place of a copy. */
  const keep = async (name: string, file: string, modified: Date) => {
    const path = pathOf(name)
    const { size } = await stat(file)
    await mkdir(dirname(path), { recursive: true })
    await note(file, modified)
    // A file that was made on another disk is fetched again when somebody asks.
    await rename(file, path).catch((error) => (error.code === 'EXDEV' ? rm(file) : Promise.reject(error)))
    fresh += size
    if (fresh < maxBytes / 10) return path
    fresh = 0
    await clear()
    return path
  }

  const fetchCopy = async (name: string): Promise<string> => {
    const temporary = join(root, '.coming', crypto.randomUUID())
    await mkdir(dirname(temporary), { recursive: true })
    try {
      // The stat is of the same object or of an older one, which is then fetched again at the next use.
      const modified = (await objects.stat(name))?.modified ?? new Date(0)
      const sink = Bun.file(temporary).writer()
      for await (const chunk of await objects.stream(name)) {
        sink.write(chunk)
        await sink.flush()
      }
      await sink.end()
      return await keep(name, temporary, modified)
    } finally {
      await rm(temporary, { force: true })
    }
  }

  const isCurrent = async (name: string, copy: { size: number; mtimeMs: number }) => {
    if (!rewritten.test(name)) return true
    const now = await objects.stat(name)
    return now !== undefined && now.size === copy.size && now.modified.getTime() === Math.round(copy.mtimeMs)
  }

  const bring = async (name: string): Promise<string> => {
    const path = pathOf(name)
    const copy = await stat(path).catch(() => undefined)
    if (copy?.isFile() && (await isCurrent(name, copy))) {
      if (copy.atimeMs < Date.now() - touchMs) await note(path, copy.mtime).catch(() => {})
      return path
    }
    const known = coming.get(name) ?? fetchCopy(name).finally(() => coming.delete(name))
    coming.set(name, known)
    return known
  }

  return { bring, keep, drop: (name: string) => rm(pathOf(name), { recursive: true, force: true }) }
}

/** Files of the shared folders in a bucket, all others in `folder`. */
export const openShared = ({ open, folder, maxBytes }: SharedOptions): Storage => {
  const disk = openDisk(folder)
  const openParts = async () => {
    const { store, prefix } = await open()
    const objects = openObjectStorage(store, prefix)
    return { objects, copies: openCopies(objects, join(folder, 'cache/objects'), maxBytes) }
  }
  let opening: ReturnType<typeof openParts> | undefined
  const parts = () => (opening ??= openParts())
  const at = async (name: string): Promise<Storage> => (isSharedName(name) ? (await parts()).objects : disk)

  return {
    get: async (name) => (await at(name)).get(name),
    stream: async (name, range) => (await at(name)).stream(name, range),
    stat: async (name) => (await at(name)).stat(name),
    list: async function* (name) {
      yield* (await at(name)).list(name)
    },
    put: async (name, content, write) => {
      await (await at(name)).put(name, content, write)
      if (isSharedName(name)) await (await parts()).copies.drop(name)
    },
    adopt: async (name, localFile, write) => {
      if (!isSharedName(name)) return disk.adopt(name, localFile, write)
      const { objects, copies } = await parts()
      await objects.put(name, Bun.file(localFile))
      // What was just made is asked for next.
      await copies.keep(name, localFile, (await objects.stat(name))?.modified ?? new Date(0))
    },
    move: async (from, to) => {
      if (!isSharedName(from)) {
        if (isSharedName(to)) throw new StorageError(`${from} is of this host alone: it is adopted, not moved`)
        return disk.move(from, to)
      }
      const { objects, copies } = await parts()
      await objects.move(from, to)
      await copies.drop(from)
      await copies.drop(to)
    },
    remove: async (name) => {
      await (await at(name)).remove(name)
      if (isSharedName(name)) await (await parts()).copies.drop(name)
    },
    local: async (name) => (isSharedName(name) ? (await parts()).copies.bring(name) : disk.local(name)),
    localPath: (name) => {
      if (isSharedName(name)) throw new StorageError(`${name} lies in the bucket: ask for a local copy`)
      return disk.localPath(name)
    },
  }
}
