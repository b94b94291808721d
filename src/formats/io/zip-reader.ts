// Reads zip archives by random access and refuses what could harm: paths that climb, links, encryption, bombs, overlaps.

import { crc32, createInflateRaw } from 'node:zlib'
import { FormatError } from '../format-error'
import { type ByteSource, streamBytes } from './byte-source'

export type ArchiveLimits = {
  entries: number
  /** Unpacked bytes of all entries together. */
  totalBytes: number
  /** Unpacked to packed size; only looked at above `ratioFreeBytes` unpacked. */
  ratio: number
  ratioFreeBytes: number
}

export const defaultArchiveLimits: ArchiveLimits = {
  entries: 1_000_000,
  totalBytes: 256 * 2 ** 30,
  ratio: 250,
  ratioFreeBytes: 256 * 2 ** 20,
}

export type ZipEntry = {
  name: string
  /** Unpacked bytes, as declared and enforced while unpacking. */
  size: number
  stream(): AsyncIterable<Uint8Array>
}

type Directory = { offset: number; length: number; count: number }
type EntryRecord = { name: string; flags: number; method: number; crc: number; packed: number; size: number; offset: number }

const endSignature = 0x06054b50
const recordSignature = 0x02014b50
const localSignature = 0x04034b50
const endBytes = 22

/** Whether the bytes start or end like a zip archive; an archive with a broken end still counts. */
export async function looksLikeZip(source: ByteSource): Promise<boolean> {
  if (source.size < 4) return false
  const start = viewOf(await source.read(0, 4)).getUint32(0, true)
  return start === localSignature || start === endSignature
}

/** Lists the files of an archive, folders left out. Throws FormatError. */
export async function openZip(source: ByteSource, limits: Partial<ArchiveLimits> = {}): Promise<ZipEntry[]> {
  const allowed = { ...defaultArchiveLimits, ...limits }
  const directory = await findDirectory(source)
  if (directory.count > allowed.entries) throw new FormatError(`The archive has more than ${allowed.entries} entries`)
  const records = await readDirectory(source, directory)
  checkSizes(records, directory.offset, allowed)
  const names = new Set<string>()
  const files: ZipEntry[] = []
  for (const record of records) {
    if (record.name.endsWith('/')) continue
    if (names.has(record.name)) throw new FormatError('The archive holds this file twice', { file: record.name })
    names.add(record.name)
    files.push({ name: record.name, size: record.size, stream: () => unpack(source, record) })
  }
  return files
}

async function findDirectory(source: ByteSource): Promise<Directory> {
  const tailLength = Math.min(source.size, endBytes + 0xffff)
  const tailOffset = source.size - tailLength
  const tail = await source.read(tailOffset, tailLength)
  const view = viewOf(tail)
  for (let at = tail.length - endBytes; at >= 0; at--) {
    if (view.getUint32(at, true) !== endSignature) continue
    if (at + endBytes + view.getUint16(at + 20, true) !== tail.length) continue
    const directory = {
      count: view.getUint16(at + 10, true),
      length: view.getUint32(at + 12, true),
      offset: view.getUint32(at + 16, true),
    }
    const isWide = directory.count === 0xffff || directory.length === 0xffffffff || directory.offset === 0xffffffff
    const found = isWide ? ((await findWideDirectory(source, tailOffset + at)) ?? directory) : directory
    if (found.offset + found.length > source.size) throw damaged()
    return found
  }
  throw damaged()
}

async function findWideDirectory(source: ByteSource, endOffset: number): Promise<Directory | undefined> {
  if (endOffset < 20) return undefined
  const locator = viewOf(await source.read(endOffset - 20, 20))
  if (locator.getUint32(0, true) !== 0x07064b50) return undefined
  const offset = Number(locator.getBigUint64(8, true))
  if (offset + 56 > source.size) throw damaged()
  const end = viewOf(await source.read(offset, 56))
  if (end.getUint32(0, true) !== 0x06064b50) throw damaged()
  return {
    count: Number(end.getBigUint64(32, true)),
    length: Number(end.getBigUint64(40, true)),
    offset: Number(end.getBigUint64(48, true)),
  }
}

async function readDirectory(source: ByteSource, { offset, length, count }: Directory): Promise<EntryRecord[]> {
  if (count * 46 > length) throw damaged()
  const bytes = await source.read(offset, length)
  const view = viewOf(bytes)
  const records: EntryRecord[] = []
  let at = 0
  while (records.length < count) {
    if (at + 46 > length || view.getUint32(at, true) !== recordSignature) throw damaged()
    const nameLength = view.getUint16(at + 28, true)
    const extraLength = view.getUint16(at + 30, true)
    const next = at + 46 + nameLength + extraLength + view.getUint16(at + 32, true)
    if (next > length) throw damaged()
    const nameBytes = bytes.subarray(at + 46, at + 46 + nameLength)
    const record: EntryRecord = {
      name: '',
      flags: view.getUint16(at + 8, true),
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    }
    record.name = checkName(decodeName(nameBytes))
    readWideSizes(record, view, at + 46 + nameLength, extraLength)
    checkKind(record, view.getUint16(at + 4, true) >> 8, view.getUint32(at + 38, true))
    records.push(record)
    at = next
  }
  return records
}

function readWideSizes(record: EntryRecord, view: DataView, start: number, length: number): void {
  for (let at = start; at + 4 <= start + length; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue
    let field = at + 4
    const end = Math.min(field + view.getUint16(at + 2, true), start + length)
    for (const key of ['size', 'packed', 'offset'] as const) {
      if (record[key] !== 0xffffffff) continue
      if (field + 8 > end) throw damaged(record.name)
      record[key] = Number(view.getBigUint64(field, true))
      field += 8
    }
    return
  }
}

/** Names are UTF-8 in practice even without the flag; what is not UTF-8 is read as Latin-1. */
function decodeName(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return new TextDecoder('latin1').decode(bytes)
  }
}

function checkName(raw: string): string {
  const name = raw.replaceAll('\\', '/').replace(/^(\.\/)+/, '')
  if (name.startsWith('/') || /^[a-z]:/i.test(name)) throw new FormatError('The archive has an absolute path', { file: raw })
  if (name.split('/').includes('..')) throw new FormatError("The archive has a path with '..'", { file: raw })
  if (name === '' || /[\0-\x1f]/.test(name))
    throw new FormatError('The archive has an entry without a usable name', { file: raw })
  return name
}

function checkKind(record: EntryRecord, system: number, attributes: number): void {
  const kind = system === 3 ? (attributes >>> 16) & 0o170000 : 0
  if (kind !== 0 && kind !== 0o100000 && kind !== 0o040000) {
    throw new FormatError('The archive has a link or a special file', { file: record.name })
  }
  if (record.flags & 0x2041) throw new FormatError('The archive is encrypted', { file: record.name })
  if (record.method !== 0 && record.method !== 8) {
    throw new FormatError(`Compression method ${record.method} is not supported`, { file: record.name })
  }
  if (record.method === 0 && record.packed !== record.size) throw damaged(record.name)
}

/** Bounds what the archive unpacks to, and refuses entries that share bytes (the trick of overlapping bombs). */
function checkSizes(records: EntryRecord[], directoryOffset: number, limits: ArchiveLimits): void {
  let total = 0
  let packed = 0
  let end = 0
  for (const record of records.toSorted((a, b) => a.offset - b.offset)) {
    if (record.offset < end) throw new FormatError('Entries of the archive overlap', { file: record.name })
    end = record.offset + 30 + record.packed
    total += record.size
    packed += record.packed
  }
  if (end > directoryOffset) throw damaged()
  if (total > limits.totalBytes) throw new FormatError(`The archive unpacks to more than ${limits.totalBytes} bytes`)
  if (total > limits.ratioFreeBytes && total > packed * limits.ratio) {
    throw new FormatError(`The archive unpacks to more than ${limits.ratio} times its size`)
  }
}

async function* unpack(source: ByteSource, record: EntryRecord): AsyncGenerator<Uint8Array> {
  const header = viewOf(await source.read(record.offset, 30))
  if (header.getUint32(0, true) !== localSignature) throw damaged(record.name)
  const start = record.offset + 30 + header.getUint16(26, true) + header.getUint16(28, true)
  if (start + record.packed > source.size) throw damaged(record.name)
  const packed = streamBytes(source, start, record.packed)
  let size = 0
  let crc = 0
  for await (const chunk of record.method === 8 ? inflate(packed, record.name) : packed) {
    size += chunk.length
    if (size > record.size) throw new FormatError('unpacks to more than its declared size', { file: record.name })
    crc = crc32(chunk, crc)
    yield chunk
  }
  if (size !== record.size || crc !== record.crc) throw damaged(record.name)
}

async function* inflate(packed: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  const stream = createInflateRaw({ chunkSize: 1 << 16 })
  const closed = new Promise<void>((resolve) => stream.once('close', resolve))
  let failure: unknown
  const feed = async () => {
    try {
      for await (const chunk of packed) {
        if (stream.destroyed) return
        if (!stream.write(chunk)) await Promise.race([new Promise<void>((resolve) => stream.once('drain', resolve)), closed])
      }
    } catch (error) {
      failure = error
    }
    if (!stream.destroyed) stream.end()
  }
  const feeding = feed()
  try {
    for await (const chunk of stream) yield chunk as Uint8Array
  } catch {
    throw failure ?? damaged(name)
  } finally {
    stream.destroy()
    await feeding
  }
  if (failure) throw failure
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function damaged(file?: string): FormatError {
  return new FormatError('The archive is damaged or incomplete', { file })
}
