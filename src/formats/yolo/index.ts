// YOLO 1.1: Darknet's text files, one line per box, relative to the picture.

import { describeNames } from '../declared-names'
import { defineFormat } from '../format'
import { detect, read } from './read'
import { write } from './write'

export const yolo = defineFormat({
  name: 'YOLO',
  version: '1.1',
  dimension: '2d',
  shapes: ['rectangle'],
  detect,
  describe: describeNames(/(^|\/)obj\.names$/),
  read,
  write,
})
