// Cityscapes: pictures of colours, labels and instances per frame.

import { describeLabelColours } from '../declared-names'
import { defineFormat } from '../format'
import { detect, read } from './read'
import { write } from './write'

export const cityscapes = defineFormat({
  name: 'Cityscapes',
  version: '1.0',
  dimension: '2d',
  shapes: ['rectangle', 'polygon', 'mask', 'ellipse'],
  detect,
  describe: describeLabelColours,
  read,
  write,
})
