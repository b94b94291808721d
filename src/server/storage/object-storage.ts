// The storage contract on an object store: Annolith's own files in a bucket, below a prefix.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkName, StorageError } from './name'
import { listAllObjects, type ObjectStore } from './object-store'
import type { FileContent, Storage } from './storage'

/** Calls `use` with the content as something whose size is known; streams are kept on disk meanwhile. */
const withBlob = async (content: FileContent, use: (blob: Blob) => Promise<void>) => {
  if (content instanceof Blob) return use(content)
  if (!(content instanceof ReadableStream)) return use(new Blob([content as Uint8Array<ArrayBuffer> | string]))
  const folder = await mkdtemp(join(tmpdir(), 'annolith-put-'))
  try {
    const path = join(folder, 'content')
    const sink = Bun.file(path).writer()
    for await (const chunk of content) {
      sink.write(chunk)
      await sink.flush()
    }
    await sink.end()
    await use(Bun.file(path))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const removedAtOnce = 16

/** Keeps files as objects whose names start with `prefix` (`''` or with `/` at the end). There are no local paths. */
export const openObjectStorage = (store: ObjectStore, prefix = ''): Storage => {
  const objectName = (name: string) => prefix + checkName(name)

  const requireObject = async (name: string) => {
    const found = await store.stat(objectName(name))
    if (!found) throw new StorageError(`there is no file ${JSON.stringify(name)}`, 'missing')
    return found
  }

  const stream: Storage['stream'] = async (name, range) => {
    const { size } = await requireObject(name)
    const start = Math.max(0, range?.start ?? 0)
    const end = Math.min(size, range?.end ?? size)
    if (start >= end) return new Blob([]).stream()
    return store.stream(objectName(name), range && { start, end })
  }

  const list: Storage['list'] = async function* (folder) {
    const below = folder === '' ? prefix : `${objectName(folder)}/`
    for await (const { name } of listAllObjects(store, below)) if (!name.endsWith('/')) yield name.slice(prefix.length)
  }

  const refusePath = (name: string): never => {
    checkName(name)
    throw new StorageError(`the file ${JSON.stringify(name)} lies in the bucket "${store.bucket}" and has no local path`)
  }

  const put: Storage['put'] = async (name, content) => withBlob(content, (blob) => store.put(objectName(name), blob))

  return {
    put,
    list,
    stream,
    adopt: async (name, localFile) => {
      await put(name, Bun.file(localFile))
      await rm(localFile)
    },
    get: async (name) => new Response(await stream(name)).bytes(),
    stat: async (name) => {
      const found = await store.stat(objectName(name))
      return found && { size: found.size, modified: found.modified }
    },
    // Stores cannot rename: the object is copied, and only then removed.
    move: async (from, to) => {
      const target = objectName(to)
      if (!(await store.copy?.(objectName(from), target))) await withBlob(await stream(from), (blob) => store.put(target, blob))
      if (target !== objectName(from)) await store.remove(objectName(from))
    },
    remove: async (name) => {
      await store.remove(objectName(name))
      const inside = await Array.fromAsync(list(name))
      while (inside.length) await Promise.all(inside.splice(0, removedAtOnce).map((one) => store.remove(prefix + one)))
    },
    local: async (name) => refusePath(name),
    localPath: refusePath,
  }
}
