// Writes COCO instances in one pass over the frames.

import type { WriteOptions } from '../format'
import { createSeparator, formatFloat, formatFloats } from '../io/json-text'
import { createSpool, type Spool } from '../io/spool'
import type { ArchiveEntry } from '../io/zip-writer'
import { nameItemFile } from '../item-file'
import type { Dataset, Item, ItemShape, Label } from '../model'
import { listLabels, sortLabelAttributes, type TypedValue, typeAttributes } from '../typed-attributes'
import { type Instance, listInstances } from './instance'

/** One subset's two lists, which grow at the same time but stand one after the other in the file. */
type SubsetFile = {
  images: Spool
  annotations: Spool
  nextImage: () => string
  nextAnnotation: () => string
  count: number
  last: number
}

export async function* write(dataset: Dataset, options: WriteOptions): AsyncGenerator<ArchiveEntry> {
  const labels = sortLabelAttributes(dataset.labels)
  const categories = new Map(listLabels(labels).map(({ label }, index) => [label.id, { label, number: index + 1 }]))
  const subsets = new Map<string, SubsetFile>()
  try {
    for await (const item of dataset.items) {
      const subset = item.subset || 'default'
      let file = subsets.get(subset)
      if (!file) subsets.set(subset, (file = openSubset(options.tempDir)))
      const fileName = nameItemFile(item)
      appendItem(file, item, fileName, categories)
      if (options.saveImages && item.media) {
        yield { name: `images/${subset}/${fileName}`, content: await item.media.read(), store: true }
      }
    }
    if (subsets.size === 0) subsets.set('default', openSubset(options.tempDir))
    const head = `${formatHead()},"categories":${formatCategories(labels)},"images":[`
    for (const [subset, file] of subsets) {
      yield { name: `annotations/instances_${subset}.json`, content: joinFile(head, file) }
    }
  } finally {
    for (const { images, annotations } of subsets.values()) {
      images.dispose()
      annotations.dispose()
    }
  }
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

type Categories = Map<number, { label: Label; number: number }>

function appendItem(file: SubsetFile, item: Item, fileName: string, categories: Categories): void {
  const imageId = ++file.count
  file.images.append(
    `${file.nextImage()}{"id":${imageId},"width":${item.width},"height":${item.height},"file_name":${JSON.stringify(fileName)},` +
      '"license":0,"flickr_url":"","coco_url":"","date_captured":0}',
  )
  const isCrowd = (shape: ItemShape) => {
    const label = categories.get(shape.label_id)?.label
    const hasFlag = label?.attributes.some(({ name }) => name === 'is_crowd')
    return hasFlag ? readFlag(typeShape(shape, categories).get('is_crowd')) : undefined
  }
  for (const instance of listInstances(item, isCrowd)) {
    const category = categories.get(instance.leader.label_id)
    if (!category) continue
    const attributes = typeShape(instance.leader, categories)
    file.annotations.append(
      `${file.nextAnnotation()}{"id":${++file.last},"image_id":${imageId},"category_id":${category.number},${formatGeometry(instance)}` +
        `${formatScore(attributes.get('score'))},"attributes":${formatAttributes(attributes, instance.leader)}}`,
    )
  }
}

function typeShape(shape: ItemShape, categories: Categories): Map<string, TypedValue> {
  const category = categories.get(shape.label_id)
  return category ? typeAttributes(category.label, shape.attributes) : new Map()
}

function readFlag(value: TypedValue | undefined): boolean | undefined {
  if (!value) return undefined
  return value.kind === 'text' ? value.value.toLowerCase() === 'true' || value.value === '1' : Boolean(value.value)
}

function formatGeometry({ segmentation, area, bbox, size }: Instance): string {
  const text =
    segmentation.kind === 'runs'
      ? `{"counts":[${segmentation.counts.join(',')}],"size":[${size.height},${size.width}]}`
      : `[${segmentation.polygons.map(formatFloats).join(',')}]`
  return `"segmentation":${text},"area":${formatFloat(area)},"bbox":${formatFloats(bbox)},"iscrowd":${segmentation.kind === 'runs' ? 1 : 0}`
}

function formatScore(score: TypedValue | undefined): string {
  if (!score || score.kind === 'bool' || score.value === '') return ''
  const number = Number(score.value)
  return Number.isFinite(number) ? `,"score":${formatFloat(number)}` : ''
}

function formatAttributes(attributes: ReadonlyMap<string, TypedValue>, shape: ItemShape): string {
  let text = '{'
  for (const [name, typed] of attributes) {
    if (name === 'is_crowd' || name === 'score') continue
    text += `${JSON.stringify(name)}:${formatTyped(typed)},`
  }
  text += `"occluded":${shape.occluded}`
  if (shape.type === 'rectangle') text += `,"rotation":${formatFloat(shape.rotation)}`
  if (shape.track_id !== undefined) text += `,"track_id":${shape.track_id},"keyframe":${Boolean(shape.keyframe)}`
  return `${text}}`
}

function formatTyped({ kind, value }: TypedValue): string {
  return kind === 'float' ? formatFloat(value) : kind === 'text' ? JSON.stringify(value) : String(value)
}

function formatHead(): string {
  return (
    '{"licenses":[{"name":"","id":0,"url":""}],' +
    '"info":{"contributor":"","date_created":"","description":"","url":"","version":"","year":""}'
  )
}

function formatCategories(labels: readonly Label[]): string {
  return JSON.stringify(
    listLabels(labels).map(({ label, parent }, index) => ({
      id: index + 1,
      name: label.name,
      supercategory: parent?.name ?? '',
    })),
  )
}
