// Writes zip archives as a stream of bytes: stored or deflated entries, zip64 where sizes ask for it, memory independent of size.

import { crc32, createDeflateRaw, deflateRawSync } from 'node:zlib'
import { openBlob, streamBytes } from './byte-source'

/**
 * One file of an archive. Content of unknown length is a stream; it is always deflated. A Blob (`Bun.file(path)`) of any size is
 * stored as it is; it is read twice, first for its checksum.
 */
export type ArchiveEntry = {
  /** Path with `/`. */
  name: string
  content: string | Uint8Array | AsyncIterable<string | Uint8Array> | Blob
  /** Media that are compressed already are stored as they are. */
  store?: boolean
}

type EntryRecord = { name: Uint8Array; flags: number; method: number; crc: number; packed: number; size: number; offset: number }

const encoder = new TextEncoder()
const utf8Flag = 0x0800
const descriptorFlag = 0x0008
const deflated = 8
const max32 = 0xffffffff

/** The bytes of the archive, entry by entry. Equal entries and time give equal bytes. */
export async function* writeZip(
  entries: AsyncIterable<ArchiveEntry> | Iterable<ArchiveEntry>,
  modified: Date,
): AsyncGenerator<Uint8Array> {
  const time = encodeDosTime(modified)
  const records: EntryRecord[] = []
  let offset = 0
  for await (const entry of entries) {
    const record = {
      name: encoder.encode(neutraliseName(entry.name)),
      flags: utf8Flag,
      method: 0,
      crc: 0,
      packed: 0,
      size: 0,
      offset,
    }
    for await (const bytes of writeEntry(entry, record, time)) {
      offset += bytes.length
      yield bytes
    }
    records.push(record)
  }
  yield* writeDirectory(records, offset, time)
}

/** Whatever a frame is called, no entry climbs out of the folder into which an archive is unpacked. */
function neutraliseName(name: string): string {
  const parts = name.replaceAll('\\', '/').split('/')
  return parts
    .map((part, at) => (part === '..' ? '__' : at === 0 && /^[a-z]:/i.test(part) ? part.replace(':', '_') : part))
    .filter(Boolean)
    .join('/')
}

async function* writeEntry(entry: ArchiveEntry, record: EntryRecord, time: number): AsyncGenerator<Uint8Array> {
  const { content } = entry
  if (typeof content === 'string' || content instanceof Uint8Array) {
    const plain = typeof content === 'string' ? encoder.encode(content) : content
    const packed = entry.store || plain.length === 0 ? plain : deflateRawSync(plain, { level: 6 })
    record.method = packed === plain ? 0 : deflated
    record.crc = crc32(plain)
    record.size = plain.length
    record.packed = packed.length
    yield encodeLocalHeader(record, time)
    yield packed
    return
  }
  if (content instanceof Blob) {
    yield* storeBlob(content, record, time)
    return
  }
  record.flags |= descriptorFlag
  record.method = deflated
  yield encodeLocalHeader(record, time)
  for await (const packed of deflateStream(content, record)) {
    record.packed += packed.length
    yield packed
  }
  yield encodeDescriptor(record)
}

async function* storeBlob(content: Blob, record: EntryRecord, time: number): AsyncGenerator<Uint8Array> {
  const bytes = openBlob(content)
  for await (const chunk of streamBytes(bytes)) record.crc = crc32(chunk, record.crc)
  record.size = bytes.size
  record.packed = bytes.size
  yield encodeLocalHeader(record, time)
  let written = 0
  for await (const chunk of streamBytes(bytes)) {
    written += chunk.length
    yield chunk
  }
  if (written !== record.size) throw new Error(`${new TextDecoder().decode(record.name)} changed while it was archived`)
}

async function* deflateStream(content: AsyncIterable<string | Uint8Array>, record: EntryRecord): AsyncGenerator<Uint8Array> {
  const deflate = createDeflateRaw({ level: 6, chunkSize: 1 << 16 })
  const closed = new Promise<void>((resolve) => deflate.once('close', resolve))
  let failure: unknown
  const feed = async () => {
    try {
      for await (const bytes of gatherBytes(content)) {
        record.crc = crc32(bytes, record.crc)
        record.size += bytes.length
        if (!deflate.write(bytes)) await Promise.race([new Promise<void>((resolve) => deflate.once('drain', resolve)), closed])
        if (deflate.destroyed) return
      }
    } catch (error) {
      failure = error
    }
    deflate.end()
  }
  const feeding = feed()
  try {
    for await (const packed of deflate) yield packed as Uint8Array
  } finally {
    deflate.destroy()
    await feeding
  }
  if (failure) throw failure
}

/** Small texts together as one chunk each 64 KiB, since every write to the compressor has its cost. */
async function* gatherBytes(content: AsyncIterable<string | Uint8Array>): AsyncGenerator<Uint8Array> {
  let text = ''
  for await (const piece of content) {
    if (typeof piece === 'string') {
      text += piece
      if (text.length < 1 << 16) continue
    }
    if (text !== '') yield encoder.encode(text)
    text = ''
    if (typeof piece !== 'string') yield piece
  }
  if (text !== '') yield encoder.encode(text)
}

function encodeLocalHeader(record: EntryRecord, time: number): Uint8Array {
  const streamed = (record.flags & descriptorFlag) !== 0
  const wide = streamed || record.size >= max32 || record.packed >= max32
  const extraLength = wide ? 20 : 0
  const bytes = new Uint8Array(30 + record.name.length + extraLength)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, 0x04034b50, true)
  view.setUint16(4, wide ? 45 : 20, true)
  view.setUint16(6, record.flags, true)
  view.setUint16(8, record.method, true)
  view.setUint32(10, time, true)
  view.setUint32(14, record.crc, true)
  view.setUint32(18, wide ? max32 : record.packed, true)
  view.setUint32(22, wide ? max32 : record.size, true)
  view.setUint16(26, record.name.length, true)
  view.setUint16(28, extraLength, true)
  bytes.set(record.name, 30)
  if (wide) {
    const at = 30 + record.name.length
    view.setUint16(at, 1, true)
    view.setUint16(at + 2, 16, true)
    view.setBigUint64(at + 4, BigInt(record.size), true)
    view.setBigUint64(at + 12, BigInt(record.packed), true)
  }
  return bytes
}

function encodeDescriptor(record: EntryRecord): Uint8Array {
  const bytes = new Uint8Array(24)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, 0x08074b50, true)
  view.setUint32(4, record.crc, true)
  view.setBigUint64(8, BigInt(record.packed), true)
  view.setBigUint64(16, BigInt(record.size), true)
  return bytes
}

function* writeDirectory(records: EntryRecord[], start: number, time: number): Generator<Uint8Array> {
  let length = 0
  for (const record of records) {
    const bytes = encodeDirectoryRecord(record, time)
    length += bytes.length
    yield bytes
  }
  yield encodeEnd(records.length, start, length)
}

function encodeDirectoryRecord(record: EntryRecord, time: number): Uint8Array {
  const wideFields = [record.size, record.packed, record.offset].filter((value) => value >= max32)
  const extraLength = wideFields.length > 0 ? 4 + 8 * wideFields.length : 0
  const bytes = new Uint8Array(46 + record.name.length + extraLength)
  const view = new DataView(bytes.buffer)
  const streamed = (record.flags & descriptorFlag) !== 0
  view.setUint32(0, 0x02014b50, true)
  view.setUint16(4, 0x031e, true)
  view.setUint16(6, streamed || extraLength > 0 ? 45 : 20, true)
  view.setUint16(8, record.flags, true)
  view.setUint16(10, record.method, true)
  view.setUint32(12, time, true)
  view.setUint32(16, record.crc, true)
  view.setUint32(20, Math.min(record.packed, max32), true)
  view.setUint32(24, Math.min(record.size, max32), true)
  view.setUint16(28, record.name.length, true)
  view.setUint16(30, extraLength, true)
  view.setUint32(38, (0o100644 << 16) >>> 0, true)
  view.setUint32(42, Math.min(record.offset, max32), true)
  bytes.set(record.name, 46)
  if (extraLength > 0) {
    let at = 46 + record.name.length
    view.setUint16(at, 1, true)
    view.setUint16(at + 2, extraLength - 4, true)
    at += 4
    for (const value of wideFields) {
      view.setBigUint64(at, BigInt(value), true)
      at += 8
    }
  }
  return bytes
}

function encodeEnd(count: number, start: number, length: number): Uint8Array {
  const wide = count >= 0xffff || start >= max32 || length >= max32
  const bytes = new Uint8Array(wide ? 98 : 22)
  const view = new DataView(bytes.buffer)
  if (wide) {
    view.setUint32(0, 0x06064b50, true)
    view.setBigUint64(4, 44n, true)
    view.setUint16(12, 45, true)
    view.setUint16(14, 45, true)
    view.setBigUint64(24, BigInt(count), true)
    view.setBigUint64(32, BigInt(count), true)
    view.setBigUint64(40, BigInt(length), true)
    view.setBigUint64(48, BigInt(start), true)
    view.setUint32(56, 0x07064b50, true)
    view.setBigUint64(64, BigInt(start + length), true)
    view.setUint32(72, 1, true)
  }
  const at = wide ? 76 : 0
  view.setUint32(at, 0x06054b50, true)
  view.setUint16(at + 8, Math.min(count, 0xffff), true)
  view.setUint16(at + 10, Math.min(count, 0xffff), true)
  view.setUint32(at + 12, Math.min(length, max32), true)
  view.setUint32(at + 16, Math.min(start, max32), true)
  return bytes
}

/** Date and time as two 16 bit fields, time first; years before 1980 cannot be written. */
function encodeDosTime(date: Date): number {
  const year = Math.max(date.getUTCFullYear(), 1980)
  const day = ((year - 1980) << 9) | ((date.getUTCMonth() + 1) << 5) | date.getUTCDate()
  const time = (date.getUTCHours() << 11) | (date.getUTCMinutes() << 5) | (date.getUTCSeconds() >> 1)
  return ((day << 16) | time) >>> 0
}
