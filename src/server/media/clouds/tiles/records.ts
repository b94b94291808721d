// Points as records of 32-bit words, which is how they are sorted into tiles and kept aside on disk.
import type { CloudBlock } from '../stream/cloud-stream'
import { type AttributeName, type TileAttribute, tileAttributes, wordsOf } from './tile-file'

/** The words of a record: x, y and z as floats, the point's row in the file, then those of the other attributes in their order. */
export type RecordLayout = { attributes: TileAttribute[]; words: number }

/** Points in memory; `floats` is a view of `words`. */
export type Records = { words: Uint32Array; floats: Float32Array; count: number }

/** What the points of a stream have, judged by its first block. */
export const layOut = (block: CloudBlock): RecordLayout => {
  const names: AttributeName[] = ['position', 'row']
  if (block.intensity) names.push('intensity')
  if (block.colour) names.push('colour')
  if (block.return || block.classification) names.push('classes')
  const attributes = names.map((name) => tileAttributes[name])
  return { attributes, words: attributes.reduce((sum, attribute) => sum + wordsOf(attribute), 0) }
}

export const createRecords = ({ words }: RecordLayout, count: number): Records => {
  const buffer = new Uint32Array(count * words)
  return { words: buffer, floats: new Float32Array(buffer.buffer), count }
}

export const packRecords = (block: CloudBlock, layout: RecordLayout): Records => {
  const records = createRecords(layout, block.count)
  const { words, floats } = records
  const { positions, rows, intensity, colour, classification } = block
  const echo = block.return
  const has = (name: AttributeName) => layout.attributes.some((attribute) => attribute.name === name)
  const [hasIntensity, hasColour, hasClasses] = [has('intensity'), has('colour'), has('classes')]
  for (let row = 0; row < block.count; row++) {
    let at = row * layout.words
    for (let axis = 0; axis < 3; axis++) floats[at++] = positions[row * 3 + axis]!
    words[at++] = rows[row]!
    if (hasIntensity) floats[at++] = intensity?.[row] ?? 0
    if (hasColour && colour)
      words[at++] = colour[row * 3]! | (colour[row * 3 + 1]! << 8) | (colour[row * 3 + 2]! << 16) | 0xff000000
    if (hasClasses) words[at++] = (echo?.[row] ?? 0) | ((classification?.[row] ?? 0) << 8)
  }
  return records
}

/** The records of some rows as a node keeps them: attribute after attribute. */
export const encodeNode = ({ words }: Records, { attributes, words: width }: RecordLayout, rows: Uint32Array): Uint8Array => {
  const out = new Uint32Array(rows.length * width)
  let to = 0
  let first = 0
  for (const attribute of attributes) {
    const own = wordsOf(attribute)
    for (const row of rows) for (let i = 0; i < own; i++) out[to++] = words[row * width + first + i]!
    first += own
  }
  return new Uint8Array(out.buffer)
}
