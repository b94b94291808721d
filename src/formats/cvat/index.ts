// CVAT's own XML: per image with every shape kind and tag, or per track for videos; one importer reads both.

import { defineFormat } from '../format'
import { shapeTypes } from '../model'
import { describe } from './describe'
import { detect, read } from './read'
import { writeImages } from './write-images'
import { writeVideo } from './write-video'

export const cvatVideo = defineFormat({
  name: 'CVAT for video',
  version: '1.1',
  dimension: '2d',
  shapes: shapeTypes,
  tracks: true,
  detect,
  write: writeVideo,
})

export const cvatImages = defineFormat({
  name: 'CVAT for images',
  version: '1.1',
  dimension: '2d',
  shapes: shapeTypes,
  tags: true,
  detect,
  write: writeImages,
})

export const cvat = defineFormat({
  name: 'CVAT',
  version: '1.1',
  dimension: '2d',
  importExt: 'XML, ZIP',
  shapes: shapeTypes,
  tags: true,
  tracks: true,
  detect,
  describe,
  read,
})
