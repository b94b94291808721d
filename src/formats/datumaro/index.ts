// Datumaro's own JSON: every 2D kind but cuboids, or 3D cuboids; one file per subset.

import { defineFormat } from '../format'
import { createDetector, createReader, describe } from './read'
import { createWriter } from './write'

export const datumaro = defineFormat({
  name: 'Datumaro',
  version: '1.0',
  dimension: '2d',
  importExt: 'JSON, ZIP',
  shapes: ['rectangle', 'polygon', 'polyline', 'points', 'ellipse', 'mask', 'skeleton'],
  tags: true,
  tracks: true,
  detect: createDetector('2d'),
  describe,
  read: createReader('2d'),
  write: createWriter('2d'),
})

export const datumaro3d = defineFormat({
  name: 'Datumaro 3D',
  version: '1.0',
  dimension: '3d',
  importExt: 'JSON, ZIP',
  shapes: ['cuboid'],
  tracks: true,
  detect: createDetector('3d'),
  describe,
  read: createReader('3d'),
  write: createWriter('3d'),
})
