// Writes KITTI's tracklets: one of one pose for every cuboid on every frame.

import { nameCloud } from '../cloud-items'
import type { WriteOptions } from '../format'
import { roundToHundredths } from '../geometry/rounding'
import { numberLabels } from '../image-tags'
import { formatFloat } from '../io/json-text'
import { createSpool, type Spool } from '../io/spool'
import { createXmlWriter, type XmlWriter } from '../io/xml-writer'
import type { ArchiveEntry } from '../io/zip-writer'
import type { Dataset, Item, ItemShape } from '../model'
import { extensionOf, listRelatedImages } from '../related-images'

const head =
  '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<!DOCTYPE boost_serialization>\n' +
  '<boost_serialization version="9" signature="serialization::archive">\n'

export async function* write(dataset: Dataset, options: WriteOptions): AsyncGenerator<ArchiveEntry> {
  const labels = numberLabels(dataset.labels)
  const [names, tracklets] = [createSpool(options.tempDir), createSpool(options.tempDir)]
  const xml = createXmlWriter(1)
  let count = 0
  try {
    for await (const item of dataset.items) {
      names.append(`${item.frame} ${nameCloud(item)}\n`)
      // The original starts with the last cuboid.
      for (const shape of item.shapes.toReversed()) {
        const label = labels.get(shape.label_id)?.label
        if (!label || shape.type !== 'cuboid') continue
        writeTracklet(xml, label.name, shape, count++ === 0)
        tracklets.append(xml.take())
      }
      if (options.saveImages) yield* listMedia(item)
    }
    yield { name: 'tracklet_labels.xml', content: joinFile(count, tracklets) }
    yield { name: 'frame_list.txt', content: names.read() }
  } finally {
    names.dispose()
    tracklets.dispose()
  }
}

async function* joinFile(count: number, tracklets: Spool): AsyncGenerator<string | Uint8Array> {
  yield `${head}<tracklets version="0" tracking_level="0" class_id="0">\n  <count>${count}</count>\n  <item_version>1</item_version>\n`
  yield* tracklets.read()
  yield '</tracklets>\n</boost_serialization>'
}

/** Class numbers stand only where a class occurs first. */
const classOf = (isFirst: boolean, version: number, number: number) =>
  isFirst ? { version, tracking_level: 0, class_id: number } : undefined

function writeTracklet(xml: XmlWriter, name: string, { points, frame, occluded, keyframe }: ItemShape, isFirst: boolean): void {
  const [tx, ty, tz, rx, ry, rz, w, h, l] = points.slice(0, 9).map((value) => formatFloat(roundToHundredths(value)))
  xml.open('item', classOf(isFirst, 1, 1))
  writeLeaves(xml, { objectType: name, h: h!, w: w!, l: l!, first_frame: frame })
  xml.open('poses', classOf(isFirst, 0, 2))
  writeLeaves(xml, { count: 1, item_version: 0 })
  xml.open('item', classOf(isFirst, 1, 3))
  writeLeaves(xml, { tx: tx!, ty: ty!, tz: tz!, rx: rx!, ry: ry!, rz: rz!, state: 2 })
  writeLeaves(xml, { occlusion: Number(occluded), occlusion_kf: Number(keyframe ?? false), truncation: 0 })
  writeLeaves(xml, { amt_occlusion: -1, amt_border_l: -1, amt_border_r: -1, amt_occlusion_kf: -1, amt_border_kf: -1 })
  xml.close()
  xml.close()
  xml.leaf('finished', 1)
  xml.close()
}

function writeLeaves(xml: XmlWriter, leaves: Record<string, string | number>): void {
  for (const name in leaves) xml.leaf(name, leaves[name]!)
}

/** The cloud, and a folder for each picture beside it. */
async function* listMedia(item: Item): AsyncGenerator<ArchiveEntry> {
  const id = nameCloud(item)
  if (item.media) yield { name: `velodyne_points/data/${id}.pcd`, content: await item.media.read() }
  for (const [index, { name, read }] of listRelatedImages(item).entries()) {
    const folder = `image_${String(index).padStart(2, '0')}`
    yield { name: `${folder}/data/${id}${extensionOf(name)}`, content: await read(), store: true }
  }
}
