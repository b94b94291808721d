// The file that a cloud's tiles lie in: points of nodes one after another, then the hierarchy as JSON, then where that begins.
//
//   bytes 0…           points of node 0, of node 1, …: for each attribute of the hierarchy, in its order, one array of `points` entries
//                      (little-endian; every entry takes a multiple of 4 bytes, so that the arrays can be used as they are)
//   from `jsonStart`   the hierarchy, UTF-8 JSON (see Hierarchy)
//   last 16 bytes      jsonStart as a 64-bit whole number, then the mark `CLOUDT01`
//
// One file instead of two, because the cache drops files one by one.
import { type FileHandle, open } from 'node:fs/promises'

export type AttributeName = 'position' | 'row' | 'intensity' | 'colour' | 'classes'

/**
 * `row` is which point of the file it is, from 0; `colour` is red, green, blue, 255; `classes` is the echo (`return`), the
 * classification, 0, 0.
 */
export type TileAttribute = { name: AttributeName; type: 'float32' | 'uint32' | 'uint8'; components: number }

export const tileAttributes: Record<AttributeName, TileAttribute> = {
  position: { name: 'position', type: 'float32', components: 3 },
  row: { name: 'row', type: 'uint32', components: 1 },
  intensity: { name: 'intensity', type: 'float32', components: 1 },
  colour: { name: 'colour', type: 'uint8', components: 4 },
  classes: { name: 'classes', type: 'uint8', components: 4 },
}

/** Words of 32 bits that an attribute takes of each point. */
export const wordsOf = ({ type, components }: TileAttribute): number => (type === 'uint8' ? components / 4 : components)

export type TileNode = {
  /** Number of the parent, -1 for the root; parents come before their children. */
  parent: number
  /** Which eighth of the parent's cube this is: 1 for the half of higher x, plus 2 of higher y, plus 4 of higher z. */
  octant: number
  /** 0 for the root. */
  level: number
  points: number
  /** Where the points begin in the file, and how many bytes they take. */
  offset: number
  bytes: number
}

/**
 * Levels of detail add up: each point of the cloud is in exactly one node, a node holds at most one point in each of the `cells`³ cells
 * of its cube and its descendants hold the others. Leaves hold up to `leafPoints`, whatever their places.
 */
export type Hierarchy = {
  version: 2
  /** Points of all nodes together. */
  points: number
  /** Points of the file, those that are left out among them. */
  rows: number
  /** Points of the file that are left out, because they have no finite place. */
  dropped: number
  /** To be added to the positions to get the coordinates of the file. */
  origin: [number, number, number]
  /** The smallest box around all points. */
  bounds: { min: [number, number, number]; max: [number, number, number] }
  /** Of the root. */
  cube: { min: [number, number, number]; side: number }
  cells: number
  leafPoints: number
  /** Side of the root's cells: the spacing of its points; it is halved from level to level. */
  spacing: number
  attributes: TileAttribute[]
  /** Lowest and highest value. */
  intensity?: [number, number]
  nodes: TileNode[]
}

const mark = 'CLOUDT01'
const footerBytes = 16
const maxJsonBytes = 256 << 20

/** Writes what comes after the points. */
export const finishTileFile = async (file: FileHandle, jsonStart: number, hierarchy: Hierarchy): Promise<void> => {
  const json = Buffer.from(JSON.stringify(hierarchy))
  const footer = Buffer.alloc(footerBytes)
  footer.writeBigUInt64LE(BigInt(jsonStart))
  footer.write(mark, 8, 'latin1')
  await file.write(json, 0, json.length, jsonStart)
  await file.write(footer, 0, footerBytes, jsonStart + json.length)
}

/** The text of the hierarchy. Throws when the file is none of ours. */
export const readHierarchyText = async (path: string): Promise<string> => {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const footer = Buffer.alloc(footerBytes)
    if (size > footerBytes) await file.read(footer, 0, footerBytes, size - footerBytes)
    const start = Number(footer.readBigUInt64LE())
    const length = size - footerBytes - start
    if (footer.toString('latin1', 8) !== mark || !(length > 0 && length <= maxJsonBytes))
      throw new Error('no file of cloud tiles')
    const json = Buffer.alloc(length)
    await file.read(json, 0, length, start)
    return json.toString()
  } finally {
    await file.close()
  }
}

export const readHierarchy = async (path: string): Promise<Hierarchy> => JSON.parse(await readHierarchyText(path))
