// Reads small parts of a local file without loading it, and what every header parser answers.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

export type Header = {
  format: string
  /** Pixels as stored, before orientation. */
  width: number
  height: number
  /** EXIF orientation 1…8. */
  orientation: number
  /** Whether the file holds all that its header declares. */
  complete: boolean
  /** JPEG only: colour components, and the quality (1…100) that its quantisation corresponds to. */
  components?: number
  quality?: number
}

export type Reader = {
  size: number
  /** Up to `length` bytes from `offset`; fewer at the end of the file. */
  at: (offset: number, length: number) => Buffer
}

const headBytes = 16_384

/** Opens a file for the time of `use`. Probing thousands of files is quicker with blocking reads, and it happens in worker threads. */
export const readHeader = <T>(path: string, use: (reader: Reader) => T): T => {
  const file = openSync(path, 'r')
  try {
    const read = (offset: number, length: number) => {
      const buffer = Buffer.allocUnsafe(Math.max(0, length))
      return buffer.subarray(0, length > 0 ? readSync(file, buffer, 0, length, offset) : 0)
    }
    const { size } = fstatSync(file)
    const head = read(0, Math.min(size, headBytes))
    const at = (offset: number, length: number) =>
      offset + length <= head.length ? head.subarray(offset, offset + length) : read(offset, Math.min(length, size - offset))
    return use({ size, at })
  } finally {
    closeSync(file)
  }
}

/** Whether `pattern` stands in the file at or after `from`; the end is looked at first, where it belongs. */
export const findNearEnd = ({ size, at }: Reader, pattern: Buffer, from: number): boolean => {
  const blockBytes = 1 << 20
  for (let end = size, step = 4096; end > from; step = blockBytes) {
    const start = Math.max(from, end - step)
    if (at(start, Math.min(end - start + pattern.length - 1, size - start)).includes(pattern)) return true
    end = start
  }
  return false
}
