// The six Ultralytics YOLO formats: one layout for boxes, turned boxes, regions and poses, another for whole pictures.

import { defineFormat, type Format } from '../format'
import * as classification from './classification'
import { detection, type Kind, nameKind, orientedBoxes, pose, segmentation, track } from './kinds'
import { createDescriber, createDetector, createReader } from './read'
import { createWriter } from './write'

export const ultralyticsDetection = defineKind(detection)
export const ultralyticsTrack = defineKind(track)
export const ultralyticsOrientedBoxes = defineKind(orientedBoxes)
export const ultralyticsSegmentation = defineKind(segmentation)
export const ultralyticsPose = defineKind(pose)

export const ultralyticsClassification = defineFormat({
  name: 'Ultralytics YOLO Classification',
  version: '1.0',
  dimension: '2d',
  shapes: [],
  tags: true,
  detect: classification.detect,
  read: classification.read,
  write: classification.write,
})

function defineKind(kind: Kind): Format {
  return defineFormat({
    name: nameKind(kind),
    version: '1.0',
    dimension: '2d',
    shapes: kind.shapes,
    tracks: true,
    detect: createDetector(kind),
    ...(kind.imports && { describe: createDescriber(kind), read: createReader(kind) }),
    write: createWriter(kind),
  })
}
