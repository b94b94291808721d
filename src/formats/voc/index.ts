// PASCAL VOC 1.1: boxes in XML, tags in lists, masks in pictures of classes and objects.

import { describeColours } from '../declared-names'
import { defineFormat } from '../format'
import { readLabelmap } from './labelmap'
import { detect, read } from './read'
import { write } from './write'

export const voc = defineFormat({
  name: 'PASCAL VOC',
  version: '1.1',
  dimension: '2d',
  shapes: ['rectangle', 'mask', 'ellipse'],
  tags: true,
  tracks: true,
  flat: true,
  detect,
  describe: describeColours(({ list }) => list.find(({ name }) => /(^|\/)labelmap\.txt$/.test(name)), readLabelmap),
  read,
  write,
})
