// Headers of PNG, GIF, BMP and WebP.
import { findNearEnd, type Header, type Reader } from './reader'
import { readOrientation } from './tiff'

const maxChunksAhead = 1000

/** Orientation in an eXIf chunk before the pixels, which is as far as decoders look. PNG 1.5 extensions, section 3.7. */
const readPngOrientation = ({ at }: Reader): number => {
  for (let offset = 8, chunks = 0; chunks < maxChunksAhead; chunks++) {
    const head = at(offset, 8)
    const type = head.toString('latin1', 4, 8)
    if (head.length < 8 || type === 'IDAT' || type === 'IEND') return 1
    const length = head.readUInt32BE(0)
    if (type === 'eXIf') return readOrientation(at(offset + 8, Math.min(length, 65_536)))
    offset += 12 + length
  }
  return 1
}

/** PNG 1.2: the first chunk is IHDR, the last IEND. */
export const readPng = (reader: Reader): Header | undefined => {
  const head = reader.at(8, 16)
  if (head.length < 16 || head.toString('latin1', 4, 8) !== 'IHDR') return undefined
  const complete = findNearEnd(reader, Buffer.from('IEND\xae\x42\x60\x82', 'latin1'), 33)
  const size = { width: head.readUInt32BE(8), height: head.readUInt32BE(12) }
  return { format: 'png', ...size, orientation: readPngOrientation(reader), complete }
}

/** GIF 89a: logical screen size; ends with a semicolon. */
export const readGif = (reader: Reader): Header | undefined => {
  const head = reader.at(0, 13)
  if (head.length < 13) return undefined
  const tail = reader.at(Math.max(13, reader.size - 64), 64)
  const size = { width: head.readUInt16LE(6), height: head.readUInt16LE(8) }
  return { format: 'gif', ...size, orientation: 1, complete: tail.includes(0x3b) }
}

/** BMP: bitmap file header, then an information header of 12 or at least 40 bytes; negative heights are stored top down. */
export const readBmp = ({ at, size }: Reader): Header | undefined => {
  const head = at(0, 54)
  if (head.length < 26) return undefined
  const dataStart = head.readUInt32LE(10)
  const old = head.readUInt32LE(14) === 12
  if (!old && head.length < 54) return undefined
  const width = old ? head.readUInt16LE(18) : head.readInt32LE(18)
  const height = Math.abs(old ? head.readUInt16LE(20) : head.readInt32LE(22))
  const bits = head.readUInt16LE(old ? 24 : 28)
  const compression = old ? 0 : head.readUInt32LE(30)
  const compressed = compression === 1 || compression === 2 || compression > 3
  const dataBytes = compressed ? head.readUInt32LE(34) : Math.ceil((width * bits) / 32) * 4 * height
  return { format: 'bmp', width, height, orientation: 1, complete: dataStart + dataBytes <= size }
}

const webpSize: Record<string, (body: Buffer) => [number, number]> = {
  'VP8 ': (b) => [b.readUInt16LE(6) & 0x3fff, b.readUInt16LE(8) & 0x3fff],
  VP8L: (b) => [1 + (b.readUInt32LE(1) & 0x3fff), 1 + ((b.readUInt32LE(1) >>> 14) & 0x3fff)],
  VP8X: (b) => [1 + b.readUIntLE(4, 3), 1 + b.readUIntLE(7, 3)],
}

/** WebP: RIFF chunks; the first one tells the size, EXIF comes last. */
export const readWebp = ({ at, size }: Reader): Header | undefined => {
  const head = at(0, 30)
  const read = webpSize[head.toString('latin1', 12, 16)]
  if (head.length < 30 || !read) return undefined
  const [width, height] = read(head.subarray(20))
  const end = head.readUInt32LE(4) + 8
  const header: Header = { format: 'webp', width, height, orientation: 1, complete: end <= size }
  for (let offset = 12, chunks = 0; offset + 8 <= end && chunks < 100; chunks++) {
    const chunk = at(offset, 8)
    if (chunk.length < 8) break
    const length = chunk.readUInt32LE(4)
    if (chunk.toString('latin1', 0, 4) === 'EXIF') {
      const exif = at(offset + 8, Math.min(length, 65_536))
      header.orientation = readOrientation(exif.subarray(exif.toString('latin1', 0, 6) === 'Exif\0\0' ? 6 : 0))
    }
    offset += 8 + length + (length % 2)
  }
  return header
}
