// Labels of points and shapes in space in a layout after Datumaro's: everything that is drawn on clouds, nothing lost.
import type { CloudFormat } from './model'
import { cloudShapeTypes } from './model'
import { readCloudShapes } from './read'
import { writeCloudShapes } from './write'

export const datumaroClouds: CloudFormat = {
  name: 'Datumaro point labels 1.0',
  shapes: cloudShapeTypes,
  write: writeCloudShapes,
  read: readCloudShapes,
}
