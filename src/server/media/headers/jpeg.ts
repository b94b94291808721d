// JPEG headers: walks the marker segments up to the picture data. Layout: ITU-T T.81, annex B.
import { findNearEnd, type Header, type Reader } from './reader'
import { readOrientation } from './tiff'

const startOfScan = 0xda
const endOfImage = Buffer.from([0xff, 0xd9])
const isFrameStart = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
const hasNoBody = (marker: number) => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)

// Sum of the luminance table of T.81 annex K, which libjpeg scales by its quality.
const standardLuminanceSum = 3688

/** libjpeg quality of a luminance table: the inverse of its scaling rule. */
const qualityOf = (table: Buffer, wide: boolean) => {
  let sum = 0
  for (let i = 0; i < 64; i++) sum += wide ? table.readUInt16BE(i * 2) : table[i]!
  const percent = (sum / standardLuminanceSum) * 100
  return Math.max(1, Math.min(100, Math.round(percent <= 100 ? (200 - percent) / 2 : 5000 / percent)))
}

export const readJpeg = (reader: Reader): Header | undefined => {
  const { at } = reader
  const header: Header = { format: 'jpeg', width: 0, height: 0, orientation: 1, complete: false }
  for (let offset = 2; ; ) {
    const mark = at(offset, 4)
    if (mark.length < 4 || mark[0] !== 0xff) return header.width ? header : undefined
    const marker = mark[1]!
    if (marker === 0xff || hasNoBody(marker)) {
      offset += marker === 0xff ? 1 : 2
      continue
    }
    const length = mark.readUInt16BE(2)
    const body = () => at(offset + 4, length - 2)
    if (isFrameStart(marker)) {
      const frame = body()
      if (frame.length < 6) return undefined
      header.height = frame.readUInt16BE(1)
      header.width = frame.readUInt16BE(3)
      header.components = frame[5]!
    } else if (marker === 0xe1) {
      const exif = body()
      if (exif.subarray(0, 6).toString('latin1') === 'Exif\0\0') header.orientation = readOrientation(exif.subarray(6))
    } else if (marker === 0xdb && header.quality === undefined) {
      const table = body()
      const wide = table.length > 0 && table[0]! >> 4 === 1
      if (table.length >= (wide ? 129 : 65) && (table[0]! & 15) === 0) header.quality = qualityOf(table.subarray(1), wide)
    } else if (marker === startOfScan) {
      // A camera may append things behind the picture, so the end mark need not be the very end.
      header.complete = findNearEnd(reader, endOfImage, offset + 2 + length)
      return header.width ? header : undefined
    }
    offset += 2 + length
  }
}
