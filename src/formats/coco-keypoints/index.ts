// COCO keypoints: skeletons in one JSON file per subset.

import { createDescriber } from '../coco/describe'
import { defineFormat } from '../format'
import { detect, namePattern, read } from './read'
import { write } from './write'

export const cocoKeypoints = defineFormat({
  name: 'COCO Keypoints',
  version: '1.0',
  dimension: '2d',
  importExt: 'JSON, ZIP',
  shapes: ['skeleton'],
  tracks: true,
  detect,
  describe: createDescriber(namePattern),
  read,
  write,
})
