// ImageNet: pictures in folders named after their labels, or lists of pictures with label numbers.

import { describeNames } from '../declared-names'
import { defineFormat } from '../format'
import { detect, read } from './read'
import { write } from './write'

export const imagenet = defineFormat({
  name: 'ImageNet',
  version: '1.0',
  dimension: '2d',
  shapes: [],
  tags: true,
  flat: true,
  detect,
  describe: describeNames(/^synsets\.txt$/),
  read,
  write,
})
