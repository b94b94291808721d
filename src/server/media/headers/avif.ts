// AVIF headers: boxes of ISO/IEC 23008-12. The size of a picture stands in an `ispe` property of the `meta` box.
import type { Header, Reader } from './reader'

const maxMetaBytes = 1 << 20

type Box = { type: string; start: number; end: number }

/** Boxes on the outermost level; undefined when one claims more than the file holds. */
const listBoxes = ({ at, size }: Reader): Box[] | undefined => {
  const boxes: Box[] = []
  for (let offset = 0; offset < size && boxes.length < 100; ) {
    const head = at(offset, 16)
    if (head.length < 8) return undefined
    const short = head.readUInt32BE(0)
    const length = short === 1 && head.length === 16 ? Number(head.readBigUInt64BE(8)) : short || size - offset
    if (length < 8 || offset + length > size)
      return boxes.length ? [...boxes, { type: 'cut', start: offset, end: size }] : undefined
    boxes.push({ type: head.toString('latin1', 4, 8), start: offset, end: offset + length })
    offset += length
  }
  return boxes
}

export const readAvif = (reader: Reader): Header | undefined => {
  const boxes = listBoxes(reader)
  const brands = boxes?.[0] ? reader.at(8, Math.min(boxes[0].end - 8, 256)).toString('latin1') : ''
  const meta = boxes?.find(({ type }) => type === 'meta')
  if (!boxes || !meta || !/avi[fs]/.test(brands)) return undefined
  const bytes = reader.at(meta.start, Math.min(meta.end - meta.start, maxMetaBytes))
  let [width, height] = [0, 0]
  for (let found = bytes.indexOf('ispe'); found >= 0 && found + 16 <= bytes.length; found = bytes.indexOf('ispe', found + 4)) {
    const size = [bytes.readUInt32BE(found + 8), bytes.readUInt32BE(found + 12)] as const
    // Tiles and thumbnails have a size of their own; the picture is the largest.
    if (size[0] * size[1] > width * height) [width, height] = size
  }
  const turn = bytes.indexOf('irot')
  const isTurned = turn >= 0 && turn + 4 < bytes.length && bytes[turn + 4]! % 2 === 1
  const complete = !boxes.some(({ type }) => type === 'cut') && boxes.some(({ type }) => type === 'mdat')
  // Decoders apply this rotation themselves, so it is no orientation that is left to do.
  return { format: 'avif', width: isTurned ? height : width, height: isTurned ? width : height, orientation: 1, complete }
}
