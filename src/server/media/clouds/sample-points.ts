// Takes some points out of a PCD file, evenly, without holding the whole cloud where the layout permits.
import { MediaError } from '../task-media'
import { unpackLzf } from './lzf'
import { type PcdField, type PcdHeader, readPcdHeader } from './pcd'

/** x, y, z and brightness (0 when there is none) of each point. */
export type Sample = Float32Array

/** Compressed clouds are unpacked as a whole: above this many bytes they have no sample. */
const maxUnpackedBytes = 1 << 30
const maxAsciiBytes = 64 << 20
const blockPoints = 1 << 14

const readValue = (view: DataView, at: number, { type, size }: PcdField): number => {
  if (type === 'F') return size === 8 ? view.getFloat64(at, true) : view.getFloat32(at, true)
  if (size === 8) return Number(type === 'I' ? view.getBigInt64(at, true) : view.getBigUint64(at, true))
  if (size === 4) return type === 'I' ? view.getInt32(at, true) : view.getUint32(at, true)
  if (size === 2) return type === 'I' ? view.getInt16(at, true) : view.getUint16(at, true)
  return type === 'I' ? view.getInt8(at) : view.getUint8(at)
}

const chooseFields = ({ fields }: PcdHeader): (PcdField | undefined)[] =>
  ['x', 'y', 'z', 'intensity'].map((name) => fields.find((field) => field.name === name))

type Put = (values: (number | undefined)[]) => void

const sampleBinary = async (path: string, header: PcdHeader, every: number, put: Put) => {
  const file = Bun.file(path)
  const own = chooseFields(header)
  for (let from = 0; from < header.points; from += blockPoints * every) {
    // Far apart points are read in runs, so that a huge file is not read as a whole.
    const to = Math.min(header.points, from + blockPoints)
    const bytes = await file.slice(header.start + from * header.stride, header.start + to * header.stride).bytes()
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    for (let at = 0; at + header.stride <= bytes.length; at += header.stride)
      put(own.map((field) => field && readValue(view, at + field.offset, field)))
  }
}

const sampleCompressed = async (path: string, header: PcdHeader, every: number, put: Put) => {
  const bytes = header.points * header.stride
  if (bytes > maxUnpackedBytes) return
  const file = Bun.file(path)
  const packedBytes = new DataView(await file.slice(header.start, header.start + 4).arrayBuffer()).getUint32(0, true)
  const packed = await file.slice(header.start + 8, header.start + 8 + packedBytes).bytes()
  const points = unpackLzf(packed, bytes)
  const view = new DataView(points.buffer)
  const own = chooseFields(header)
  // Values of one field lie together.
  for (let n = 0; n < header.points; n += every)
    put(own.map((field) => field && readValue(view, field.offset * header.points + n * field.size * field.count, field)))
}

const sampleAscii = async (path: string, header: PcdHeader, every: number, put: Put) => {
  const columns = chooseFields(header).map(
    (field) => field && header.fields.slice(0, header.fields.indexOf(field)).reduce((sum, { count }) => sum + count, 0),
  )
  const text = Bun.file(path)
    .slice(header.start, header.start + maxAsciiBytes)
    .stream() as unknown as AsyncIterable<Uint8Array>
  const decoder = new TextDecoder('latin1')
  let rest = ''
  let line = 0
  const take = (one: string) => {
    if (line++ % every) return
    const values = one.trim().split(/\s+/)
    if (values.length > 2) put(columns.map((column) => (column === undefined ? undefined : Number(values[column]))))
  }
  for await (const part of text) {
    const lines = (rest + decoder.decode(part, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const one of lines) take(one)
  }
  take(rest)
}

const samplers = { ascii: sampleAscii, binary: sampleBinary, binary_compressed: sampleCompressed }

/** About `wanted` points of the cloud, those without finite coordinates left out. Throws MediaError without the file's name. */
export const samplePoints = async (path: string, wanted: number): Promise<Sample> => {
  const header = readPcdHeader(path)
  const sample: number[] = []
  await samplers[header.data](path, header, Math.max(1, Math.ceil(header.points / wanted)), ([x, y, z, light]) => {
    if (Number.isFinite(x) && Number.isFinite(y) && Number.isFinite(z))
      sample.push(x!, y!, z!, Number.isFinite(light) ? light! : 0)
  }).catch((error) => {
    throw error instanceof MediaError ? error : new MediaError('the points cannot be read')
  })
  return Float32Array.from(sample)
}
