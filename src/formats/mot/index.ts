// MOT 1.1: one table of boxes, frame by frame, with track numbers.

import { describeNames } from '../declared-names'
import { defineFormat } from '../format'
import { detect, read } from './read'
import { write } from './write'

export const mot = defineFormat({
  name: 'MOT',
  version: '1.1',
  dimension: '2d',
  shapes: ['rectangle'],
  tracks: true,
  flat: true,
  detect,
  describe: describeNames(/(^|\/)gt\/labels\.txt$/),
  read,
  write,
})
