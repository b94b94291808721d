// Tables like those of nuScenes 1.0: annotations in the world, with the sensors and poses that lead there.

import { defineFormat } from '../format'
import { detect, read } from './read'
import { write } from './write'

const common = { version: '1.0', dimension: '3d', shapes: ['cuboid'], tracks: true, flat: true, own: true, detect } as const

export const nuscenes = defineFormat({ ...common, name: 'nuScenes', read, write: (dataset, options) => write(dataset, options) })

/** Also with what each camera sees of the cuboids, as upright rectangles. */
export const nuscenesBoxes = defineFormat({
  ...common,
  name: 'nuScenes with 2D boxes',
  write: (dataset, options) => write(dataset, options, { hasBoxes: true }),
})
