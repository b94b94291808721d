// The contract of file storage: every uploaded or derived file that must last has a relative name in here.
import { mkdir, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { config } from '../config'
import { openBucketAddress } from './bucket-address'
import { openDisk } from './disk'
import { openShared } from './shared-bucket'

export { checkName, StorageError } from './name'

/** Bytes to read: `start` is the first, `end` the one after the last (default: the end of the file). */
export type ByteRange = { start: number; end?: number }
export type FileStat = { size: number; modified: Date }
export type FileContent = Uint8Array | Blob | string | ReadableStream<Uint8Array>
/** `sync: false` skips the fsync, for files that can be made again. */
export type WriteOptions = { sync?: boolean }

/** Names are relative with `/` between parts; anything that could leave the storage is refused with StorageError. */
export type Storage = {
  /** Writes all of `content` under a temporary name and renames it: readers see the old file or the new one. */
  put(name: string, content: FileContent, options?: WriteOptions): Promise<void>
  /** Takes over a local file: moved when it lies on the same disk, else copied and removed. */
  adopt(name: string, localFile: string, options?: WriteOptions): Promise<void>
  /** The whole file; throws StorageError when there is none. */
  get(name: string): Promise<Uint8Array>
  /** The bytes of a range; throws StorageError when there is no such file. */
  stream(name: string, range?: ByteRange): Promise<ReadableStream<Uint8Array>>
  stat(name: string): Promise<FileStat | undefined>
  /** Names of all files below a folder ('' = everything), in no particular order; a missing folder is empty. */
  list(folder: string): AsyncIterable<string>
  /** Renames a file inside the storage. */
  move(from: string, to: string): Promise<void>
  /** Removes a file, or a folder with all that is in it; a missing one is no error. */
  remove(name: string): Promise<void>
  /** Path of this machine that ffmpeg and sharp can open, for reading, within the next minutes: the file itself or a copy. */
  local(name: string): Promise<string>
  /** Path under which the file itself lies or would lie. Throws for files of buckets. */
  localPath(name: string): string
  /** Set when all files lie below one folder of this machine, or of a file system that all hosts mount. */
  root?: string
}

let current: Storage | undefined

const open = (): Storage => {
  const { storage: address, dataDir: folder, cache_bytes: maxBytes } = config()
  return address ? openShared({ open: () => openBucketAddress(address), folder, maxBytes }) : openDisk(folder)
}

/** The storage of this process: the data directory, or a bucket that several hosts share. */
export const storage = (): Storage => (current ??= open())
/** Where a file may be made before it is adopted; the folder is there. */
export const temporaryFile = async (): Promise<string> => {
  const folder = join(config().dataDir, 'cache/making')
  await mkdir(folder, { recursive: true })
  return join(folder, crypto.randomUUID())
}

/** Moves all files of a folder. */
export const moveFolder = async (from: string, to: string): Promise<void> => {
  const own = storage()
  if (!own.root) {
    for (const name of await Array.fromAsync(own.list(from))) await own.move(name, `${to}${name.slice(from.length)}`)
    return
  }
  await mkdir(dirname(own.localPath(to)), { recursive: true })
  await rename(own.localPath(from), own.localPath(to))
}

export const setStorage = (value: Storage | undefined) => {
  current = value
}
