// The pages that an E57 file is cut into: 1,020 bytes of content and a checksum each as a rule.
import type { FileHandle } from 'node:fs/promises'
import { MediaError } from '../task-media'

const checksumBytes = 4

/** CRC-32C (Castagnoli), reflected, as the standard wants it. */
const table = Uint32Array.from({ length: 256 }, (_, i) => {
  let crc = i
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
  return crc
})
const checksum = (bytes: Uint8Array): number => {
  let crc = 0xffffffff
  for (const byte of bytes) crc = table[(crc ^ byte) & 255]! ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}

export type Pages = {
  /** Content from a place in the file on, over the borders of pages. Throws MediaError when it is cut off or damaged. */
  read: (physical: number, length: number) => Promise<Uint8Array>
  /** The place in the file that lies `length` bytes of content after another. */
  skip: (physical: number, length: number) => number
  close: () => Promise<void>
}

/** Takes the file over. */
export const openPages = async (file: FileHandle, pageBytes: number): Promise<Pages> => {
  if (!(pageBytes > checksumBytes && pageBytes <= 1 << 20)) {
    await file.close()
    throw new MediaError('the file is cut into pages of no possible size')
  }
  const content = pageBytes - checksumBytes
  const toLogical = (physical: number) => Math.floor(physical / pageBytes) * content + (physical % pageBytes)
  const skip = (physical: number, length: number) => {
    const logical = toLogical(physical) + length
    return Math.floor(logical / content) * pageBytes + (logical % content)
  }
  const read = async (physical: number, length: number) => {
    const first = Math.floor(physical / pageBytes)
    const inset = physical % pageBytes
    const count = Math.ceil((inset + length) / content)
    const bytes = Buffer.alloc(count * pageBytes)
    const { bytesRead } = await file.read(bytes, 0, bytes.length, first * pageBytes)
    if (bytesRead < bytes.length) throw new MediaError('the file is cut off')
    const out = new Uint8Array(count * content)
    for (let page = 0; page < count; page++) {
      const part = bytes.subarray(page * pageBytes, page * pageBytes + content)
      if (checksum(part) !== bytes.readUInt32BE(page * pageBytes + content)) throw new MediaError('the file is damaged')
      out.set(part, page * content)
    }
    return out.subarray(inset, inset + length)
  }
  return { read, skip, close: () => file.close() }
}
