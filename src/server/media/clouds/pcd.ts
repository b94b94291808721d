// Headers of point clouds in PCD: what the points hold, how many there are and whether the file has them all.
// Layout: the PCD file format 0.7 of the Point Cloud Library.
import { basename } from 'node:path'
import { readHeader } from '../headers/reader'
import { MediaError } from '../task-media'

export type PcdField = {
  name: string /** Bytes of a value. */
  size: 1 | 2 | 4 | 8
  type: 'F' | 'I' | 'U'
  count: number
  offset: number
}
export type PcdHeader = {
  /** Organized clouds have rows of points; else height is 1. */
  width: number
  height: number
  points: number
  fields: PcdField[]
  /** Bytes of a point in the binary layouts. */
  stride: number
  data: 'ascii' | 'binary' | 'binary_compressed'
  /** Where the points begin. */
  start: number
}

/** Longest header that is believed. */
const maxHeaderBytes = 1 << 16
export const maxPoints = 500_000_000
const maxFields = 256
const maxCount = 4096

const refuse = (why: string): never => {
  throw new MediaError(why)
}

const readWhole = (key: string, text: string | undefined, most: number): number => {
  if (!text || !/^\d{1,15}$/.test(text)) return refuse(`the header has no usable ${key} (${JSON.stringify(text ?? '')})`)
  const value = Number(text)
  return value > most ? refuse(`${key} is ${value}, more than ${most}`) : value
}

const readFields = (values: Map<string, string[]>): PcdField[] => {
  const names = values.get('FIELDS') ?? values.get('COLUMNS') ?? []
  if (!names.length || names.length > maxFields) refuse('the header names no usable FIELDS')
  const [sizes, types, counts] = ['SIZE', 'TYPE', 'COUNT'].map((key) => values.get(key))
  for (const list of [sizes, types, counts ?? names])
    if (list?.length !== names.length) refuse('the header has not one SIZE, TYPE and COUNT for each of its FIELDS')
  let offset = 0
  const fields = names.map((name, i) => {
    const size = Number(sizes![i]) as PcdField['size']
    const type = types![i] as PcdField['type']
    if (![1, 2, 4, 8].includes(size) || !/^[FIU]$/.test(type) || (type === 'F' && size < 4))
      refuse(`the header has a field of type ${type}${sizes![i]}, which there is not`)
    const count = readWhole('COUNT', counts?.[i] ?? '1', maxCount)
    const field = { name, size, type, count, offset }
    offset += size * count
    return field
  })
  for (const axis of ['x', 'y', 'z']) if (!fields.some(({ name }) => name === axis)) refuse(`the points have no ${axis}`)
  return fields
}

/** Undefined when the text has no end of a header. */
const parse = (text: string, fileBytes: number): PcdHeader | undefined => {
  const values = new Map<string, string[]>()
  let at = 0
  while (!values.has('DATA')) {
    const end = text.indexOf('\n', at)
    if (end < 0) return undefined
    const [key, ...rest] = text.slice(at, end).trim().split(/\s+/)
    at = end + 1
    if (!key || key.startsWith('#')) continue
    if (!/^[A-Z]+$/.test(key)) return undefined
    values.set(key, rest)
  }
  const version = values.get('VERSION')?.[0]
  if (version !== undefined && !/^0?\.[1-7]$/.test(version)) refuse(`version ${version} of PCD is unknown`)
  const fields = readFields(values)
  const last = fields.at(-1)!
  const stride = last.offset + last.size * last.count
  const width = readWhole('WIDTH', values.get('WIDTH')?.[0], maxPoints)
  const height = readWhole('HEIGHT', values.get('HEIGHT')?.[0] ?? '1', maxPoints)
  const points = readWhole('POINTS', values.get('POINTS')?.[0] ?? String(width * height), maxPoints)
  if (width * height !== points) refuse(`WIDTH times HEIGHT is ${width * height}, but POINTS is ${points}`)
  const data = values.get('DATA')![0] as PcdHeader['data']
  if (!['ascii', 'binary', 'binary_compressed'].includes(data)) refuse(`the points are stored as ${data}, which is unknown`)
  const least = { ascii: 2 * points * fields.length - 1, binary: points * stride, binary_compressed: points ? 8 : 0 }[data]
  if (at + least > fileBytes) refuse('the file is cut off: it has not as many points as its header says')
  return { width, height, points, fields, stride, data, start: at }
}

/** The header of a PCD file, checked against the size of the file. Throws MediaError without the file's name. */
export const readPcdHeader = (path: string): PcdHeader =>
  readHeader(path, ({ at, size }) => {
    const text = at(0, Math.min(size, maxHeaderBytes)).toString('latin1')
    const header = parse(text, size) ?? refuse('not a point cloud in PCD')
    if (header.data !== 'binary_compressed' || !header.points) return header
    const lengths = at(header.start, 8)
    if (header.start + 8 + lengths.readUInt32LE(0) > size) refuse('the file is cut off')
    if (lengths.readUInt32LE(4) !== header.points * header.stride)
      refuse('the compressed points are not as many as the header says')
    return header
  })

/** Width and height of a cloud as its header has them. Throws MediaError, which names the file. */
export const probeCloud = async (
  path: string,
  name = basename(path),
): Promise<{ width: number; height: number; points: number }> => {
  if (Bun.file(path).size === 0) throw new MediaError(`${name}: the file is empty`)
  try {
    const { width, height, points } = readPcdHeader(path)
    if (!points) refuse('the cloud has no points')
    return { width, height, points }
  } catch (error) {
    if (error instanceof MediaError) throw new MediaError(`${name}: ${error.message}`)
    throw error
  }
}
