// Sorts points into an octree whose levels add up: what is in memory by itself, larger clouds eighth by eighth by way of the disk.
import { encodeNode, type RecordLayout, type Records } from './records'
import { openSpool, type Spool } from './spool'

export type Cube = { min: readonly [number, number, number]; side: number }
export type Place = { parent: number; octant: number; level: number; cube: Cube }

export type OctreeOptions = {
  layout: RecordLayout
  /** A node has at most one point in each of cells³ cells. */
  cells: number
  leafPoints: number
  /** Larger parts are sorted by way of the disk. */
  memoryPoints: number
  /** Names of files for points that wait are made by adding to this. */
  scratch: string
  /** Takes a node and answers its number. */
  emit: (place: Place, points: number, bytes: Uint8Array) => Promise<number>
  /** Called now and then; may throw to stop. */
  onPoints?: (count: number) => void
}

/** Below this level 32-bit floats do not tell points apart any more: what is left is cut into nodes of equal place. */
const lastLevel = 18

export const childCube = ({ min, side }: Cube, octant: number): Cube => {
  const half = side / 2
  return { min: [0, 1, 2].map((axis) => min[axis]! + ((octant >> axis) & 1) * half) as [number, number, number], side: half }
}

/** Number of the cell of a node's grid that a point lies in. */
export const cellOf = ({ min, side }: Cube, cells: number, x: number, y: number, z: number): number => {
  const place = (value: number, axis: number) =>
    Math.max(0, Math.min(cells - 1, Math.floor(((value - min[axis]!) / side) * cells)))
  return (place(z, 2) * cells + place(y, 1)) * cells + place(x, 0)
}

export const octantOf = ({ min, side }: Cube, x: number, y: number, z: number): number => {
  const half = side / 2
  return Number(x >= min[0] + half) | (Number(y >= min[1] + half) << 1) | (Number(z >= min[2] + half) << 2)
}

/** Cells that are taken, one bit each. */
const createCells = (cells: number) => {
  const bits = new Uint32Array(Math.ceil(cells ** 3 / 32))
  return {
    take: (cell: number): boolean => {
      const bit = 1 << (cell & 31)
      if (bits[cell >> 5]! & bit) return false
      bits[cell >> 5]! |= bit
      return true
    },
    clear: () => bits.fill(0),
  }
}

/** The rows of each octant. */
const splitRows = (rows: Uint32Array, octants: Uint8Array): Uint32Array[] => {
  const counts = new Uint32Array(8)
  for (let i = 0; i < rows.length; i++) counts[octants[i]!]!++
  const parts = Array.from(counts, (count) => new Uint32Array(count))
  const next = new Uint32Array(8)
  for (let i = 0; i < rows.length; i++) parts[octants[i]!]![next[octants[i]!]!++] = rows[i]!
  return parts
}

/** Puts all points of `source` into the nodes below and at `place`; removes the source. */
export const buildOctree = async (options: OctreeOptions, place: Place, source: Spool): Promise<void> => {
  const { layout, cells, leafPoints, memoryPoints, scratch, emit, onPoints } = options
  const width = layout.words
  const taken = createCells(cells)
  let files = 0

  const emitRows = async (at: Place, records: Records, rows: Uint32Array) => {
    onPoints?.(rows.length)
    return emit(at, rows.length, encodeNode(records, layout, rows))
  }

  const sortHere = async (at: Place, records: Records, rows: Uint32Array): Promise<void> => {
    if (rows.length <= leafPoints) return void (await emitRows(at, records, rows))
    if (at.level >= lastLevel) {
      for (let from = 0; from < rows.length; from += leafPoints)
        await emitRows(at, records, rows.subarray(from, from + leafPoints))
      return
    }
    const { floats } = records
    taken.clear()
    const [own, rest] = [new Uint32Array(rows.length), new Uint32Array(rows.length)]
    const octants = new Uint8Array(rows.length)
    let [owned, left] = [0, 0]
    for (const row of rows) {
      const [x, y, z] = [floats[row * width]!, floats[row * width + 1]!, floats[row * width + 2]!]
      if (taken.take(cellOf(at.cube, cells, x, y, z))) own[owned++] = row
      else {
        octants[left] = octantOf(at.cube, x, y, z)
        rest[left++] = row
      }
    }
    const parent = await emitRows(at, records, own.subarray(0, owned))
    for (const [octant, part] of splitRows(rest.subarray(0, left), octants).entries())
      if (part.length) await sortHere({ parent, octant, level: at.level + 1, cube: childCube(at.cube, octant) }, records, part)
  }

  const sortOnDisk = async (at: Place, from: Spool): Promise<void> => {
    if (from.count <= memoryPoints || at.level >= lastLevel) {
      for await (const records of from.read(memoryPoints))
        await sortHere(
          at,
          records,
          Uint32Array.from({ length: records.count }, (_, row) => row),
        )
      return from.remove()
    }
    const parts = Array.from({ length: 8 }, () => openSpool(`${scratch}-${++files}.points`, layout))
    try {
      taken.clear()
      // Points of the node itself: at most one a cell, so that they fit in memory.
      const own: Uint32Array[] = []
      let owned = 0
      for await (const records of from.read(1 << 16)) {
        const { floats, words } = records
        const kept = new Uint32Array(records.words.length)
        let length = 0
        for (let row = 0; row < records.count; row++) {
          const [x, y, z] = [floats[row * width]!, floats[row * width + 1]!, floats[row * width + 2]!]
          if (taken.take(cellOf(at.cube, cells, x, y, z))) {
            for (let i = 0; i < width; i++) kept[length++] = words[row * width + i]!
          } else {
            const flushing = parts[octantOf(at.cube, x, y, z)]!.add(records, row)
            if (flushing) await flushing
          }
        }
        if (length) own.push(kept.slice(0, length))
        owned += length / width
      }
      await from.remove()
      const words = new Uint32Array(owned * width)
      let to = 0
      for (const part of own) {
        words.set(part, to)
        to += part.length
      }
      const records: Records = { words, floats: new Float32Array(words.buffer), count: owned }
      const parent = await emitRows(
        at,
        records,
        Uint32Array.from({ length: owned }, (_, row) => row),
      )
      for (const [octant, part] of parts.entries())
        if (part.count) await sortOnDisk({ parent, octant, level: at.level + 1, cube: childCube(at.cube, octant) }, part)
    } finally {
      for (const part of parts) await part.remove()
    }
  }

  await sortOnDisk(place, source)
}
