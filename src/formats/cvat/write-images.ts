// Writes CVAT for images: one <image> per frame with its shapes and tags.

import type { WriteOptions } from '../format'
import { createSpool } from '../io/spool'
import { createXmlWriter, type XmlWriter, xmlDeclaration } from '../io/xml-writer'
import type { ArchiveEntry } from '../io/zip-writer'
import { nameItemFile } from '../item-file'
import type { Dataset, DatasetInfo, Item, Shape, Tag } from '../model'
import { writeMeta } from './meta'
import { collectNames, elementNames, formatGeometry, type Names, writeAttributes } from './shape-xml'

export async function* writeImages(dataset: Dataset, options: WriteOptions): AsyncGenerator<ArchiveEntry> {
  const spool = createSpool(options.tempDir)
  try {
    const xml = createXmlWriter()
    xml.open('annotations')
    writeMeta(xml, dataset, options.now)
    spool.append(xmlDeclaration + xml.take())
    const names = collectNames(dataset.labels)
    for await (const item of dataset.items) {
      writeImage(xml, item, dataset.info, names)
      spool.append(xml.take())
      if (options.saveImages && item.media) yield createMediaEntry(item, dataset.info, await item.media.read())
    }
    xml.close()
    spool.append(xml.take())
    yield { name: 'annotations.xml', content: spool.read() }
  } finally {
    spool.dispose()
  }
}

/** The picture of a frame; those of a project lie in a folder per subset. */
export function createMediaEntry(item: Item, info: DatasetInfo, content: Uint8Array): ArchiveEntry {
  const folder = info.kind === 'project' ? `images/${item.subset || 'default'}` : 'images'
  return { name: `${folder}/${nameItemFile(item)}`, content, store: true }
}

function writeImage(xml: XmlWriter, item: Item, info: DatasetInfo, names: Names): void {
  const { sourceFrame, name, width, height } = item
  const inProject = info.kind === 'project' && { subset: item.subset || 'default', task_id: item.task_id ?? '' }
  xml.open('image', { id: sourceFrame, name, ...inProject, width, height })
  for (const shape of item.shapes) if (names.labels.has(shape.label_id)) writeShape(xml, shape, names)
  for (const tag of item.tags) if (names.labels.has(tag.label_id)) writeTag(xml, tag, names)
  xml.close()
}

function writeShape(xml: XmlWriter, shape: Shape, names: Names): void {
  const isSkeleton = shape.type === 'skeleton'
  xml.open(elementNames[shape.type], {
    label: names.labels.get(shape.label_id)!,
    source: shape.source,
    ...(!isSkeleton && { occluded: Number(shape.occluded) }),
    ...formatGeometry(shape),
    z_order: shape.z_order,
    ...formatGroup(shape.group),
  })
  for (const element of shape.elements) writeElement(xml, element, names)
  writeAttributes(xml, shape.attributes, names)
  xml.close()
}

function writeElement(xml: XmlWriter, element: Shape, names: Names): void {
  xml.open('points', {
    label: names.labels.get(element.label_id) ?? '',
    source: element.source,
    outside: Number(element.outside),
    occluded: Number(element.occluded),
    ...formatGeometry(element),
  })
  writeAttributes(xml, element.attributes, names)
  xml.close()
}

function writeTag(xml: XmlWriter, tag: Tag, names: Names): void {
  xml.open('tag', { label: names.labels.get(tag.label_id)!, source: tag.source, ...formatGroup(tag.group) })
  writeAttributes(xml, tag.attributes, names)
  xml.close()
}

/** `group_id`, which is left out for shapes without group. */
export function formatGroup(group: number): { group_id?: number } {
  return group === 0 ? {} : { group_id: group }
}
