// Writes what comes out of archives and documents: several files at a time, each on disk when all is done.
import { mkdir, open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { storage } from '../../../storage/storage'

export type Content = Uint8Array | AsyncIterable<Uint8Array>
export type ContentWriter = {
  /** Takes a content for a storage name; resolves when the next one may come. Throws the error of an earlier one. */
  write: (file: string, content: Content) => Promise<void>
  /** Resolves when everything is on disk. */
  finish: () => Promise<void>
}

const atOnce = 16
/** What is smaller is held in memory while earlier files are still being written. */
const heldBytes = 1 << 20

/** The folder is new and nobody reads it before the task says so: no temporary name is needed. */
const writeFile = async (path: string, content: Content) => {
  const file = await open(path, 'wx')
  try {
    for await (const bytes of content instanceof Uint8Array ? [content] : content)
      for (let done = 0; done < bytes.length; ) done += (await file.write(bytes, done)).bytesWritten
    await file.sync()
  } catch (error) {
    await rm(path, { force: true })
    throw error
  } finally {
    await file.close()
  }
}

/** The names of new files are on disk only after this. */
const syncFolder = async (path: string) => {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** All of a small content, or what has been read of a large one with the rest of it. */
const hold = async (content: AsyncIterable<Uint8Array>): Promise<Content> => {
  const parts: Uint8Array[] = []
  let size = 0
  const rest = content[Symbol.asyncIterator]()
  for (;;) {
    const { done, value } = await rest.next()
    if (done) return Buffer.concat(parts)
    // Readers may use their memory again for the next part.
    parts.push(value.slice())
    size += value.length
    if (size > heldBytes) break
  }
  return (async function* () {
    yield* parts
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
  })()
}

const toContent = (held: Content) =>
  held instanceof Uint8Array ? held : (Readable.toWeb(Readable.from(held)) as unknown as ReadableStream<Uint8Array>)

export const openContentWriter = (): ContentWriter => {
  const running = new Set<Promise<void>>()
  const folders = new Set<string>()
  let failure: unknown
  const settle = async () => {
    await Promise.all(running)
    if (failure) throw failure
  }
  return {
    finish: async () => {
      await settle()
      for (const folder of folders) await syncFolder(folder)
    },
    write: async (file, content) => {
      const isLocal = storage().root !== undefined
      const path = isLocal ? storage().localPath(file) : ''
      const folder = dirname(path)
      if (isLocal && !folders.has(folder)) await mkdir(folder, { recursive: true })
      if (isLocal) folders.add(folder)
      const held = content instanceof Uint8Array ? content : await hold(content)
      if (failure) throw failure
      const work: Promise<void> = (isLocal ? writeFile(path, held) : storage().put(file, toContent(held)))
        .catch((error) => {
          failure ??= error
        })
        .finally(() => running.delete(work))
      running.add(work)
      // A large one comes straight from its archive, which must not go on meanwhile.
      if (!(held instanceof Uint8Array)) await work
      else if (running.size >= atOnce) await Promise.race(running)
      if (failure) throw failure
    },
  }
}
