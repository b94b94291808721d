// Supervisely's point clouds: cuboids as figures of objects, one JSON file per cloud.

import { defineFormat } from '../format'
import { detect, read } from './read'
import { write } from './write'

export const sly = defineFormat({
  name: 'Sly Point Cloud Format',
  version: '1.0',
  dimension: '3d',
  shapes: ['cuboid'],
  tracks: true,
  flat: true,
  detect,
  read,
  write,
})
