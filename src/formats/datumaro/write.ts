// Writes Datumaro's JSON in one pass over the frames.

import { formatAttributes } from '../attribute-json'
import { nameCloud } from '../cloud-items'
import type { Dimension, Format, WriteOptions } from '../format'
import { createSeparator } from '../io/json-text'
import { createSpool, type Spool } from '../io/spool'
import type { ArchiveEntry } from '../io/zip-writer'
import { nameItemFile } from '../item-file'
import { dropExtension } from '../match'
import type { Item, Label } from '../model'
import { extensionOf, listRelatedImages } from '../related-images'
import { readSkeletonPlan } from '../skeleton-svg'
import { listLabels, sortLabelAttributes } from '../typed-attributes'
import { formatShape, type KnownLabels } from './annotation'

type SubsetFile = { items: Spool; nextItem: () => string }

/** What differs between pictures and point clouds. */
const kinds = {
  '2d': { mediaType: 2, nameItem: (item: Item) => dropExtension(item.name), describeMedia: describeImage, listMedia: listImages },
  '3d': { mediaType: 3, nameItem: nameCloud, describeMedia: describeCloud, listMedia: listClouds },
}

export function createWriter(dimension: Dimension): NonNullable<Format['write']> {
  const { mediaType, nameItem, describeMedia, listMedia } = kinds[dimension]
  return async function* write(dataset, options) {
    const labels = sortLabelAttributes(dataset.labels)
    const known = numberLabels(labels)
    const subsets = new Map<string, SubsetFile>()
    let nextCuboid = dataset.tracks?.length ?? 0
    const numberCuboid = () => nextCuboid++
    try {
      for await (const item of dataset.items) {
        const subset = item.subset || 'default'
        let file = subsets.get(subset)
        if (!file) subsets.set(subset, (file = openSubset(options)))
        const annotations = [
          ...formatTags(item, known),
          ...item.shapes.flatMap((shape) => formatShape(shape, item, dimension, known, numberCuboid)),
        ]
        file.items.append(
          `${file.nextItem()}{"id":${JSON.stringify(nameItem(item))},"annotations":[${annotations.join(',')}],` +
            `"attr":{"frame":${item.sourceFrame}},${describeMedia(item, options)}}`,
        )
        if (options.saveImages) yield* listMedia(item, subset)
      }
      if (subsets.size === 0) subsets.set('default', openSubset(options))
      const head = `{"dm_format_version":"1.0","media_type":${mediaType},"infos":{},"categories":${formatCategories(labels)},"items":[`
      for (const [subset, { items }] of subsets) yield { name: `annotations/${subset}.json`, content: joinFile(head, items) }
    } finally {
      for (const { items } of subsets.values()) items.dispose()
    }
  }
}

function openSubset({ tempDir }: WriteOptions): SubsetFile {
  return { items: createSpool(tempDir), nextItem: createSeparator() }
}

async function* joinFile(head: string, items: Spool): AsyncGenerator<string | Uint8Array> {
  yield head
  yield* items.read()
  yield ']}'
}

function numberLabels(labels: readonly Label[]): KnownLabels {
  return new Map(listLabels(labels).map(({ label }, number) => [label.id, { label, number, plan: readSkeletonPlan(label) }]))
}

function formatTags({ tags }: Item, known: KnownLabels): string[] {
  return tags.flatMap(({ label_id, group, attributes }) => {
    const entry = known.get(label_id)
    if (!entry) return []
    const text = formatAttributes(entry.label, attributes)
    return [`{"id":0,"type":"label","attributes":${text},"group":${group},"label_id":${entry.number}}`]
  })
}

function formatCategories(labels: readonly Label[]): string {
  const listed = listLabels(labels)
  const names = new Set(['occluded', ...listed.flatMap(({ label }) => label.attributes.map(({ name }) => name))])
  const skeletons = listed.flatMap(({ label }, label_id) => {
    if (label.type !== 'skeleton') return []
    const { sublabels, joints } = readSkeletonPlan(label)
    return [{ label_id, labels: sublabels.map(({ name }) => name), joints, positions: [] }]
  })
  return JSON.stringify({
    label: {
      label_groups: [],
      labels: listed.map(({ label, parent }) => ({ name: label.name, parent: parent?.name ?? '', attributes: [] })),
      attributes: [...names].sort(),
    },
    points: { items: skeletons },
  })
}

/** Folders vanish from the file names of pictures. */
function flattenName(item: Item): string {
  return nameItemFile(item).replaceAll('/', '_')
}

function describeImage(item: Item, { saveImages }: WriteOptions): string {
  const path = saveImages && item.media ? flattenName(item) : nameItemFile(item)
  return `"image":{"path":${JSON.stringify(path)},"size":[${item.height},${item.width}]}`
}

async function* listImages(item: Item, subset: string): AsyncGenerator<ArchiveEntry> {
  if (item.media) yield { name: `images/${subset}/${flattenName(item)}`, content: await item.media.read(), store: true }
}

function describeCloud(item: Item): string {
  const related = listRelatedImages(item).map(({ name }, index) => ({ path: nameRelated(item, name, index) }))
  return `"point_cloud":{"path":${JSON.stringify(`${nameCloud(item)}.pcd`)}},"related_images":${JSON.stringify(related)}`
}

const nameRelated = (item: Item, name: string, index: number) => `${nameCloud(item)}/image_${index}${extensionOf(name)}`

async function* listClouds(item: Item, subset: string): AsyncGenerator<ArchiveEntry> {
  const id = nameCloud(item)
  if (item.media) yield { name: `point_clouds/${subset}/${id}.pcd`, content: await item.media.read() }
  for (const [index, { name, read }] of listRelatedImages(item).entries()) {
    yield { name: `related_images/${subset}/${nameRelated(item, name, index)}`, content: await read(), store: true }
  }
}
