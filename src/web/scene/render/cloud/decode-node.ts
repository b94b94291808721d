// The points of a node out of the bytes that the server sends, in an order of which every beginning is a fair sample.
import type { Box } from '../../../../formats/geometry3d/frustum'
import type { AttributeName, TileAttribute } from '../../../../server/media/clouds/tiles/tile-file'

export type NodePoints = {
  count: number
  /** x y z of each, less the hierarchy's origin. */
  positions: Float32Array
  /** Which point of the file each is. */
  rows: Uint32Array
  intensity: Float32Array | null
  /** Four bytes each. */
  colour: Uint8Array | null
  /** Echo, classification, 0, 0. */
  classes: Uint8Array | null
  /** The smallest around its points. */
  box: Box
  /** In memory, here alone. */
  bytes: number
}

const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b))

/** A step that goes through `count` places in turn, far apart each time: about the golden share of them. */
export const findStep = (count: number): number => {
  let step = Math.max(1, Math.round(count * 0.6180339887))
  while (greatestDivisor(step, count) > 1) step++
  return step
}

const wordsOf = ({ type, components }: TileAttribute): number => (type === 'uint8' ? components / 4 : components)

const boxOf = (positions: Float32Array): Box => {
  const min: [number, number, number] = [Infinity, Infinity, Infinity]
  const max: [number, number, number] = [-Infinity, -Infinity, -Infinity]
  for (let i = 0; i < positions.length; i++) {
    const value = positions[i]!
    const axis = i % 3
    if (value < min[axis]!) min[axis] = value
    if (value > max[axis]!) max[axis] = value
  }
  return { min, max }
}

/** Throws when the bytes are not those of so many points. */
export const decodeNode = (bytes: ArrayBuffer, attributes: readonly TileAttribute[], count: number): NodePoints => {
  const width = attributes.reduce((sum, attribute) => sum + wordsOf(attribute), 0)
  if (bytes.byteLength !== count * width * 4) throw new Error('The server sent another number of points than it has told')
  const words = new Uint32Array(bytes)
  const step = findStep(count)
  const parts = new Map<AttributeName, Uint32Array>()
  let first = 0
  for (const attribute of attributes) {
    const own = wordsOf(attribute)
    const out = new Uint32Array(count * own)
    for (let to = 0, from = 0; to < count; to++) {
      for (let i = 0; i < own; i++) out[to * own + i] = words[first + from * own + i]!
      from = (from + step) % count
    }
    parts.set(attribute.name, out)
    first += count * own
  }
  const floats = (name: AttributeName) => {
    const part = parts.get(name)
    return part ? new Float32Array(part.buffer) : null
  }
  const octets = (name: AttributeName) => {
    const part = parts.get(name)
    return part ? new Uint8Array(part.buffer) : null
  }
  const positions = floats('position') ?? new Float32Array()
  return {
    count,
    positions,
    rows: parts.get('row') ?? Uint32Array.from({ length: count }, (_, i) => i),
    intensity: floats('intensity'),
    colour: octets('colour'),
    classes: octets('classes'),
    box: boxOf(positions),
    bytes: bytes.byteLength,
  }
}
