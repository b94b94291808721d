// Frames of point clouds as the 3D formats name them.

import { dropExtension } from './match'
import type { Item } from './model'

/** The base name without extension. */
export function nameCloud(item: Pick<Item, 'name'>): string {
  return dropExtension(item.name.slice(item.name.lastIndexOf('/') + 1))
}

/** The points of a cuboid in space: centre, rotation (radians), size, and the seven zeros of the API. */
export function createCuboidPoints(numbers: readonly number[]): number[] {
  return [...numbers, 0, 0, 0, 0, 0, 0, 0]
}
