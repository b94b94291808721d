// Segmentation mask 1.1: every region drawn into pictures of classes and objects.

import { describeColours } from '../declared-names'
import { defineFormat } from '../format'
import { readLabelmap } from '../voc/labelmap'
import { detect, read } from './read'
import { write } from './write'

export const segmentationMask = defineFormat({
  name: 'Segmentation mask',
  version: '1.1',
  dimension: '2d',
  shapes: ['rectangle', 'polygon', 'mask', 'ellipse'],
  flat: true,
  detect,
  describe: describeColours(({ list }) => list.find(({ name }) => /(^|\/)labelmap\.txt$/.test(name)), readLabelmap),
  read,
  write,
})
