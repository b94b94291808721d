// LFW: people by name, pairs of their pictures, and landmarks.

import { defineFormat } from '../format'
import { detect, read } from './read'
import { write } from './write'

export const lfw = defineFormat({
  name: 'LFW',
  version: '1.0',
  dimension: '2d',
  shapes: ['points'],
  tags: true,
  detect,
  read,
  write,
})
