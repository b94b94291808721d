// Reads a large JSON object piece by piece: its lists element by element, never the whole at once.

import { FormatError } from '../format-error'

/** A member of the top object, or one element of a list that is such a member. */
export type JsonPiece = { key: string; value: unknown /** Position in the list, 0-based. */; index?: number }

export type JsonReaderOptions = {
  /** Name of the file, for messages. */
  file: string
  /** Which members to parse; others are skipped, though their brackets are still checked. */
  keys: ReadonlySet<string>
  maxDepth?: number
  /** Bytes of one list element or plain member. */
  maxPieceBytes?: number
}

const quote = 0x22
const backslash = 0x5c
const [openBrace, closeBrace, openBracket, closeBracket, comma, colon] = [0x7b, 0x7d, 0x5b, 0x5d, 0x2c, 0x3a]

type State = 'start' | 'key' | 'colon' | 'value' | 'element' | 'after' | 'end'

/** Yields the pieces in batches, in file order. Throws FormatError for anything that is not one JSON object. */
export async function* readJsonPieces(
  stream: AsyncIterable<Uint8Array>,
  options: JsonReaderOptions,
): AsyncGenerator<JsonPiece[]> {
  const reader = new JsonPieces(options)
  for await (const chunk of stream) {
    reader.push(chunk)
    if (reader.pieces.length > 0) yield reader.takePieces()
  }
  reader.end()
}

class JsonPieces {
  pieces: JsonPiece[] = []
  private state: State = 'start'
  private key = ''
  private index = -1
  private isList = false
  /** Open brackets inside the piece that is being collected, by their closing byte. */
  private closers: number[] = []
  private inString = false
  private isEscaped = false
  private isCollecting = false
  private parts: Uint8Array[] = []
  private collectedBytes = 0
  private readonly decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  private readonly maxDepth: number
  private readonly maxPieceBytes: number

  constructor(private readonly options: JsonReaderOptions) {
    this.maxDepth = options.maxDepth ?? 64
    this.maxPieceBytes = options.maxPieceBytes ?? 1 << 28
  }

  takePieces(): JsonPiece[] {
    const taken = this.pieces
    this.pieces = []
    return taken
  }

  push(chunk: Uint8Array): void {
    let at = 0
    let start = 0
    while (at < chunk.length) {
      const byte = chunk[at]!
      if (this.isCollecting) {
        at = this.collect(chunk, at)
        if (!this.isCollecting) {
          this.keep(chunk.subarray(start, at))
          this.finishPiece()
        }
      } else if (byte <= 0x20 || (this.state === 'start' && (byte === 0xef || byte === 0xbb || byte === 0xbf))) {
        at++
      } else if (this.expectsPiece(byte)) {
        start = at
        this.isCollecting = true
      } else {
        this.step(byte)
        at++
      }
    }
    if (this.isCollecting) this.keep(chunk.subarray(start))
  }

  end(): void {
    if (this.state !== 'end') throw this.fail('The JSON ends too early')
  }

  /** Whether this byte starts a key, a plain member or a list element. */
  private expectsPiece(byte: number): boolean {
    if (this.state === 'key') return byte === quote
    if (this.state === 'element') return byte !== closeBracket
    return this.state === 'value' && byte !== openBracket
  }

  private step(byte: number): void {
    const { state } = this
    if (state === 'start' && byte === openBrace) this.state = 'key'
    else if (state === 'key' && byte === closeBrace && this.key === '') this.state = 'end'
    else if (state === 'colon' && byte === colon) this.state = 'value'
    else if (state === 'value') {
      this.isList = true
      this.index = -1
      this.state = 'element'
    } else if (state === 'element' && this.index < 0) this.leaveList()
    else if (state === 'after' && byte === comma) this.state = this.isList ? 'element' : 'key'
    else if (state === 'after' && byte === closeBracket && this.isList) this.leaveList()
    else if (state === 'after' && byte === closeBrace && !this.isList) this.state = 'end'
    else throw this.fail(state === 'start' ? 'The file is not a JSON object' : 'The JSON is malformed')
  }

  private leaveList(): void {
    this.isList = false
    this.state = 'after'
  }

  /** Goes on through the piece; stops collecting behind its last byte. */
  private collect(chunk: Uint8Array, from: number): number {
    let at = from
    while (at < chunk.length) {
      const byte = chunk[at]!
      if (this.inString) {
        if (this.isEscaped) this.isEscaped = false
        else if (byte === backslash) this.isEscaped = true
        else if (byte === quote) {
          this.inString = false
          if (this.closers.length === 0) return this.stop(at + 1)
        }
      } else if (byte === quote) this.inString = true
      else if (byte === openBrace || byte === openBracket) {
        this.closers.push(byte === openBrace ? closeBrace : closeBracket)
        if (this.closers.length > this.maxDepth) throw this.fail('The JSON is nested too deeply')
      } else if (byte === closeBrace || byte === closeBracket) {
        if (this.closers.length === 0) return this.stop(at)
        if (this.closers.pop() !== byte) throw this.fail('The JSON is malformed')
        if (this.closers.length === 0) return this.stop(at + 1)
      } else if (this.closers.length === 0 && (byte === comma || byte <= 0x20)) return this.stop(at)
      at++
    }
    return at
  }

  private stop(at: number): number {
    this.isCollecting = false
    return at
  }

  private keep(bytes: Uint8Array): void {
    this.collectedBytes += bytes.length
    if (this.collectedBytes > this.maxPieceBytes) throw this.fail(`A part of the JSON is larger than ${this.maxPieceBytes} bytes`)
    if (this.state === 'key' || this.options.keys.has(this.key)) this.parts.push(bytes.slice())
  }

  private finishPiece(): void {
    if (this.isList) this.index++
    this.collectedBytes = 0
    if (this.state === 'key') {
      this.key = this.parse() as string
      this.state = 'colon'
      return
    }
    this.state = 'after'
    if (!this.options.keys.has(this.key)) return
    const value = this.parse()
    this.pieces.push(this.isList ? { key: this.key, value, index: this.index } : { key: this.key, value })
  }

  private parse(): unknown {
    const parts = this.parts
    this.parts = []
    try {
      return JSON.parse(this.decoder.decode(parts.length === 1 ? parts[0] : Buffer.concat(parts)))
    } catch {
      throw this.fail('The JSON is malformed')
    }
  }

  private fail(reason: string): FormatError {
    const field = this.key && (this.isList ? `${this.key}[${Math.max(this.index, 0)}]` : this.key)
    return new FormatError(reason, { file: this.options.file || undefined, field: field || undefined })
  }
}
