// The files of an upload, alike for a zip archive and for a bare annotation file.

import { FormatError } from '../format-error'
import { type ByteSource, streamBytes } from './byte-source'
import { type ArchiveLimits, looksLikeZip, openZip } from './zip-reader'

export type DatasetFile = {
  /** Path inside the archive, with `/`; empty for a bare file. */
  name: string
  /** Unpacked bytes. */
  size: number
  stream(): AsyncIterable<Uint8Array>
  /** The whole file. Throws FormatError when it is larger than `limitBytes`. */
  bytes(limitBytes?: number): Promise<Uint8Array>
}

export type DatasetFiles = {
  /** True when the upload is one annotation file and not an archive. */
  bare: boolean
  list: readonly DatasetFile[]
  get(name: string): DatasetFile | undefined
}

/** Opens an upload. Throws FormatError for a broken or dangerous archive. */
export async function openDatasetFiles(source: ByteSource, limits?: Partial<ArchiveLimits>): Promise<DatasetFiles> {
  if (!(await looksLikeZip(source))) {
    return collectFiles(true, [createFile('', source.size, () => streamBytes(source))])
  }
  const entries = await openZip(source, limits)
  return collectFiles(
    false,
    entries.map((entry) => createFile(entry.name, entry.size, () => entry.stream())),
  )
}

/** A set of files that are found by name. */
export function collectFiles(bare: boolean, list: DatasetFile[]): DatasetFiles {
  const byName = new Map(list.map((file) => [file.name, file]))
  return { bare, list, get: (name) => byName.get(name) }
}

/** A file of known size whose bytes come from a stream. */
export function createFile(name: string, size: number, stream: () => AsyncIterable<Uint8Array>): DatasetFile {
  const bytes = async (limitBytes = 1 << 28) => {
    if (size > limitBytes) throw new FormatError(`is larger than ${limitBytes} bytes`, { file: name })
    const whole = new Uint8Array(size)
    let at = 0
    for await (const chunk of stream()) {
      whole.set(chunk, at)
      at += chunk.length
    }
    return whole.subarray(0, at)
  }
  return { name, size, stream, bytes }
}
