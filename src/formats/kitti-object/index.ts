// KITTI's object labels: a line for each cuboid as its camera sees it, with the calibration that tells where the camera is.

import { defineFormat } from '../format'
import { detect, read } from './read'
import { write } from './write'

export const kittiObject = defineFormat({
  name: 'KITTI Object',
  version: '1.0',
  dimension: '3d',
  shapes: ['cuboid'],
  flat: true,
  own: true,
  detect,
  read,
  write,
})
