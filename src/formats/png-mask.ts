// Writes and reads the PNG pictures of masks: grey, palette, RGB and RGBA, for every format that keeps regions as pictures.

import { crc32, deflateSync, inflateSync } from 'node:zlib'
import { FormatError } from './format-error'

/** Samples of a picture row by row; `channels` of them per pixel (1 grey or palette index, 2 grey and alpha, 3 RGB, 4 RGBA). */
export type Picture = {
  width: number
  height: number
  channels: 1 | 2 | 3 | 4
  values: Uint8Array | Uint16Array
  /** RGB of each index, when the samples are indices. */
  palette?: Uint8Array
}

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const colourTypes = { 1: 0, 2: 4, 3: 2, 4: 6 } as const
const channelsByType: Record<number, Picture['channels']> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }
const depthsByType: Record<number, readonly number[]> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
}

/** The picture as a PNG file: 16 bits per sample for a Uint16Array, else 8. Equal pictures give equal bytes. */
export function encodePng({ width, height, channels, values, palette }: Picture): Uint8Array {
  const sampleBytes = values.BYTES_PER_ELEMENT
  const rowBytes = width * channels * sampleBytes
  const raw = Buffer.alloc(height * (rowBytes + 1))
  for (let row = 0; row < height; row++) {
    const from = row * width * channels
    const to = row * (rowBytes + 1) + 1
    if (values instanceof Uint8Array) raw.set(values.subarray(from, from + rowBytes), to)
    else for (let at = 0; at < width * channels; at++) raw.writeUInt16BE(values[from + at]!, to + 2 * at)
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([sampleBytes * 8, palette ? 3 : colourTypes[channels], 0, 0, 0], 8)
  const chunks = [
    signature,
    packChunk('IHDR', header),
    ...(palette ? [packChunk('PLTE', palette)] : []),
    packChunk('IDAT', deflateSync(raw, { level: 6 })),
    packChunk('IEND', new Uint8Array()),
  ]
  return Buffer.concat(chunks)
}

function packChunk(kind: string, data: Uint8Array): Uint8Array {
  const chunk = Buffer.alloc(12 + data.length)
  chunk.writeUInt32BE(data.length, 0)
  chunk.write(kind, 4, 'latin1')
  chunk.set(data, 8)
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length)
  return chunk
}

export type PngExpectation = {
  /** Name of the file, for messages. */
  file: string
  /** Pixels that the picture must have; 0 when not known. */
  width: number
  height: number
}

/** The largest picture that is unpacked when its size is not known beforehand. */
const maxPixels = 2 ** 26

type Header = { width: number; height: number; depth: number; colourType: number; interlaced: boolean }

/** Reads any PNG. Throws FormatError for a damaged file and for a size other than expected, before anything is unpacked. */
export function decodePng(bytes: Uint8Array, { file, width, height }: PngExpectation): Picture {
  const fail = (reason: string) => new FormatError(reason, { file })
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (!buffer.subarray(0, 8).equals(signature)) throw fail('This is not a PNG picture')
  let header: Header | undefined
  let palette: Uint8Array | undefined
  const parts: Uint8Array[] = []
  for (let at = 8; at + 12 <= buffer.length; ) {
    const length = buffer.readUInt32BE(at)
    const end = at + 8 + length
    if (end + 4 > buffer.length) throw fail('The PNG picture is incomplete')
    if (crc32(buffer.subarray(at + 4, end)) !== buffer.readUInt32BE(end)) throw fail('The PNG picture is damaged')
    const kind = buffer.toString('latin1', at + 4, at + 8)
    const data = buffer.subarray(at + 8, end)
    if (kind === 'IHDR') header = readHeader(data, fail)
    else if (kind === 'PLTE') palette = new Uint8Array(data)
    else if (kind === 'IDAT') parts.push(data)
    else if (kind === 'IEND') break
    at = end + 4
  }
  if (!header) throw fail('The PNG picture is incomplete')
  if ((width > 0 && header.width !== width) || (height > 0 && header.height !== height)) {
    throw fail(`The picture has ${header.width}x${header.height} pixels, its frame ${width}x${height}`)
  }
  if (header.width * header.height > maxPixels && !(width > 0 && height > 0)) throw fail('The picture is too large')
  if (header.colourType === 3 && !palette) throw fail('The PNG picture has no palette')
  const values = unpackSamples(header, Buffer.concat(parts), fail)
  const picture: Picture = { width: header.width, height: header.height, channels: channelsByType[header.colourType]!, values }
  return header.colourType === 3 ? { ...picture, palette: palette! } : picture
}

function readHeader(data: Buffer, fail: (reason: string) => FormatError): Header {
  if (data.length !== 13) throw fail('The PNG picture is damaged')
  const [depth, colourType, , , interlace] = data.subarray(8) as unknown as [number, number, number, number, number]
  const header = { width: data.readUInt32BE(0), height: data.readUInt32BE(4), depth, colourType, interlaced: interlace === 1 }
  if (header.width < 1 || header.height < 1 || !depthsByType[colourType]?.includes(depth))
    throw fail('The PNG picture is damaged')
  return header
}

/** Start and step of the columns and rows of Adam7's passes. */
const passes = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const

function unpackSamples(header: Header, packed: Uint8Array, fail: (reason: string) => FormatError): Uint8Array | Uint16Array {
  const { width, height, depth, colourType, interlaced } = header
  const channels = channelsByType[colourType]!
  const pixelBits = channels * depth
  const layers = (interlaced ? passes : [[0, 0, 1, 1] as const]).map(([left, top, stepX, stepY]) => {
    const columns = Math.max(0, Math.ceil((width - left) / stepX))
    const rows = columns === 0 ? 0 : Math.max(0, Math.ceil((height - top) / stepY))
    return { left, top, stepX, stepY, columns, rows, rowBytes: Math.ceil((columns * pixelBits) / 8) }
  })
  const total = layers.reduce((sum, { rows, rowBytes }) => sum + rows * (rowBytes + 1), 0)
  const raw = inflate(packed, total, fail)
  const values = depth === 16 ? new Uint16Array(width * height * channels) : new Uint8Array(width * height * channels)
  let at = 0
  for (const { left, top, stepX, stepY, columns, rows, rowBytes } of layers) {
    let before = new Uint8Array(rowBytes)
    for (let row = 0; row < rows; row++) {
      const line = raw.subarray(at + 1, at + 1 + rowBytes)
      unfilterRow(raw[at]!, line, before, Math.max(1, pixelBits >> 3), fail)
      const start = (top + row * stepY) * width + left
      for (let sample = 0; sample < columns * channels; sample++) {
        const column = Math.floor(sample / channels)
        values[(start + column * stepX) * channels + (sample % channels)] = readSample(line, sample, depth)
      }
      before = line
      at += rowBytes + 1
    }
  }
  return values
}

function inflate(packed: Uint8Array, total: number, fail: (reason: string) => FormatError): Uint8Array<ArrayBuffer> {
  try {
    const raw = inflateSync(packed, { maxOutputLength: total })
    if (raw.length === total) return new Uint8Array(raw.buffer as ArrayBuffer, raw.byteOffset, raw.byteLength)
  } catch {}
  throw fail('The PNG picture is damaged')
}

function readSample(line: Uint8Array, sample: number, depth: number): number {
  if (depth === 8) return line[sample]!
  if (depth === 16) return (line[2 * sample]! << 8) | line[2 * sample + 1]!
  const bit = sample * depth
  return (line[bit >> 3]! >> (8 - depth - (bit & 7))) & ((1 << depth) - 1)
}

function unfilterRow(
  filter: number,
  line: Uint8Array,
  before: Uint8Array,
  pixelBytes: number,
  fail: (reason: string) => FormatError,
): void {
  if (filter === 0) return
  if (filter > 4) throw fail('The PNG picture is damaged')
  for (let at = 0; at < line.length; at++) {
    const left = at >= pixelBytes ? line[at - pixelBytes]! : 0
    const up = before[at]!
    if (filter === 1) line[at]! += left
    else if (filter === 2) line[at]! += up
    else if (filter === 3) line[at]! += (left + up) >> 1
    else line[at]! += predict(left, up, at >= pixelBytes ? before[at - pixelBytes]! : 0)
  }
}

/** Paeth's predictor: the neighbour nearest to left + up − corner. */
function predict(left: number, up: number, corner: number): number {
  const guess = left + up - corner
  const [toLeft, toUp, toCorner] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)]
  if (toLeft <= toUp && toLeft <= toCorner) return left
  return toUp <= toCorner ? up : corner
}

/** One number 0xrrggbb per pixel, alpha left aside; 16-bit samples count with their upper byte. */
export function listColours({ channels, values, palette }: Picture): Uint32Array {
  const colours = new Uint32Array(values.length / channels)
  const shift = values instanceof Uint16Array ? 8 : 0
  for (let pixel = 0; pixel < colours.length; pixel++) {
    const at = pixel * channels
    if (palette) {
      const entry = values[at]! * 3
      colours[pixel] = ((palette[entry] ?? 0) << 16) | ((palette[entry + 1] ?? 0) << 8) | (palette[entry + 2] ?? 0)
    } else if (channels < 3) colours[pixel] = (values[at]! >> shift) * 0x010101
    else colours[pixel] = ((values[at]! >> shift) << 16) | ((values[at + 1]! >> shift) << 8) | (values[at + 2]! >> shift)
  }
  return colours
}

/** One number per pixel: the grey value or palette index. Throws FormatError for a coloured picture. */
export function listNumbers({ channels, values }: Picture, file: string): Uint8Array | Uint16Array {
  if (channels === 1) return values
  if (channels > 2) throw new FormatError('The picture must be grey, not coloured', { file })
  return values.filter((_, at) => at % 2 === 0)
}

/** 1 for every pixel with any sample that is not zero. */
export function listMarkedPixels({ channels, values }: Picture): Uint8Array {
  const marked = new Uint8Array(values.length / channels)
  for (let at = 0; at < values.length; at++) if (values[at] !== 0) marked[Math.floor(at / channels)] = 1
  return marked
}
