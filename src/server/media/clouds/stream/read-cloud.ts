// Streams the points of a cloud of any kind that is known: PCD, KITTI's .bin, PLY, LAS, LAZ and E57.
import { basename } from 'node:path'
import { extensionOf } from '../../media-kinds'
import { MediaError } from '../../task-media'
import { readE57 } from '../read-e57'
import { readKitti } from '../read-kitti'
import { readLas } from '../read-las'
import { readPly } from '../read-ply'
import type { CloudPoints } from '../write-pcd'
import type { CloudBlock, CloudStream, Columns, Picking, RawBlock, RawCloud } from './cloud-stream'
import { readPcd } from './read-pcd'

/** Coordinates beyond this (metres) are moved: there 32-bit floats are coarser than a millimetre. */
const farAway = 10_000

const packed = new DataView(new ArrayBuffer(4))

/** Splits the rows of a scan's reader into columns. */
const toColumns = async function* ({ fields, blocks }: CloudPoints, { every }: Picking): AsyncGenerator<RawBlock> {
  const width = fields.length
  const columnOf = (name: string) => fields.indexOf(name)
  const [intensity, rgb, echo, classification] = ['intensity', 'rgb', 'return', 'classification'].map(columnOf) as [
    number,
    number,
    number,
    number,
  ]
  let seen = 0
  for await (const rows of blocks) {
    const all = rows.length / width
    const first = (every - (seen % every)) % every
    const count = Math.max(0, Math.ceil((all - first) / every))
    const before = seen
    seen += all
    const positions = new Float64Array(count * 3)
    const block: RawBlock = { count, positions, first: before + first, step: every }
    if (intensity >= 0) block.intensity = new Float32Array(count)
    if (rgb >= 0) block.colour = new Uint8Array(count * 3)
    if (echo >= 0) block.return = new Uint8Array(count)
    if (classification >= 0) block.classification = new Uint8Array(count)
    for (let row = 0; row < count; row++) {
      const at = (first + row * every) * width
      for (let axis = 0; axis < 3; axis++) positions[row * 3 + axis] = rows[at + axis]!
      if (block.intensity) block.intensity[row] = rows[at + intensity]!
      if (block.return) block.return[row] = rows[at + echo]!
      if (block.classification) block.classification[row] = rows[at + classification]!
      if (block.colour) {
        packed.setFloat32(0, rows[at + rgb]!)
        for (let i = 0; i < 3; i++) block.colour[row * 3 + i] = packed.getUint8(1 + i)
      }
    }
    if (count) yield block
  }
}

const ofScan =
  (read: (path: string) => Promise<CloudPoints>) =>
  async (path: string, picking: Picking): Promise<RawCloud> => {
    const points = await read(path)
    return { declared: points.count, origin: points.origin, isFine: false, blocks: toColumns(points, picking) }
  }

const readers: Record<string, (path: string, picking: Picking) => Promise<RawCloud>> = {
  pcd: readPcd,
  bin: ofScan(readKitti),
  ply: ofScan(readPly),
  las: ofScan(readLas),
  laz: ofScan(readLas),
  e57: ofScan(readE57),
}

const isFinitePoint = (positions: Float64Array, row: number) =>
  Number.isFinite(Math.fround(positions[row * 3]!)) &&
  Number.isFinite(Math.fround(positions[row * 3 + 1]!)) &&
  Number.isFinite(Math.fround(positions[row * 3 + 2]!))

const widths = { rows: 1, intensity: 1, colour: 3, return: 1, classification: 1 } as const

type NumberedBlock = Columns & Pick<CloudBlock, 'count' | 'rows'>

/** Takes the rows out of all columns that `isKept` refuses. */
const compact = (raw: RawBlock, isKept: (row: number) => boolean): NumberedBlock => {
  let kept = 0
  const block: NumberedBlock = { ...raw, rows: Uint32Array.from({ length: raw.count }, (_, i) => raw.first + i * raw.step) }
  const parts = Object.entries(widths).flatMap(([part, width]) => {
    const values = block[part as keyof typeof widths]
    return values ? [{ values, width }] : []
  })
  for (let row = 0; row < block.count; row++) {
    if (!isKept(row)) continue
    if (kept !== row) {
      block.positions.copyWithin(kept * 3, row * 3, row * 3 + 3)
      for (const { values, width } of parts) values.copyWithin(kept * width, row * width, (row + 1) * width)
    }
    kept++
  }
  const cut: NumberedBlock = { count: kept, positions: block.positions.subarray(0, kept * 3), rows: block.rows }
  for (const [part, width] of Object.entries(widths) as ['colour', 3][])
    if (block[part]) cut[part] = block[part].subarray(0, kept * width)
  return cut
}

const chooseOrigin = ({ positions }: Columns): [number, number, number] => {
  const origin: [number, number, number] = [0, 0, 0]
  for (let axis = 0; axis < 3; axis++) if (Math.abs(positions[axis]!) > farAway) origin[axis] = Math.floor(positions[axis]!)
  return origin
}

/**
 * Opens a cloud and streams its points in blocks; memory is constant but for compressed PCD (at most 1 GiB unpacked) and LAZ (at most
 * 1 GiB packed), both checked before anything is allocated. Points that are not finite are dropped and counted. The header is read at
 * once; `name` decides how. Throws MediaError with the name when the file is unusable or, while streaming, cut off or damaged.
 */
export const readCloud = async (
  path: string,
  { name = basename(path), every = 1 }: { name?: string; every?: number } = {},
): Promise<CloudStream> => {
  const explain = (error: unknown): never => {
    if (error instanceof MediaError) throw new MediaError(`${name}: ${error.message}`)
    throw error
  }
  const read = readers[extensionOf(name)]
  if (!read) return explain(new MediaError('not a point cloud of a known kind'))
  if (Bun.file(path).size === 0) return explain(new MediaError('the file is empty'))
  const raw = await read(path, { every }).catch(explain)
  const origin: [number, number, number] = [0, 0, 0]
  let dropped = 0
  const stream = async function* (): AsyncGenerator<CloudBlock> {
    let isFirst = true
    try {
      for await (const whole of raw.blocks) {
        const block = compact(whole, (row) => isFinitePoint(whole.positions, row))
        dropped += whole.count - block.count
        if (!block.count) continue
        if (isFirst && raw.isFine) origin.splice(0, 3, ...chooseOrigin(block))
        isFirst = false
        const positions = new Float32Array(block.count * 3)
        const away = raw.isFine ? origin : [0, 0, 0]
        for (let i = 0; i < positions.length; i++) positions[i] = block.positions[i]! - away[i % 3]!
        yield { ...block, positions }
      }
    } catch (error) {
      explain(error)
    }
  }
  if (raw.origin) origin.splice(0, 3, ...raw.origin)
  return {
    declared: raw.declared,
    origin,
    get dropped() {
      return dropped
    },
    [Symbol.asyncIterator]: stream,
  }
}
