// Writes COCO keypoints in one pass over the frames.

import { formatShapeAttributes } from '../attribute-json'
import { listInstances } from '../coco/instance'
import type { WriteOptions } from '../format'
import { type Bounds, findBounds } from '../geometry/box'
import { roundToHundredths } from '../geometry/rounding'
import { createSeparator, formatFloat, formatFloats } from '../io/json-text'
import { createSpool, type Spool } from '../io/spool'
import type { ArchiveEntry } from '../io/zip-writer'
import { nameItemFile } from '../item-file'
import type { Dataset, Item, ItemShape, Label } from '../model'
import { readSkeletonPlan, type SkeletonPlan } from '../skeleton-svg'
import { listLabels, sortLabelAttributes } from '../typed-attributes'

/** One subset's two lists, which grow at the same time but stand one after the other in the file. */
type SubsetFile = {
  images: Spool
  annotations: Spool
  nextImage: () => string
  nextAnnotation: () => string
  count: number
  last: number
}
type Categories = Map<number, { label: Label; number: number; plan: SkeletonPlan }>

export async function* write(dataset: Dataset, options: WriteOptions): AsyncGenerator<ArchiveEntry> {
  const categories = numberLabels(sortLabelAttributes(dataset.labels))
  const subsets = new Map<string, SubsetFile>()
  try {
    for await (const item of dataset.items) {
      const subset = item.subset || 'default'
      let file = subsets.get(subset)
      if (!file) subsets.set(subset, (file = openSubset(options.tempDir)))
      appendItem(file, item, categories)
      if (options.saveImages && item.media) {
        yield { name: `images/${subset}/${nameItemFile(item)}`, content: await item.media.read(), store: true }
      }
    }
    if (subsets.size === 0) subsets.set('default', openSubset(options.tempDir))
    const head = `${formatHead()},"categories":${formatCategories(categories)},"images":[`
    for (const [subset, file] of subsets) {
      yield { name: `annotations/person_keypoints_${subset}.json`, content: joinFile(head, file) }
    }
  } finally {
    for (const { images, annotations } of subsets.values()) {
      images.dispose()
      annotations.dispose()
    }
  }
}

/** Top labels, numbered among all labels from 1. */
function numberLabels(labels: readonly Label[]): Categories {
  const numbered = listLabels(labels).map(({ label, parent }, index) => ({ label, parent, number: index + 1 }))
  return new Map(
    numbered.filter(({ parent }) => !parent).map((entry) => [entry.label.id, { ...entry, plan: readSkeletonPlan(entry.label) }]),
  )
}

function openSubset(tempDir: string): SubsetFile {
  const [images, annotations] = [createSpool(tempDir), createSpool(tempDir)]
  return { images, annotations, nextImage: createSeparator(), nextAnnotation: createSeparator(), count: 0, last: 0 }
}

async function* joinFile(head: string, { images, annotations }: SubsetFile): AsyncGenerator<string | Uint8Array> {
  yield head
  yield* images.read()
  yield '],"annotations":['
  yield* annotations.read()
  yield ']}'
}

function appendItem(file: SubsetFile, item: Item, categories: Categories): void {
  const imageId = ++file.count
  const fileName = JSON.stringify(nameItemFile(item))
  file.images.append(
    `${file.nextImage()}{"id":${imageId},"width":${item.width},"height":${item.height},"file_name":${fileName},` +
      '"license":0,"flickr_url":"","coco_url":"","date_captured":0}',
  )
  for (const shape of item.shapes) {
    const category = categories.get(shape.label_id)
    if (!category || shape.type !== 'skeleton') continue
    const { keypoints, visible } = listKeypoints(shape, category.plan)
    file.annotations.append(
      `${file.nextAnnotation()}{"id":${++file.last},"image_id":${imageId},"category_id":${category.number},` +
        `${formatRegion(shape, item, visible)},"attributes":${formatShapeAttributes(category.label, shape)},` +
        `"keypoints":[${keypoints}],"num_keypoints":${visible.length / 2}}`,
    )
  }
}

/** All points in the order of the drawing, and the coordinates of those that are not absent. */
function listKeypoints({ elements }: ItemShape, { sublabels }: SkeletonPlan): { keypoints: string[]; visible: number[] } {
  const keypoints: string[] = []
  const visible: number[] = []
  for (const { id } of sublabels) {
    const element = elements.find(({ label_id }) => label_id === id)
    const [x = 0, y = 0] = element?.points.map(roundToHundredths) ?? []
    const visibility = !element || element.outside ? 0 : element.occluded ? 1 : 2
    keypoints.push(formatFloat(x), formatFloat(y), String(visibility))
    if (visibility > 0) visible.push(x, y)
  }
  return { keypoints, visible }
}

/** What lies in the same group gives the region; without it the box of the visible points does. */
function formatRegion(skeleton: ItemShape, item: Item, visible: readonly number[]): string {
  if (skeleton.group !== 0) {
    const members = item.shapes.filter(({ type, group }) => type !== 'skeleton' && group === skeleton.group)
    const [instance] = listInstances({ ...item, shapes: members }, () => undefined)
    if (instance) {
      const { segmentation, area, bbox, size } = instance
      const isCrowd = segmentation.kind === 'runs'
      const text = isCrowd
        ? `{"counts":[${segmentation.counts}],"size":[${size.height},${size.width}]}`
        : `[${segmentation.polygons.map(formatFloats)}]`
      return `"segmentation":${text},"area":${formatFloat(area)},"bbox":${formatFloats(bbox)},"iscrowd":${Number(isCrowd)}`
    }
  }
  const [x0, y0, x1, y1]: Bounds = visible.length > 0 ? findBounds(visible) : [0, 0, 0, 0]
  const bbox = [x0, y0, x1 - x0, y1 - y0].map(roundToHundredths)
  return `"segmentation":[],"area":${formatFloat((x1 - x0) * (y1 - y0))},"bbox":${formatFloats(bbox)},"iscrowd":0`
}

function formatHead(): string {
  return (
    '{"licenses":[{"name":"","id":0,"url":""}],' +
    '"info":{"contributor":"","date_created":"","description":"","url":"","version":"","year":""}'
  )
}

function formatCategories(categories: Categories): string {
  return JSON.stringify(
    [...categories.values()].map(({ label, number, plan }) => ({
      id: number,
      name: label.name,
      supercategory: '',
      keypoints: plan.sublabels.map(({ name }) => name),
      skeleton: plan.joints,
    })),
  )
}
