// The sample dataset that suits a format: most take the common one, some need labels or shapes of their own.

import type { Format } from '../format'
import { type Dataset, type Item, type ItemShape, type Label, type RelatedImage, type ShapeType, shapeTypes } from '../model'
import { createItem, createSample, createShape, sampleLabels } from './sample'

/** What every format can be tried with. */
export function createFormatSample(format: Pick<Format, 'name' | 'dimension' | 'shapes'>): Dataset {
  const create = ownSamples[format.name]
  if (create) return create(format)
  return format.dimension === '3d' ? createCloudSample() : createSample(format.shapes)
}

const text = { input_type: 'text', default_value: '', values: [''] } as const
const attribute = (id: number, name: string) => ({ id, name, mutable: false, ...text, values: [''] })

export const icdarLabel: Label = {
  ...sampleLabels[1]!,
  name: 'icdar',
  attributes: [
    { ...attribute(21, 'index'), input_type: 'number', default_value: '0' },
    attribute(22, 'text'),
    attribute(23, 'color'),
    attribute(24, 'center'),
  ],
}

export const marketLabel: Label = {
  ...sampleLabels[1]!,
  name: 'market-1501',
  attributes: ['query', 'person_id', 'camera_id', 'track_id', 'frame_id', 'bbox_id'].map((name, at) => attribute(31 + at, name)),
}

type Create = (format: Pick<Format, 'shapes'>) => Dataset

/** Regions that lie apart, so that none hides another in a picture of all. */
export function createRegionSample(label: Label = sampleLabels[1]!, kinds: readonly ShapeType[] = shapeTypes): Dataset {
  const shape = (type: ItemShape['type'], points: number[]) => createShape(type, { label_id: label.id, points })
  const regions = [
    shape('rectangle', [5, 5, 25, 25]),
    shape('polygon', [40, 5, 70, 8, 60, 30, 42, 28]),
    shape('ellipse', [90, 60, 105, 50]),
    shape('mask', [0, 40, 10, 50, 17, 54]),
  ]
  const held = regions.filter(({ type }) => kinds.includes(type))
  return createSample([], { labels: [label], items: [createItem(0, held), createItem(1, []), createItem(2, [])] })
}

function createCloudSample(): Dataset {
  const cuboid = (x: number) => createShape('cuboid', { points: [x, 2.5, 0.25, 0, 0, 0.3, 2, 1, 1.5, 0, 0, 0, 0, 0, 0, 0] })
  return createSample([], { items: [createItem(0, [cuboid(1), cuboid(-3.5)]), createItem(1, [cuboid(0)]), createItem(2, [])] })
}

/** The common sample with everything under one label. */
const relabel =
  (label: Label): Create =>
  ({ shapes }) => {
    const { items, ...rest } = createSample(shapes)
    const moved = [...(items as Iterable<Item>)].map((item) => ({
      ...item,
      shapes: item.shapes.map((shape) => ({ ...shape, label_id: label.id, attributes: [] })),
      tags: item.tags.map((tag) => ({ ...tag, label_id: label.id, attributes: [] })),
    }))
    return { ...rest, labels: [label], items: moved }
  }

const createFaceSample: Create = () => {
  const points = createShape('points', { points: [40, 50, 90, 50, 65, 80, 45, 85, 85, 80.5] })
  return createSample([], { items: [createItem(0, [points, createShape('rectangle')]), createItem(1, []), createItem(2, [])] })
}

/** Boxes that are not turned. */
const createPlainBoxes: Create = () => {
  const boxes = [createShape('rectangle'), createShape('rectangle', { label_id: 1, points: [0, 0, 30.25, 44.5], occluded: true })]
  return createSample([], { items: [createItem(0, boxes), createItem(1, boxes.slice(1)), createItem(2, [])] })
}

/** Regions of tracks, one each. */
const createTrackedRegions: Create = () => {
  const { items, ...rest } = createRegionSample()
  const tracked = [...(items as Iterable<Item>)].map((item) => {
    return { ...item, shapes: item.shapes.map((shape, track_id) => ({ ...shape, track_id, keyframe: true })) }
  })
  return { ...rest, items: tracked }
}

/** What KITTI's camera sees: x right, y down, z forward of a scanner whose x is forward. */
export const sampleCamera: NonNullable<RelatedImage['camera']> = {
  ...{ name: 'CAM_FRONT', model: 'pinhole', fx: 700, fy: 710, cx: 600, cy: 180, distortion: [], width: 1240, height: 370 },
  rotation: [0, -1, 0, 0, 0, -1, 1, 0, 0],
  translation: [0.1, -0.2, -0.3],
}

/** Clouds with a picture whose camera is known; labels without spaces. */
export function createCalibratedSample(): Dataset {
  const cuboid = (x: number) => createShape('cuboid', { points: [x, 2.5, 0.25, 0, 0, 0.3, 2, 1, 1.5, 0, 0, 0, 0, 0, 0, 0] })
  const related = [{ name: 'CAM_FRONT.jpg', read: async () => Buffer.from('picture'), camera: sampleCamera }]
  const items = [createItem(0, [cuboid(21), cuboid(-3.5)]), createItem(1, [cuboid(10)]), createItem(2, [])]
  return createSample([], { items: items.map((item) => ({ ...item, related })) })
}

const ownSamples: Record<string, Create> = {
  'KITTI Object': createCalibratedSample,
  nuScenes: createCalibratedSample,
  'nuScenes with 2D boxes': createCalibratedSample,
  'Segmentation mask': () => createRegionSample(),
  CamVid: () => createRegionSample(),
  Cityscapes: () => createRegionSample(),
  'MOTS PNG': createTrackedRegions,
  LabelMe: () => createRegionSample(),
  'PASCAL VOC': ({ shapes }) => createRegionSample(sampleLabels[1], shapes),
  KITTI: createPlainBoxes,
  YOLO: createPlainBoxes,
  'Ultralytics YOLO Detection': createPlainBoxes,
  'Ultralytics YOLO Detection Track': createPlainBoxes,
  'Ultralytics YOLO Segmentation': ({ shapes }) => createRegionSample(sampleLabels[1], shapes),
  'ICDAR Recognition': relabel(icdarLabel),
  'ICDAR Localization': relabel(icdarLabel),
  'ICDAR Segmentation': () => createRegionSample(icdarLabel),
  // Frames whose names tell nobody have no tags.
  'Market-1501': () => createSample([], { labels: [marketLabel], items: [0, 1, 2].map((frame) => createItem(frame, [])) }),
  'Open Images V6': () => createRegionSample(),
  VGGFace2: createFaceSample,
}
