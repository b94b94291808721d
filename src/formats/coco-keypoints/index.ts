// COCO keypoints: skeletons in one JSON file per subset.

import { defineFormat } from '../format'
import { detect, read } from './read'
import { write } from './write'

export const cocoKeypoints = defineFormat({
  name: 'COCO Keypoints',
  version: '1.0',
  dimension: '2d',
  importExt: 'JSON, ZIP',
  shapes: ['skeleton'],
  tracks: true,
  detect,
  read,
  write,
})
