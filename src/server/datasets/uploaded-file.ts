// The file of an import or its inspection: where it lies, and how far it has been read.
import { type ByteSource, openBlob } from '../../formats/io/byte-source'
import { storage } from '../storage/storage'

export type CountedSource = ByteSource & {
  /** Share of the bytes that were read, counting every byte `times` times, 0…1. */
  progress: (times: number) => number
}

/** A stored file that notes how much of it was read. */
export const openUploaded = async (file: string): Promise<CountedSource> => {
  const source = openBlob(Bun.file(await storage().local(file)))
  let bytes = 0
  return {
    size: source.size,
    read: (offset, length) => {
      bytes += length
      return source.read(offset, length)
    },
    progress: (times) => Math.min(1, bytes / Math.max(1, source.size * times)),
  }
}
