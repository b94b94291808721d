// COCO instances: boxes, polygons and masks in one JSON file per subset.

import { defineFormat } from '../format'
import { createDescriber } from './describe'
import { detect, namePattern, read } from './read'
import { write } from './write'

export const coco = defineFormat({
  name: 'COCO',
  version: '1.0',
  dimension: '2d',
  importExt: 'JSON, ZIP',
  shapes: ['rectangle', 'polygon', 'mask', 'ellipse'],
  tracks: true,
  detect,
  describe: createDescriber(namePattern),
  read,
  write,
})
