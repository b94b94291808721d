// PASCAL VOC 1.1: boxes in XML, tags in lists, masks in pictures of classes and objects.

import { defineFormat } from '../format'
import { detect, read } from './read'
import { write } from './write'

export const voc = defineFormat({
  name: 'PASCAL VOC',
  version: '1.1',
  dimension: '2d',
  shapes: ['rectangle', 'mask', 'ellipse'],
  tags: true,
  tracks: true,
  detect,
  read,
  write,
})
