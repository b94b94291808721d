// Segmentation mask 1.1: every region drawn into pictures of classes and objects.

import { defineFormat } from '../format'
import { detect, read } from './read'
import { write } from './write'

export const segmentationMask = defineFormat({
  name: 'Segmentation mask',
  version: '1.1',
  dimension: '2d',
  shapes: ['rectangle', 'polygon', 'mask', 'ellipse'],
  detect,
  read,
  write,
})
