// Points of a PCD file in its three layouts; text and plain binary in constant memory.
import { MediaError } from '../../task-media'
import { unpackLzf } from '../lzf'
import { type PcdField, type PcdHeader, readPcdHeader } from '../pcd'
import type { Picking, RawBlock, RawCloud } from './cloud-stream'

/** Compressed points lie field after field, so they are unpacked as a whole: above this many bytes they are refused. */
export const maxUnpackedBytes = 1 << 30
const blockPoints = 1 << 15
const sampleRun = 256
const maxLineLength = 1 << 20

const aliases = {
  x: ['x'],
  y: ['y'],
  z: ['z'],
  intensity: ['intensity', 'i', 'reflectivity', 'reflectance'],
  colour: ['rgb', 'rgba'],
  return: ['return', 'return_number'],
  classification: ['classification'],
} as const
type Part = keyof typeof aliases
type Fields = Partial<Record<Part, PcdField>>

const findFields = ({ fields }: PcdHeader): Fields =>
  Object.fromEntries(
    Object.entries(aliases).map(([part, names]) => [
      part,
      names.map((name) => fields.find((field) => field.name.toLowerCase() === name)).find((field) => field),
    ]),
  )

type Read = (view: DataView, at: number) => number
const floats: Record<number, Read> = { 4: (view, at) => view.getFloat32(at, true), 8: (view, at) => view.getFloat64(at, true) }
const signed: Record<number, Read> = {
  1: (view, at) => view.getInt8(at),
  2: (view, at) => view.getInt16(at, true),
  4: (view, at) => view.getInt32(at, true),
  8: (view, at) => Number(view.getBigInt64(at, true)),
}
const unsigned: Record<number, Read> = {
  1: (view, at) => view.getUint8(at),
  2: (view, at) => view.getUint16(at, true),
  4: (view, at) => view.getUint32(at, true),
  8: (view, at) => Number(view.getBigUint64(at, true)),
}
const readers = { F: floats, I: signed, U: unsigned }

const createBlock = (fields: Fields, rows: number, first: number, step: number): RawBlock => ({
  count: rows,
  first,
  step,
  positions: new Float64Array(rows * 3),
  ...(fields.intensity && { intensity: new Float32Array(rows) }),
  ...(fields.colour && { colour: new Uint8Array(rows * 3) }),
  ...(fields.return && { return: new Uint8Array(rows) }),
  ...(fields.classification && { classification: new Uint8Array(rows) }),
})

const setColour = (block: RawBlock, row: number, bits: number) => {
  block.colour![row * 3] = (bits >>> 16) & 255
  block.colour![row * 3 + 1] = (bits >>> 8) & 255
  block.colour![row * 3 + 2] = bits & 255
}

/** Colours are three bytes in the bits of a float, or in a whole number. */
const floatBits = new DataView(new ArrayBuffer(4))
const toBits = (value: number, { type }: PcdField): number => {
  if (type !== 'F') return value
  floatBits.setFloat32(0, value)
  return floatBits.getUint32(0)
}

/** @param place where a field of the row stands in the view, in bytes */
const fillBlock = (
  block: RawBlock,
  fields: Fields,
  view: DataView,
  place: (field: PcdField, row: number) => number,
): RawBlock => {
  const rows = block.count
  for (const [axis, name] of (['x', 'y', 'z'] as const).entries()) {
    const field = fields[name]!
    const read = readers[field.type][field.size]!
    for (let row = 0; row < rows; row++) block.positions[row * 3 + axis] = read(view, place(field, row))
  }
  for (const part of ['intensity', 'return', 'classification'] as const) {
    const field = fields[part]
    if (!field) continue
    const read = readers[field.type][field.size]!
    for (let row = 0; row < rows; row++) block[part]![row] = read(view, place(field, row))
  }
  if (fields.colour) {
    // The bits as they stand: a float that is no number would lose them.
    const read = unsigned[Math.min(4, fields.colour.size)]!
    for (let row = 0; row < rows; row++) setColour(block, row, read(view, place(fields.colour, row)))
  }
  return block
}

const readBinary = async function* (path: string, header: PcdHeader, fields: Fields, { every }: Picking) {
  const file = Bun.file(path)
  const { points, start, stride } = header
  // Of a sample short runs are read and what lies between them is skipped, which spares most of a huge file.
  const perBlock = Math.max(1, Math.min(every > 1 ? sampleRun : blockPoints, Math.floor((8 << 20) / stride)))
  for (let from = 0; from < points; from += perBlock * every) {
    const rows = Math.min(perBlock, points - from)
    const bytes = await file.slice(start + from * stride, start + (from + rows) * stride).bytes()
    if (bytes.length < rows * stride) throw new MediaError('the file is cut off')
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    yield fillBlock(createBlock(fields, rows, from, 1), fields, view, (field, row) => row * stride + field.offset)
  }
}

const readCompressed = async function* (path: string, header: PcdHeader, fields: Fields, { every }: Picking) {
  const { points, start, stride } = header
  const bytes = points * stride
  if (bytes > maxUnpackedBytes)
    throw new MediaError(`the compressed points take ${bytes} bytes, more than ${maxUnpackedBytes}; store them as binary`)
  const file = Bun.file(path)
  const packedBytes = new DataView(await file.slice(start, start + 4).arrayBuffer()).getUint32(0, true)
  const view = new DataView(unpackLzf(await file.slice(start + 8, start + 8 + packedBytes).bytes(), bytes).buffer)
  const picked = Math.ceil(points / every)
  for (let from = 0; from < picked; from += blockPoints) {
    const rows = Math.min(blockPoints, picked - from)
    const block = createBlock(fields, rows, from * every, every)
    yield fillBlock(block, fields, view, ({ offset, size, count }, row) => offset * points + (from + row) * every * size * count)
  }
}

/** Values of a line of text; those that are no numbers are NaN. */
const splitLine = (line: string): number[] =>
  line
    .trim()
    .split(/\s+/)
    .map((word) => (word === '' ? Number.NaN : Number(word)))

const readAscii = async function* (path: string, header: PcdHeader, fields: Fields, { every }: Picking) {
  const columnOf = (field: PcdField) =>
    header.fields.slice(0, header.fields.indexOf(field)).reduce((sum, { count }) => sum + count, 0)
  const columns = Object.fromEntries(Object.entries(fields).map(([part, field]) => [part, field && columnOf(field)])) as Partial<
    Record<Part, number>
  >
  const width = header.fields.reduce((sum, { count }) => sum + count, 0)
  let block = createBlock(fields, blockPoints, 0, every)
  let picked = 0
  let rows = 0
  let found = 0
  const take = (line: string) => {
    if (!line.trim()) return
    if (++found > header.points) throw new MediaError(`the file has more than the ${header.points} points of its header`)
    if ((found - 1) % every) return
    const values = splitLine(line)
    if (values.length !== width) throw new MediaError(`point ${found} has ${values.length} values instead of ${width}`)
    for (const [axis, name] of (['x', 'y', 'z'] as const).entries()) block.positions[rows * 3 + axis] = values[columns[name]!]!
    for (const part of ['intensity', 'return', 'classification'] as const)
      if (fields[part]) block[part]![rows] = values[columns[part]!]!
    if (fields.colour) setColour(block, rows, toBits(values[columns.colour!]!, fields.colour))
    rows++
  }
  const cut = (from: RawBlock): RawBlock => ({
    ...from,
    count: rows,
    positions: from.positions.subarray(0, rows * 3),
    ...(from.intensity && { intensity: from.intensity.subarray(0, rows) }),
    ...(from.colour && { colour: from.colour.subarray(0, rows * 3) }),
    ...(from.return && { return: from.return.subarray(0, rows) }),
    ...(from.classification && { classification: from.classification.subarray(0, rows) }),
  })
  const decoder = new TextDecoder('latin1')
  let rest = ''
  for await (const part of Bun.file(path).slice(header.start).stream() as unknown as AsyncIterable<Uint8Array>) {
    const lines = (rest + decoder.decode(part, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > maxLineLength) throw new MediaError('a line is longer than any point')
    for (const line of lines) {
      take(line)
      if (rows < blockPoints) continue
      yield block
      picked += rows
      block = createBlock(fields, blockPoints, picked * every, every)
      rows = 0
    }
  }
  take(rest)
  if (found < header.points)
    throw new MediaError(`the file is cut off: ${header.points - found} of ${header.points} points are missing`)
  if (rows) yield cut(block)
}

const layouts = { ascii: readAscii, binary: readBinary, binary_compressed: readCompressed }

/** Throws MediaError without the file's name. */
export const readPcd = async (path: string, picking: Picking): Promise<RawCloud> => {
  const header = readPcdHeader(path)
  if (!header.points) throw new MediaError('the cloud has no points')
  const fields = findFields(header)
  return {
    declared: header.points,
    isFine: header.data === 'ascii' || ['x', 'y', 'z'].some((axis) => fields[axis as 'x']!.size === 8),
    blocks: layouts[header.data](path, header, fields, picking),
  }
}
