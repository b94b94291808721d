// Points of LAS and LAZ laser scans, versions 1.0 to 1.4. Layout: ASPRS LAS specification 1.4 R15; LAZ by laz-perf as WebAssembly.
import wasmPath from 'laz-perf/lib/node/laz-perf.wasm' with { type: 'file' }
import { MediaError } from '../task-media'
import { maxPoints } from './pcd'
import { packColor } from './read-ply'
import type { CloudPoints } from './write-pcd'

type Header = {
  start: number
  format: number
  stride: number
  count: number
  scale: number[]
  offset: number[]
  isPacked: boolean
  /** What is taken off each coordinate, so that 32-bit floats keep millimetres. */
  origin: number[]
}

const blockPoints = 1 << 15
/** The unpacker holds the whole file in its memory. */
const maxPackedBytes = 1 << 30
/** Coordinates beyond this (metres) are moved; most scans are in a national grid. */
const farAway = 10_000
/** Where red, green and blue stand in a record, by its format. */
const colorOffset: Record<number, number> = { 2: 20, 3: 28, 5: 28, 7: 30, 8: 30, 10: 30 }
const leastStride = [20, 28, 26, 34, 57, 63, 30, 36, 38, 59, 67]

const readHeaderOf = async (path: string): Promise<Header> => {
  const bytes = await Bun.file(path).slice(0, 375).bytes()
  if (bytes.length < 227 || Buffer.from(bytes).toString('latin1', 0, 4) !== 'LASF') throw new MediaError('not a LAS file')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const minor = view.getUint8(25)
  const format = view.getUint8(104) & 0x3f
  const stride = view.getUint16(105, true)
  const legacy = view.getUint32(107, true)
  const count = minor >= 4 && bytes.length >= 255 ? Number(view.getBigUint64(247, true)) || legacy : legacy
  if (!(stride >= (leastStride[format] ?? Number.POSITIVE_INFINITY))) throw new MediaError(`point format ${format} is unknown`)
  if (!count) throw new MediaError('the file has no points')
  if (count > maxPoints) throw new MediaError(`${count} points are more than ${maxPoints}`)
  const three = (at: number, step = 8) => [0, 1, 2].map((i) => view.getFloat64(at + i * step, true))
  const [scale, offset, max, min] = [three(131), three(155), three(179, 16), three(187, 16)]
  if (![...scale, ...offset].every(Number.isFinite)) throw new MediaError('the scale of the coordinates is no number')
  const origin = min.map((low, i) =>
    Math.max(Math.abs(low), Math.abs(max[i]!)) > farAway && Number.isFinite(low) ? Math.floor(low) : 0,
  )
  const isPacked = (view.getUint8(104) & 0xc0) !== 0
  return { start: view.getUint32(96, true), format, stride, count, scale, offset, isPacked, origin }
}

const readPlain = async function* (path: string, { start, stride, count }: Header): AsyncGenerator<DataView> {
  const file = Bun.file(path)
  if (start + stride * count > file.size) throw new MediaError('the file is cut off')
  for (let at = 0; at < count; at += blockPoints) {
    const bytes = await file.slice(start + at * stride, start + Math.min(count, at + blockPoints) * stride).bytes()
    yield new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }
}

type Unpacker = { open: (data: number, bytes: number) => void; getPoint: (target: number) => void; delete: () => void }
type LazPerf = { HEAPU8: Uint8Array; _malloc: (bytes: number) => number; _free: (at: number) => void; LASZip: new () => Unpacker }

const readPacked = async function* (path: string, { stride, count }: Header): AsyncGenerator<DataView> {
  const file = Bun.file(path)
  if (file.size > maxPackedBytes) throw new MediaError(`a LAZ file may have at most ${maxPackedBytes} bytes`)
  const { createLazPerf } = await import('laz-perf')
  // A fresh instance each time: its memory only grows, and goes with it.
  const laz = (await createLazPerf({ wasmBinary: await Bun.file(wasmPath).arrayBuffer() })) as unknown as LazPerf
  const unpacker = new laz.LASZip()
  const data = laz._malloc(file.size)
  const point = laz._malloc(stride)
  try {
    let at = data
    for await (const part of file.stream() as unknown as AsyncIterable<Uint8Array>) {
      laz.HEAPU8.set(part, at)
      at += part.length
    }
    unpacker.open(data, file.size)
    for (let done = 0; done < count; ) {
      const rows = Math.min(blockPoints, count - done)
      const block = new Uint8Array(rows * stride)
      for (let row = 0; row < rows; row++) {
        unpacker.getPoint(point)
        block.set(laz.HEAPU8.subarray(point, point + stride), row * stride)
      }
      done += rows
      yield new DataView(block.buffer)
    }
  } catch (error) {
    if (error instanceof MediaError) throw error
    throw new MediaError('the compressed points are damaged or cut off')
  } finally {
    unpacker.delete()
    laz._free(data)
    laz._free(point)
  }
}

export const readLas = async (path: string): Promise<CloudPoints> => {
  const header = await readHeaderOf(path)
  const { stride, scale, offset, origin, format, count, isPacked } = header
  const color = colorOffset[format]
  const colorField = color === undefined ? [] : ['rgb']
  const fields = ['x', 'y', 'z', 'intensity', ...colorField, 'return', 'classification']
  // Formats from 6 on have room for 15 echoes and 256 classes, and another order.
  const isWide = format >= 6
  const blocks = async function* () {
    // Colours have 16 bits; some programs write 8, which shows in the first block that is not black.
    let shift: number | undefined
    for await (const view of isPacked ? readPacked(path, header) : readPlain(path, header)) {
      const rows = Math.floor(view.byteLength / stride)
      const colorAt = (row: number, i: number) => view.getUint16(row * stride + color! + 2 * i, true)
      if (color !== undefined && shift === undefined) {
        let most = 0
        for (let row = 0; row < rows; row++) most = Math.max(most, colorAt(row, 0), colorAt(row, 1), colorAt(row, 2))
        if (most) shift = most > 255 ? 8 : 0
      }
      const block = new Float32Array(rows * fields.length)
      for (let row = 0; row < rows; row++) {
        const at = row * fields.length
        for (let axis = 0; axis < 3; axis++)
          block[at + axis] = view.getInt32(row * stride + 4 * axis, true) * scale[axis]! + offset[axis]! - origin[axis]!
        block[at + 3] = view.getUint16(row * stride + 12, true)
        if (color !== undefined) {
          const [red, green, blue] = [0, 1, 2].map((i) => colorAt(row, i) >> (shift ?? 0)) as [number, number, number]
          block[at + 4] = packColor(red, green, blue)
        }
        block[at + fields.length - 2] = view.getUint8(row * stride + 14) & (isWide ? 15 : 7)
        block[at + fields.length - 1] = isWide ? view.getUint8(row * stride + 16) : view.getUint8(row * stride + 15) & 31
      }
      yield block
    }
  }
  return { fields, count, blocks: blocks(), origin }
}
