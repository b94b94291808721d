// Points of E57 files, all scans of one together, each moved by its pose. Layout: ASTM E2807-11 (R2019).
import { open } from 'node:fs/promises'
import { FormatError } from '../../../formats/format-error'
import { findChild, getText, listChildren, readXmlTree, type XmlNode } from '../../../formats/io/xml-tree'
import { MediaError } from '../task-media'
import { openPages, type Pages } from './e57-pages'
import { createStreamReader, type StreamField } from './e57-streams'
import { maxPoints } from './pcd'
import { packColor } from './read-ply'
import type { CloudPoints } from './write-pcd'

/** Coordinates beyond this (metres) are moved: there 32-bit floats are coarser than a millimetre. */
const farAway = 10_000
const maxXmlBytes = 1 << 26

type Pose = { rotation: number[]; translation: number[] }
type Scan = { start: number; count: number; fields: StreamField[]; pose: Pose; spans: Map<string, [number, number]> }

const numberOf = (node: XmlNode | undefined, name: string, other: number): number => {
  const text = node && getText(node, name)
  return text ? Number(text) : other
}

/** Rows of the matrix of a unit quaternion. */
const toMatrix = (node: XmlNode | undefined): number[] => {
  const [w, x, y, z] = ['w', 'x', 'y', 'z'].map((name) => numberOf(node, name, node || name !== 'w' ? 0 : 1)) as [
    number,
    number,
    number,
    number,
  ]
  const n = Math.hypot(w, x, y, z)
  if (!(n > 0)) throw new MediaError('the pose of a scan is no rotation')
  const s = 2 / (n * n)
  return [
    ...[1 - s * (y * y + z * z), s * (x * y - w * z), s * (x * z + w * y)],
    ...[s * (x * y + w * z), 1 - s * (x * x + z * z), s * (y * z - w * x)],
    ...[s * (x * z - w * y), s * (y * z + w * x), 1 - s * (x * x + y * y)],
  ]
}

const readPose = (scan: XmlNode): Pose => {
  const pose = findChild(scan, 'pose')
  const translation = pose && findChild(pose, 'translation')
  return {
    rotation: toMatrix(pose && findChild(pose, 'rotation')),
    translation: ['x', 'y', 'z'].map((name) => numberOf(translation, name, 0)),
  }
}

const readField = ({ name, attributes }: XmlNode): StreamField => {
  const number = (key: string, other: number) => Number(attributes[key] ?? other)
  if (attributes.type === 'Float') return { name, kind: attributes.precision === 'single' ? 'single' : 'double' }
  if (attributes.type !== 'Integer' && attributes.type !== 'ScaledInteger')
    throw new MediaError(`the values ${name} are of the unknown type ${attributes.type}`)
  // Whole numbers without bounds have all 64 bits.
  const [least, most] = [BigInt(attributes.minimum ?? -(2n ** 63n)), BigInt(attributes.maximum ?? 2n ** 63n - 1n)]
  if (most < least) throw new MediaError(`the values ${name} have no range`)
  const isScaled = attributes.type === 'ScaledInteger'
  return {
    name,
    kind: 'packed',
    bits: most === least ? 0 : (most - least).toString(2).length,
    least: Number(least),
    scale: isScaled ? number('scale', 1) : 1,
    offset: isScaled ? number('offset', 0) : 0,
  }
}

/** What the limits of a scan say of the range of some values. */
const readSpans = (scan: XmlNode): Map<string, [number, number]> => {
  const spans = new Map<string, [number, number]>()
  const names = { intensityLimits: ['intensity'], colorLimits: ['colorRed', 'colorGreen', 'colorBlue'] }
  for (const [limits, parts] of Object.entries(names)) {
    const node = findChild(scan, limits)
    if (node)
      for (const part of parts) spans.set(part, [numberOf(node, `${part}Minimum`, 0), numberOf(node, `${part}Maximum`, 0)])
  }
  return spans
}

const readScan = (scan: XmlNode): Scan | undefined => {
  const points = findChild(scan, 'points')
  const prototype = points && findChild(points, 'prototype')
  if (!points || !prototype) return undefined
  const codecs = findChild(points, 'codecs')
  if (codecs && codecs.children.length > 0) throw new MediaError('a scan is packed in a way that is not known')
  const [start, count] = [Number(points.attributes.fileOffset), Number(points.attributes.recordCount)]
  if (!(start > 0) || !(count >= 0)) throw new MediaError('a scan says nothing of its points')
  return { start, count, fields: prototype.children.map(readField), pose: readPose(scan), spans: readSpans(scan) }
}

const readScans = async (pages: Pages, at: number, length: number): Promise<Scan[]> => {
  if (!(length > 0 && length <= maxXmlBytes)) throw new MediaError('the description of the scans has no possible size')
  const bytes = await pages.read(at, length)
  const stream = async function* () {
    yield bytes
  }
  const root = await readXmlTree({ name: '', size: length, stream } as never).catch((error) => {
    throw error instanceof FormatError ? new MediaError(`the description of the scans: ${error.message}`) : error
  })
  const scans = findChild(root, 'data3D')
  return (scans ? listChildren(scans, 'vectorChild') : []).flatMap((scan) => readScan(scan) ?? [])
}

/** Places of a row before its pose: cartesian, or of a range and two angles. Rows that the scanner calls invalid have none. */
const makePlacer = (has: (name: string) => boolean) => {
  const isCartesian = ['cartesianX', 'cartesianY', 'cartesianZ'].every(has)
  const isSpherical = ['sphericalRange', 'sphericalAzimuth', 'sphericalElevation'].every(has)
  if (!isCartesian && !isSpherical) throw new MediaError('a scan has no coordinates')
  const state = isCartesian ? 'cartesianInvalidState' : 'sphericalInvalidState'
  return (value: (name: string) => number): [number, number, number] => {
    if (has(state) && value(state) !== 0) return [Number.NaN, Number.NaN, Number.NaN]
    if (isCartesian) return [value('cartesianX'), value('cartesianY'), value('cartesianZ')]
    const [range, azimuth, elevation] = [value('sphericalRange'), value('sphericalAzimuth'), value('sphericalElevation')]
    const flat = range * Math.cos(elevation)
    return [flat * Math.cos(azimuth), flat * Math.sin(azimuth), range * Math.sin(elevation)]
  }
}

type Parts = { intensity: boolean; colour: boolean; echo: boolean }

/** Rows of x, y, z and what all scans together have, in the file's coordinates. */
const readRows = async function* (pages: Pages, scan: Scan, parts: Parts): AsyncGenerator<Float64Array> {
  const columnOf = new Map(scan.fields.map(({ name }, i) => [name, i]))
  const has = (name: string) => columnOf.has(name)
  const place = makePlacer(has)
  const { rotation: r, translation: t } = scan.pose
  const width = 3 + Number(parts.intensity) + Number(parts.colour) + Number(parts.echo)
  for await (const { columns, count } of createStreamReader(pages, scan)) {
    const rows = new Float64Array(count * width)
    for (let row = 0; row < count; row++) {
      const value = (name: string) => columns[columnOf.get(name)!]![row]!
      const shade = (name: string) => {
        const [low, high] = scan.spans.get(name) ?? [0, 255]
        return high > 255 || high <= 1 ? ((value(name) - low) / (high - low || 1)) * 255 : value(name)
      }
      const [x, y, z] = place(value)
      let at = row * width
      for (let axis = 0; axis < 3; axis++) rows[at++] = r[axis * 3]! * x + r[axis * 3 + 1]! * y + r[axis * 3 + 2]! * z + t[axis]!
      if (parts.intensity) rows[at++] = has('intensity') ? value('intensity') : 0
      if (parts.colour) rows[at++] = has('colorRed') ? packColor(shade('colorRed'), shade('colorGreen'), shade('colorBlue')) : 0
      if (parts.echo) rows[at++] = has('returnIndex') ? value('returnIndex') + 1 : 1
    }
    yield rows
  }
}

/** Throws MediaError for files that are no E57, cut off, damaged, or packed in unknown ways. */
export const readE57 = async (path: string): Promise<CloudPoints> => {
  const header = Buffer.from(await Bun.file(path).slice(0, 48).arrayBuffer())
  if (header.length < 48 || header.toString('latin1', 0, 8) !== 'ASTM-E57') throw new MediaError('not an E57 file')
  const [size, xmlAt, xmlBytes, pageBytes] = [16, 24, 32, 40].map((at) => Number(header.readBigUInt64LE(at))) as [
    number,
    number,
    number,
    number,
  ]
  if (size > Bun.file(path).size) throw new MediaError('the file is cut off')
  const describing = await openPages(await open(path, 'r'), pageBytes)
  const scans = await readScans(describing, xmlAt, xmlBytes).finally(() => describing.close())
  const count = scans.reduce((sum, scan) => sum + scan.count, 0)
  if (!count) throw new MediaError('the file has no points')
  if (count > maxPoints) throw new MediaError(`${count} points are more than ${maxPoints}`)
  const some = (name: string) => scans.some(({ fields }) => fields.some((field) => field.name === name))
  const parts = { intensity: some('intensity'), colour: some('colorRed'), echo: some('returnIndex') }
  const rowsOf = async function* () {
    const pages = await openPages(await open(path, 'r'), pageBytes)
    try {
      for (const scan of scans) yield* readRows(pages, scan, parts)
    } finally {
      await pages.close()
    }
  }
  const fields = [
    ...['x', 'y', 'z'],
    ...(parts.intensity ? ['intensity'] : []),
    ...(parts.colour ? ['rgb'] : []),
    ...(parts.echo ? ['return'] : []),
  ]
  const origin = await chooseOrigin(rowsOf(), fields.length)
  const blocks = async function* () {
    for await (const rows of rowsOf()) {
      const block = Float32Array.from(rows)
      for (let at = 0; at < rows.length; at += fields.length)
        for (let axis = 0; axis < 3; axis++) block[at + axis] = rows[at + axis]! - origin[axis]!
      yield block
    }
  }
  return { fields, count, blocks: blocks(), origin }
}

/** What is taken off each coordinate, told from the first point that has a place. */
const chooseOrigin = async (blocks: AsyncIterable<Float64Array>, width: number): Promise<number[]> => {
  for await (const rows of blocks)
    for (let at = 0; at < rows.length; at += width)
      if (Number.isFinite(rows[at]! + rows[at + 1]! + rows[at + 2]!))
        return [0, 1, 2].map((axis) => (Math.abs(rows[at + axis]!) > farAway ? Math.floor(rows[at + axis]!) : 0))
  return [0, 0, 0]
}
