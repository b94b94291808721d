// Reads protocol buffers from a file, field by field, in a small window: what is skipped is never read.
// The wire format: https://protobuf.dev/programming-guides/encoding/
import type { FileHandle } from 'node:fs/promises'
import { ModelError } from './model-error'

const windowBytes = 8192
/** Nothing that is read as a whole, such as a name or a text, may be longer. */
const longestValue = 4 << 20
const most = BigInt(Number.MAX_SAFE_INTEGER)

/** A field of a message; of a value with a length (kind 2) `at` and `end` say where in the file it lies. */
export type Field = { number: number; kind: number; value: bigint; at: number; end: number }

export type Wire = {
  size: number
  /** Fields of the message between two places of the file. */
  fields: (at: number, end: number) => AsyncGenerator<Field>
  bytes: (field: Field) => Promise<Uint8Array>
  text: (field: Field) => Promise<string>
}

const cutOff = () => new ModelError('ends before it is complete')

export const openWire = async (file: FileHandle): Promise<Wire> => {
  const { size } = await file.stat()
  const window = new Uint8Array(windowBytes)
  let [start, end] = [0, 0]

  /** Bytes from `at` on that are in the window, at least one. */
  const look = async (at: number): Promise<number> => {
    if (at >= size) throw cutOff()
    if (at < start || at >= end) {
      const { bytesRead } = await file.read(window, 0, windowBytes, at)
      if (!bytesRead) throw cutOff()
      ;[start, end] = [at, at + bytesRead]
    }
    return window[at - start]!
  }

  const readNumber = async (at: number, limit: number): Promise<[value: bigint, next: number]> => {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (at >= limit) throw cutOff()
      const byte = await look(at++)
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return [BigInt.asUintN(64, value), at]
    }
    throw new ModelError('is no ONNX model')
  }

  const fields = async function* (from: number, limit: number): AsyncGenerator<Field> {
    let at = from
    while (at < limit) {
      const [tag, afterTag] = await readNumber(at, limit)
      const [number, kind] = [Number(tag >> 3n), Number(tag & 7n)]
      if (number < 1 || number > 536_870_911) throw new ModelError('is no ONNX model')
      const field: Field = { number, kind, value: 0n, at: afterTag, end: afterTag }
      if (kind === 0) [field.value, field.end] = await readNumber(afterTag, limit)
      else if (kind === 1) field.end = afterTag + 8
      else if (kind === 5) field.end = afterTag + 4
      else if (kind === 2) {
        const [length, afterLength] = await readNumber(afterTag, limit)
        if (length > most) throw cutOff()
        field.at = afterLength
        field.end = afterLength + Number(length)
      } else throw new ModelError('is no ONNX model')
      if (field.end > limit) throw cutOff()
      at = field.end
      yield field
    }
  }

  const bytes = async ({ kind, at, end: last }: Field) => {
    if (kind !== 2) throw new ModelError('is no ONNX model')
    if (last - at > longestValue) throw new ModelError(`holds a text of ${last - at} bytes; at most ${longestValue} are read`)
    const found = new Uint8Array(last - at)
    for (let read = 0; read < found.length; ) {
      const { bytesRead } = await file.read(found, read, found.length - read, at + read)
      if (!bytesRead) throw cutOff()
      read += bytesRead
    }
    return found
  }
  return { size, fields, bytes, text: async (field) => new TextDecoder().decode(await bytes(field)) }
}
