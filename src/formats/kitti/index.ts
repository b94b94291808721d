// KITTI: boxes as lines of text, regions as pictures of labels and instances.

import { describeLabelColours } from '../declared-names'
import { defineFormat } from '../format'
import { detect, read } from './read'
import { write } from './write'

export const kitti = defineFormat({
  name: 'KITTI',
  version: '1.0',
  dimension: '2d',
  shapes: ['rectangle', 'polygon', 'mask', 'ellipse'],
  detect,
  describe: describeLabelColours,
  read,
  write,
})
