// MOTS PNG: tracked regions as pictures of track numbers.

import { describeNames } from '../declared-names'
import { defineFormat } from '../format'
import { detect, read } from './read'
import { write } from './write'

export const motsPng = defineFormat({
  name: 'MOTS PNG',
  version: '1.0',
  dimension: '2d',
  shapes: ['rectangle', 'polygon', 'mask', 'ellipse'],
  tracks: true,
  detect,
  describe: describeNames(/(^|\/)instances\/labels\.txt$/),
  read,
  write,
})
