// The file of an import or its inspection: where it lies, and how far it has been read.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type ByteSource, openBlob } from '../../formats/io/byte-source'
import { type CloudFile, fetchCloudFile } from '../cloud-storages/service'
import { config } from '../config'
import { storage } from '../storage/storage'

/** Brings a file from a cloud storage into the storage under `file`. */
export const fetchFile = async (cloud: CloudFile, file: string) => {
  const folder = join(config().dataDir, 'cache/fetched')
  await mkdir(folder, { recursive: true })
  const path = join(folder, crypto.randomUUID())
  await fetchCloudFile(cloud, path, config().upload_bytes)
  await storage().adopt(file, path)
}

export type CountedSource = ByteSource & {
  /** Share of the bytes that were read, counting every byte `times` times, 0…1. */
  progress: (times: number) => number
}

/** A stored file that notes how much of it was read. */
export const openUploaded = (file: string): CountedSource => {
  const source = openBlob(Bun.file(storage().localPath(file)))
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
