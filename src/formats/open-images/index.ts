// Open Images V6: tables of tags, boxes and masks, the masks as pictures.

import { defineFormat } from '../format'
import { detect, read } from './read'
import { write } from './write'

export const openImages = defineFormat({
  name: 'Open Images V6',
  version: '1.0',
  dimension: '2d',
  shapes: ['rectangle', 'polygon', 'ellipse', 'mask'],
  tags: true,
  detect,
  read,
  write,
})
