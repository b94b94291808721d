// Reads tar archives as a stream: POSIX.1-1988 ustar, pax headers (POSIX.1-2001) and GNU's long names.
import { MediaError } from '../../../media/media'
import { checkEntryName } from './entry-names'

export type TarEntry = { name: string /** Bytes. */; size: number; body: AsyncIterable<Uint8Array> }

const blockBytes = 512
/** Longest name or pax header that is believed. */
const maxHeaderBytes = 1 << 20

const damaged = (why = 'the archive is damaged or cut off') => new MediaError(why)

/** Hands out a stream in pieces of wanted lengths. */
const openPieces = (source: AsyncIterable<Uint8Array>) => {
  const parts = source[Symbol.asyncIterator]()
  let rest: Uint8Array = new Uint8Array(0)
  const fill = async () => {
    while (!rest.length) {
      const { done, value } = await parts.next()
      if (done) return false
      rest = value
    }
    return true
  }
  /** Up to `length` bytes, at least one; undefined at the end. */
  const some = async (length: number) => {
    if (!(await fill())) return undefined
    const piece = rest.subarray(0, length)
    rest = rest.subarray(length)
    return piece
  }
  /** Exactly `length` bytes; undefined when the stream ends before the first, MediaError when it ends before the last. */
  const exactly = async (length: number) => {
    const whole = Buffer.alloc(length)
    for (let done = 0; done < length; ) {
      const piece = await some(length - done)
      if (!piece && done === 0) return undefined
      if (!piece) throw damaged()
      whole.set(piece, done)
      done += piece.length
    }
    return whole
  }
  return { some, exactly, close: () => parts.return?.() }
}

const readText = (block: Buffer, from: number, length: number) => {
  const field = block.subarray(from, from + length)
  const end = field.indexOf(0)
  return field.subarray(0, end < 0 ? length : end).toString('utf8')
}

/** Octal digits, or binary when the first bit is set. */
const readNumber = (block: Buffer, from: number, length: number): number => {
  if (block[from]! & 0x80) {
    const value = block.subarray(from + 1, from + length).reduce((sum, byte) => sum * 256 + byte, 0)
    return Number.isSafeInteger(value) ? value : Number.NaN
  }
  const digits = readText(block, from, length).trim()
  return digits === '' ? 0 : /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN
}

const isSumRight = (block: Buffer) => {
  let sum = 8 * 32
  for (let i = 0; i < blockBytes; i++) if (i < 148 || i >= 156) sum += block[i]!
  return readNumber(block, 148, 8) === sum
}

/** Lines `length key=value\n`. */
const readPax = (bytes: Buffer): Map<string, string> => {
  const values = new Map<string, string>()
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at)
    const length = space < 0 ? 0 : Number(bytes.toString('latin1', at, space))
    if (!(length > space - at + 1) || at + length > bytes.length) break
    const line = bytes.toString('utf8', space + 1, at + length - 1)
    const equals = line.indexOf('=')
    if (equals > 0) values.set(line.slice(0, equals), line.slice(equals + 1))
    at += length
  }
  return values
}

/** Types of entries: what they are to us. Everything else (devices, pipes, sparse files) is refused. */
const isFile = (type: string) => type === '0' || type === '\0' || type === '7'
const isLink = (type: string) => type === '1' || type === '2'

/** The files of a tar in their order. A body must be read before the next entry is asked for, or is passed over. */
export const readTar = async function* (source: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const pieces = openPieces(source)
  let longName: string | undefined
  let pax = new Map<string, string>()
  try {
    for (let first = true; ; first = false) {
      const block = await pieces.exactly(blockBytes)
      if (!block) throw damaged(first ? 'the archive is empty, damaged or cut off' : undefined)
      if (block.every((byte) => byte === 0)) {
        // To the end, so that the checksum of the compression is looked at.
        while (await pieces.some(1 << 20));
        return
      }
      if (!isSumRight(block)) throw damaged(first ? 'not a tar archive' : undefined)
      const type = String.fromCharCode(block[156]!)
      const size = pax.has('size') && isFile(type) ? Number(pax.get('size')) : readNumber(block, 124, 12)
      if (!Number.isSafeInteger(size) || size < 0) throw damaged()
      const padding = (blockBytes - (size % blockBytes)) % blockBytes
      if ('xgLK'.includes(type)) {
        if (size > maxHeaderBytes) throw damaged()
        const bytes = size ? await pieces.exactly(size + padding) : Buffer.alloc(0)
        if (!bytes) throw damaged()
        if (type === 'x') pax = readPax(bytes.subarray(0, size))
        if (type === 'L') longName = readText(bytes, 0, size)
        continue
      }
      const prefix = readText(block, 257, 5) === 'ustar' && block[262] === 0 ? readText(block, 345, 155) : ''
      const short = readText(block, 0, 100)
      const raw = pax.get('path') ?? longName ?? (prefix ? `${prefix}/${short}` : short)
      pax = new Map()
      longName = undefined
      if (type === '5' || raw.endsWith('/')) continue
      const name = checkEntryName(raw)
      if (isLink(type)) throw new MediaError(`${name}: the archive has a link`)
      if (!isFile(type)) throw new MediaError(`${name}: the archive has a special file`)
      let left = size
      const body = async function* () {
        while (left > 0) {
          const piece = await pieces.some(left)
          if (!piece) throw damaged()
          left -= piece.length
          yield piece
        }
      }
      yield { name, size, body: body() }
      for await (const _ of body());
      if (padding && !(await pieces.exactly(padding))) throw damaged()
    }
  } finally {
    await pieces.close()
  }
}
