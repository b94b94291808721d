// What is known of all points together: the box around them and how bright they are.
import type { CloudBlock } from '../stream/cloud-stream'
import type { Cube } from './octree'

export type Bounds = {
  min: [number, number, number]
  max: [number, number, number]
  /** The first is above the second while no point had one. */
  intensity: [number, number]
  add: (block: CloudBlock) => void
}

export const createBounds = (): Bounds => {
  const min: Bounds['min'] = [Infinity, Infinity, Infinity]
  const max: Bounds['max'] = [-Infinity, -Infinity, -Infinity]
  const intensity: Bounds['intensity'] = [Infinity, -Infinity]
  const add = (block: CloudBlock) => {
    const { positions } = block
    for (let i = 0; i < positions.length; i++) {
      const value = positions[i]!
      const axis = i % 3
      if (value < min[axis]!) min[axis] = value
      if (value > max[axis]!) max[axis] = value
    }
    for (const value of block.intensity ?? []) {
      if (value < intensity[0]) intensity[0] = value
      // Some scanners write values that are no numbers, or endless ones.
      if (value > intensity[1] && value < Infinity) intensity[1] = value
    }
  }
  return { min, max, intensity, add }
}

export const cubeAround = (min: readonly number[], max: readonly number[]): Cube => {
  const widest = Math.max(...max.map((high, axis) => high - min[axis]!))
  // A little more, so that the highest points lie inside; at least a millimetre.
  return { min: [min[0]!, min[1]!, min[2]!], side: Math.max(widest * (1 + 1e-6), 1e-3) }
}
