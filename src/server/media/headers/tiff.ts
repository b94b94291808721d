// TIFF and BigTIFF headers, and the orientation in EXIF blocks, which are small TIFFs. Layout: TIFF 6.0, section 2.
import type { Header, Reader } from './reader'

const tagNames: Record<number, string> = {
  254: 'subfile',
  256: 'width',
  257: 'height',
  274: 'orientation',
  273: 'offsets',
  279: 'counts',
  324: 'offsets',
  325: 'counts',
}
const typeBytes: Record<number, number> = { 1: 1, 3: 2, 4: 4, 13: 4, 16: 8, 18: 8 }

type At = Reader['at']

type Directory = { tags: Record<string, number[]> /** Offset of the next directory, 0 after the last. */; next: number }

/** Values of the tags above in a directory, the first one unless told; undefined when the block is not a TIFF. */
const readDirectory = (at: At, from?: number): Directory | undefined => {
  const mark = at(0, 4)
  const little = mark.subarray(0, 2).toString('latin1') === 'II'
  if (!little && mark.subarray(0, 2).toString('latin1') !== 'MM') return undefined
  const number = (bytes: Buffer, offset: number, length: number): number => {
    if (offset + length > bytes.length) throw new RangeError('the file ends early')
    if (length === 8) return Number(little ? bytes.readBigUInt64LE(offset) : bytes.readBigUInt64BE(offset))
    return little ? bytes.readUIntLE(offset, length) : bytes.readUIntBE(offset, length)
  }
  const version = number(mark, 2, 2)
  if (version !== 42 && version !== 43) return undefined
  const big = version === 43
  const word = big ? 8 : 4
  const directory = from ?? number(at(big ? 8 : 4, word), 0, word)
  const countBytes = big ? 8 : 2
  const entries = number(at(directory, countBytes), 0, countBytes)
  const entryBytes = 4 + 2 * word
  const tableBytes = Math.min(entries, 4096) * entryBytes + word
  const table = at(directory + countBytes, tableBytes)
  if (table.length < tableBytes) throw new RangeError('the file ends early')
  const tags: Record<string, number[]> = {}
  for (let start = 0; start + entryBytes <= tableBytes - word; start += entryBytes) {
    const name = tagNames[number(table, start, 2)]
    const bytes = typeBytes[number(table, start + 2, 2)]
    if (!name || !bytes) continue
    const count = number(table, start + 4, word)
    const inline = count * bytes <= word
    if (count > 10_000_000) continue
    const values = inline ? table.subarray(start + 4 + word) : at(number(table, start + 4 + word, word), count * bytes)
    tags[name] = Array.from({ length: count }, (_, i) => number(values, i * bytes, bytes))
  }
  return { tags, next: entries > 4096 ? 0 : number(table, tableBytes - word, word) }
}

const readTags = (at: At): Record<string, number[]> | undefined => readDirectory(at)?.tags

/** Orientation 1…8 of an EXIF block; 1 when it has none or is damaged. */
export const readOrientation = (exif: Buffer): number => {
  try {
    const value = readTags((offset, length) => exif.subarray(offset, offset + length))?.orientation?.[0] ?? 1
    return value >= 1 && value <= 8 ? value : 1
  } catch {
    return 1
  }
}

export const readTiff = ({ at, size }: Reader): Header | undefined => {
  const tags = readTags(at)
  if (!tags?.width?.[0] || !tags.height?.[0]) return undefined
  const ends = (tags.offsets ?? []).map((offset, i) => offset + (tags.counts?.[i] ?? 0))
  return {
    format: 'tiff',
    width: tags.width[0],
    height: tags.height[0],
    orientation: tags.orientation?.[0] && tags.orientation[0] <= 8 ? tags.orientation[0] : 1,
    complete: ends.length > 0 && ends.every((end) => end <= size),
  }
}

/** Bits of the subfile type: a smaller copy, and a mask. */
const notAPicture = 1 | 4
const maxDirectories = 10_000

/** Numbers of the pages that are pictures of their own; the first one always counts, and damage ends the list. */
export const listTiffPages = ({ at }: Reader): number[] => {
  const pages = [0]
  try {
    let directory = readDirectory(at)
    const seen = new Set<number>()
    for (let page = 1; directory?.next && !seen.has(directory.next) && page < maxDirectories; page++) {
      seen.add(directory.next)
      directory = readDirectory(at, directory.next)
      const { subfile, width, height } = directory?.tags ?? {}
      if (width?.[0] && height?.[0] && !((subfile?.[0] ?? 0) & notAPicture)) pages.push(page)
    }
  } catch {}
  return pages
}
