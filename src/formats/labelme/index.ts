// LabelMe 3.0: an XML file per frame, masks as pictures beside it.

import { defineFormat } from '../format'
import { detect, read } from './read'
import { write } from './write'

export const labelMe = defineFormat({
  name: 'LabelMe',
  version: '3.0',
  dimension: '2d',
  shapes: ['rectangle', 'polygon', 'mask', 'ellipse'],
  detect,
  read,
  write,
})
