// WiderFace: boxes with six fixed attributes in one text file per subset, labels of pictures as folders.

import { defineFormat } from '../format'
import { detect, read } from './read'
import { write } from './write'

export const widerFace = defineFormat({
  name: 'WiderFace',
  version: '1.0',
  dimension: '2d',
  shapes: ['rectangle'],
  tags: true,
  detect,
  read,
  write,
})
