// CamVid: one picture of class colours per frame.

import { describeLabelColours } from '../declared-names'
import { defineFormat } from '../format'
import { detect, read } from './read'
import { write } from './write'

export const camvid = defineFormat({
  name: 'CamVid',
  version: '1.0',
  dimension: '2d',
  shapes: ['rectangle', 'polygon', 'mask', 'ellipse'],
  detect,
  describe: describeLabelColours,
  read,
  write,
})
