// VGGFace2: one box and five points per picture, in two tables per subset.

import { defineFormat } from '../format'
import { detect, read } from './read'
import { write } from './write'

export const vggFace2 = defineFormat({
  name: 'VGGFace2',
  version: '1.0',
  dimension: '2d',
  shapes: ['rectangle', 'points'],
  tags: true,
  detect,
  read,
  write,
})
