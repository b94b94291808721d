// The points of a scan in an E57 file: packets that bring a piece of each value's own stream, numbers packed to as few bits as they need.
import { MediaError } from '../task-media'
import type { Pages } from './e57-pages'

export type StreamField =
  | { name: string; kind: 'single' | 'double' }
  /** A whole number `bits` wide counts from `least`; times `scale` plus `offset` it is the value. */
  | { name: string; kind: 'packed'; bits: number; least: number; scale: number; offset: number }

const bitsOf = (field: StreamField): number => (field.kind === 'packed' ? field.bits : field.kind === 'single' ? 32 : 64)

/** What came of one value's stream and is not used yet; `bit` is the place of the next value. */
type Pending = { bytes: Uint8Array; bit: number }

const append = ({ bytes, bit }: Pending, more: Uint8Array): Pending => {
  const rest = bytes.subarray(bit >> 3)
  const joined = new Uint8Array(rest.length + more.length)
  joined.set(rest)
  joined.set(more, rest.length)
  return { bytes: joined, bit: bit & 7 }
}

/** A whole number from the lowest bit on. Above 53 bits the last ones round away, as they do in every number of 64 bits. */
const readBits = (bytes: Uint8Array, bit: number, bits: number): number => {
  let value = 0
  for (let done = 0; done < bits; ) {
    const at = bit + done
    const take = Math.min(8 - (at & 7), bits - done)
    value += ((bytes[at >> 3]! >> (at & 7)) & ((1 << take) - 1)) * 2 ** done
    done += take
  }
  return value
}

const readValues = (field: StreamField, pending: Pending, count: number): Float64Array => {
  const values = new Float64Array(count)
  if (field.kind === 'packed') {
    const { bits, least, scale, offset } = field
    for (let i = 0; i < count; i++) values[i] = (readBits(pending.bytes, pending.bit + i * bits, bits) + least) * scale + offset
    return values
  }
  const view = new DataView(pending.bytes.buffer, pending.bytes.byteOffset, pending.bytes.byteLength)
  const start = pending.bit >> 3
  for (let i = 0; i < count; i++)
    values[i] = field.kind === 'single' ? view.getFloat32(start + i * 4, true) : view.getFloat64(start + i * 8, true)
  return values
}

const sectionHeaderBytes = 32
const dataPacket = 1
/** Streams of one scan never run further apart than this in files that make sense. */
const maxPendingBytes = 1 << 25
/** Most rows of a block, so that a scan of which each value takes no bits stays in memory. */
const maxRows = 1 << 16

/** Yields the values of rows, column by column in the order of `fields`. Throws MediaError for what is damaged or too short. */
export const createStreamReader = async function* (
  pages: Pages,
  { start, count, fields }: { start: number; count: number; fields: StreamField[] },
): AsyncGenerator<{ columns: Float64Array[]; count: number }> {
  const header = Buffer.from(await pages.read(start, sectionHeaderBytes))
  if (header[0] !== 1) throw new MediaError('the points of a scan are not where they should be')
  let at = Number(header.readBigUInt64LE(16))
  const end = pages.skip(start, Number(header.readBigUInt64LE(8)))
  const widths = fields.map(bitsOf)
  let pending = fields.map((): Pending => ({ bytes: new Uint8Array(0), bit: 0 }))
  for (let done = 0; done < count; ) {
    const ready = pending.map(({ bytes, bit }, i) => (widths[i] ? Math.floor((bytes.length * 8 - bit) / widths[i]) : maxRows))
    const rows = Math.min(count - done, maxRows, ...ready)
    if (rows > 0) {
      yield { columns: fields.map((field, i) => readValues(field, pending[i]!, rows)), count: rows }
      pending = pending.map(({ bytes, bit }, i) => ({ bytes, bit: bit + rows * widths[i]! }))
      done += rows
      continue
    }
    if (at >= end) throw new MediaError(`the file is cut off: ${count - done} of ${count} points are missing`)
    const length = Buffer.from(await pages.read(at, 4)).readUInt16LE(2) + 1
    const packet = Buffer.from(await pages.read(at, length))
    at = pages.skip(at, length)
    if (packet[0] !== dataPacket) continue
    const streams = packet.readUInt16LE(4)
    if (streams !== fields.length) throw new MediaError('a packet of points has other values than the scan')
    let from = 6 + 2 * streams
    pending = pending.map((one, i) => {
      const bytes = packet.readUInt16LE(6 + 2 * i)
      if (from + bytes > length) throw new MediaError('a packet of points is shorter than it says')
      if (one.bytes.length > maxPendingBytes) throw new MediaError('the values of a scan are of different lengths')
      from += bytes
      return bytes ? append(one, packet.subarray(from - bytes, from)) : one
    })
  }
}
