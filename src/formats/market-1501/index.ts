// Market-1501: pictures of people, told apart by their file names.

import { defineFormat } from '../format'
import { detect, read } from './read'
import { write } from './write'

export const market1501 = defineFormat({
  name: 'Market-1501',
  version: '1.0',
  dimension: '2d',
  shapes: [],
  tags: true,
  flat: true,
  detect,
  read,
  write,
})
