// KITTI's raw data: cuboids as tracklets of one pose each, in XML.

import { defineFormat } from '../format'
import { detect, read } from './read'
import { write } from './write'

export const kittiRaw = defineFormat({
  name: 'Kitti Raw Format',
  version: '1.0',
  dimension: '3d',
  importExt: 'ZIP, XML',
  shapes: ['cuboid'],
  flat: true,
  detect,
  read,
  write,
})
