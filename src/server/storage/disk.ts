// Storage in a folder of this machine.
import { createReadStream } from 'node:fs'
import { copyFile, mkdir, open, opendir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { checkName, StorageError } from './name'
import type { FileContent, Storage } from './storage'

const isMissing = (error: unknown) => ['ENOENT', 'ENOTDIR'].includes((error as { code?: string }).code ?? '')
const temporaryMark = '.tmp-'

const chunksOf = async function* (content: FileContent): AsyncIterable<Uint8Array> {
  if (typeof content === 'string') yield new TextEncoder().encode(content)
  else if (content instanceof Uint8Array) yield content
  else yield* content instanceof Blob ? content.stream() : content
}

const writeAll = async (path: string, content: FileContent, sync: boolean) => {
  const file = await open(path, 'wx')
  try {
    for await (const chunk of chunksOf(content)) {
      for (let done = 0; done < chunk.length; ) done += (await file.write(chunk, done)).bytesWritten
    }
    if (sync) await file.sync()
  } finally {
    await file.close()
  }
}

const syncPath = async (path: string) => {
  const file = await open(path, 'r')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Keeps files under `root`, which is made on the first write. */
export const openDisk = (root: string): Storage => {
  const localPath = (name: string) => join(root, checkName(name))

  /** Calls `write` with a temporary path beside the target, then renames it into place. */
  const replace = async (name: string, sync: boolean, write: (temporary: string) => Promise<void>) => {
    const path = localPath(name)
    const folder = dirname(path)
    const temporary = join(folder, `${temporaryMark}${crypto.randomUUID()}`)
    await mkdir(folder, { recursive: true })
    try {
      await write(temporary)
      await rename(temporary, path)
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
    // Without this a power cut may forget the new name although the bytes are on disk.
    if (sync) await syncPath(folder)
  }

  const walk = async function* (folder: string, prefix: string): AsyncIterable<string> {
    const entries = await opendir(folder).catch((error) => {
      if (isMissing(error)) return undefined
      throw error
    })
    if (!entries) return
    for await (const entry of entries) {
      if (entry.isDirectory()) yield* walk(join(folder, entry.name), `${prefix}${entry.name}/`)
      else if (entry.isFile() && !entry.name.startsWith(temporaryMark)) yield prefix + entry.name
    }
  }

  const statFile = async (name: string) => {
    try {
      const found = await stat(localPath(name))
      return found.isFile() ? { size: found.size, modified: found.mtime } : undefined
    } catch (error) {
      if (isMissing(error)) return undefined
      throw error
    }
  }

  const requireFile = async (name: string) => {
    const found = await statFile(name)
    if (!found) throw new StorageError(`there is no file ${JSON.stringify(name)}`)
    return found
  }

  return {
    root,
    localPath,
    local: async (name) => localPath(name),
    stat: statFile,
    put: (name, content, { sync = true } = {}) => replace(name, sync, (temporary) => writeAll(temporary, content, sync)),
    adopt: async (name, localFile, { sync = true } = {}) => {
      const path = localPath(name)
      await mkdir(dirname(path), { recursive: true })
      if (sync) await syncPath(localFile)
      try {
        // One rename: a crash leaves the file under its old name or its new one.
        await rename(localFile, path)
        if (sync) await syncPath(dirname(path))
      } catch (error) {
        if ((error as { code?: string }).code !== 'EXDEV') throw error
        await replace(name, sync, async (temporary) => {
          await copyFile(localFile, temporary)
          if (sync) await syncPath(temporary)
        })
        await rm(localFile)
      }
    },
    get: async (name) => {
      await requireFile(name)
      return Bun.file(localPath(name)).bytes()
    },
    stream: async (name, range) => {
      const { size } = await requireFile(name)
      const start = Math.max(0, range?.start ?? 0)
      const end = Math.min(size, range?.end ?? size)
      if (start >= end) return new Blob([]).stream()
      return Readable.toWeb(createReadStream(localPath(name), { start, end: end - 1 })) as unknown as ReadableStream<Uint8Array>
    },
    list: (folder) => {
      const name = folder === '' ? '' : `${checkName(folder)}/`
      return walk(join(root, name), name)
    },
    move: async (from, to) => {
      await requireFile(from)
      const target = localPath(to)
      await mkdir(dirname(target), { recursive: true })
      await rename(localPath(from), target)
    },
    remove: (name) => rm(localPath(name), { recursive: true, force: true }),
  }
}
