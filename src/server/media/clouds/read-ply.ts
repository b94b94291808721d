// Points of PLY files, ASCII and binary: the vertices, with intensity and colour where there are. Layout: the Stanford PLY format 1.0.
import { MediaError } from '../task-media'
import { maxPoints } from './pcd'
import type { CloudPoints } from './write-pcd'

const typeBytes: Record<string, number> = {
  ...{ char: 1, int8: 1, uchar: 1, uint8: 1, short: 2, int16: 2, ushort: 2, uint16: 2 },
  ...{ int: 4, int32: 4, uint: 4, uint32: 4, float: 4, float32: 4, double: 8, float64: 8 },
}
const readers: Record<string, (view: DataView, at: number, little: boolean) => number> = {
  int8: (view, at) => view.getInt8(at),
  uint8: (view, at) => view.getUint8(at),
  int16: (view, at, little) => view.getInt16(at, little),
  uint16: (view, at, little) => view.getUint16(at, little),
  int32: (view, at, little) => view.getInt32(at, little),
  uint32: (view, at, little) => view.getUint32(at, little),
  float32: (view, at, little) => view.getFloat32(at, little),
  float64: (view, at, little) => view.getFloat64(at, little),
}
const longNames: Record<string, string> = {
  ...{
    char: 'int8',
    uchar: 'uint8',
    short: 'int16',
    ushort: 'uint16',
    int: 'int32',
    uint: 'uint32',
    float: 'float32',
    double: 'float64',
  },
}

type Property = { name: string; type: string; offset: number }
type Header = { format: string; count: number; properties: Property[]; stride: number; start: number }

const maxHeaderBytes = 1 << 16
const blockBytes = 1 << 20

const readHeaderOf = async (path: string): Promise<Header> => {
  const text = Buffer.from(await Bun.file(path).slice(0, maxHeaderBytes).bytes()).toString('latin1')
  const end = /\r?\nend_header[ \t]*\r?\n/.exec(text)
  if (!/^ply\s/.test(text) || !end) throw new MediaError('not a PLY file')
  const header: Header = { format: '', count: 0, properties: [], stride: 0, start: end.index + end[0].length }
  let element = ''
  for (const line of text.slice(0, end.index).split(/\r?\n/)) {
    const [word, ...rest] = line.trim().split(/\s+/)
    if (word === 'format') header.format = rest[0] ?? ''
    else if (word === 'element') {
      if (rest[0] === 'vertex') header.count = Number(rest[1])
      else if (!header.properties.length && Number(rest[1]) > 0)
        throw new MediaError(`the vertices come after ${rest[0]}, which is not supported`)
      element = rest[0] ?? ''
    } else if (word === 'property' && element === 'vertex') {
      const [type, name] = rest as [string, string]
      const bytes = typeBytes[type]
      if (!bytes || !name)
        throw new MediaError(`the vertices have a property that is not supported: ${rest.join(' ').slice(0, 100)}`)
      header.properties.push({ name, type: longNames[type] ?? type, offset: header.stride })
      header.stride += bytes
    }
  }
  if (!['ascii', 'binary_little_endian', 'binary_big_endian'].includes(header.format))
    throw new MediaError(`the format ${header.format} of PLY is unknown`)
  if (!Number.isInteger(header.count) || header.count < 1) throw new MediaError('the file has no points')
  if (header.count > maxPoints) throw new MediaError(`${header.count} points are more than ${maxPoints}`)
  return header
}

/** Values of one vertex by property, in the header's order. */
const readBinary = async function* (path: string, { format, count, properties, stride, start }: Header) {
  const little = format === 'binary_little_endian'
  const file = Bun.file(path)
  const perBlock = Math.max(1, Math.floor(blockBytes / stride))
  for (let at = 0; at < count; at += perBlock) {
    const rows = Math.min(perBlock, count - at)
    const bytes = await file.slice(start + at * stride, start + (at + rows) * stride).bytes()
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    yield Array.from({ length: rows }, (_, row) =>
      properties.map(({ type, offset }) => readers[type]!(view, row * stride + offset, little)),
    )
  }
}

const readAscii = async function* (path: string, { count, properties, start }: Header) {
  const decoder = new TextDecoder('latin1')
  let rest = ''
  let left = count
  const parts = Bun.file(path).slice(start).stream() as unknown as AsyncIterable<Uint8Array>
  const parse = (lines: string[]) => {
    const rows = lines
      .filter((line) => line.trim())
      .map((line) => line.trim().split(/\s+/).slice(0, properties.length).map(Number))
    const bad = rows.slice(0, left).find((row) => row.length < properties.length)
    if (bad) throw new MediaError('a line has fewer values than the header says')
    const own = rows.slice(0, left)
    left -= own.length
    return own
  }
  for await (const part of parts) {
    const lines = (rest + decoder.decode(part, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > blockBytes) throw new MediaError('a line is longer than any point')
    yield parse(lines)
    if (!left) return
  }
  yield parse([rest])
  if (left) throw new MediaError(`the file is cut off: ${left} of ${count} points are missing`)
}

const intensityNames = ['intensity', 'scalar_intensity', 'scalar_Intensity', 'reflectance']

/** Three bytes in the bits of a float, as programs around PCD expect colours. */
const packed = new DataView(new ArrayBuffer(4))
export const packColor = (red: number, green: number, blue: number): number => {
  packed.setUint32(0, ((red & 255) << 16) | ((green & 255) << 8) | (blue & 255))
  return packed.getFloat32(0)
}

export const readPly = async (path: string): Promise<CloudPoints> => {
  const header = await readHeaderOf(path)
  const { properties, count, format, stride, start } = header
  if (format !== 'ascii' && start + count * stride > Bun.file(path).size) throw new MediaError('the file is cut off')
  const indexOf = (names: string[]) => properties.findIndex(({ name }) => names.includes(name))
  const [x, y, z, intensity] = [['x'], ['y'], ['z'], intensityNames].map(indexOf) as [number, number, number, number]
  if (x < 0 || y < 0 || z < 0) throw new MediaError('the vertices have no x, y and z')
  const [red, green, blue] = [
    ['red', 'r'],
    ['green', 'g'],
    ['blue', 'b'],
  ].map(indexOf) as [number, number, number]
  const isColored = red >= 0 && green >= 0 && blue >= 0
  const colorScale = isColored && properties[red]!.type.startsWith('float') ? 255 : 1
  const fields = ['x', 'y', 'z', ...(intensity >= 0 ? ['intensity'] : []), ...(isColored ? ['rgb'] : [])]
  const blocks = async function* () {
    for await (const rows of format === 'ascii' ? readAscii(path, header) : readBinary(path, header)) {
      const block = new Float32Array(rows.length * fields.length)
      rows.forEach((row, i) => {
        const values = [row[x]!, row[y]!, row[z]!]
        if (intensity >= 0) values.push(row[intensity]!)
        if (isColored) values.push(packColor(row[red]! * colorScale, row[green]! * colorScale, row[blue]! * colorScale))
        block.set(values, i * fields.length)
      })
      yield block
    }
  }
  return { fields, count, blocks: blocks() }
}
