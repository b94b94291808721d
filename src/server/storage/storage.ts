// The contract of file storage: every uploaded or derived file that must last has a relative name in here.
import { config } from '../config'
import { openDisk } from './disk'

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
  /** Path that ffmpeg and sharp can open. Only the disk driver has one. */
  localPath(name: string): string
}

let current: Storage | undefined

/** The storage of this process: the data directory. */
export const storage = (): Storage => (current ??= openDisk(config().dataDir))
export const setStorage = (value: Storage | undefined) => {
  current = value
}
