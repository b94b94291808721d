// ICDAR's three tasks: words of whole pictures, places of words, and characters drawn pixel by pixel.

import { defineFormat } from '../format'
import { detectLocalization, readLocalization } from './read-localization'
import { detectRecognition, readRecognition } from './read-recognition'
import { detectSegmentation, readSegmentation } from './read-segmentation'
import { writeLocalization } from './write-localization'
import { writeRecognition } from './write-recognition'
import { writeSegmentation } from './write-segmentation'

export const icdarRecognition = defineFormat({
  name: 'ICDAR Recognition',
  version: '1.0',
  dimension: '2d',
  shapes: [],
  tags: true,
  detect: detectRecognition,
  read: readRecognition,
  write: writeRecognition,
})

export const icdarLocalization = defineFormat({
  name: 'ICDAR Localization',
  version: '1.0',
  dimension: '2d',
  shapes: ['rectangle', 'polygon'],
  detect: detectLocalization,
  read: readLocalization,
  write: writeLocalization,
})

export const icdarSegmentation = defineFormat({
  name: 'ICDAR Segmentation',
  version: '1.0',
  dimension: '2d',
  shapes: ['rectangle', 'polygon', 'ellipse', 'mask'],
  detect: detectSegmentation,
  read: readSegmentation,
  write: writeSegmentation,
})
