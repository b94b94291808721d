// Writes LabelMe: the objects of a frame with their groups, and a picture for every mask.

import type { WriteOptions } from '../format'
import type { Bounds } from '../geometry/box'
import { copyBox, decodeMask, encodeMask } from '../geometry/mask'
import { formatHundredths } from '../geometry/rounding'
import { createXmlWriter, type XmlWriter } from '../io/xml-writer'
import type { ArchiveEntry } from '../io/zip-writer'
import { nameItemFile } from '../item-file'
import { dropExtension } from '../match'
import type { Dataset, Item, ItemShape, Label, ShapeType } from '../model'
import { encodePng } from '../png-mask'
import { cutMask, roundShape } from '../regions'
import { toSupported } from '../supported-shapes'
import { listLabels, sortLabelAttributes, typeAttributes } from '../typed-attributes'
import { formatTyped } from '../voc/xml'
import { formatAttributes } from './attributes'

const kinds: readonly ShapeType[] = ['rectangle', 'polygon', 'mask']

export async function* write(dataset: Dataset, options: WriteOptions): AsyncGenerator<ArchiveEntry> {
  const labels = new Map(listLabels(sortLabelAttributes(dataset.labels)).map(({ label }) => [label.id, label]))
  for await (const item of dataset.items) {
    const subset = item.subset || 'default'
    const id = dropExtension(item.name)
    const objects = item.shapes.flatMap((shape) => (labels.has(shape.label_id) ? convertShape(shape, item) : []))
    yield { name: `${subset}/${id}.xml`, content: formatItem(item, id, objects, labels) }
    for (const [number, { type, points }] of objects.entries()) {
      if (type === 'mask') yield { name: `${subset}/Masks/${nameMask(id, number)}`, content: drawMask(points, item), store: true }
    }
    if (options.saveImages && item.media) {
      yield { name: `${subset}/${nameItemFile(item)}`, content: await item.media.read(), store: true }
    }
  }
}

/** The shape in a kind that LabelMe has; masks are cut to the picture. */
function convertShape(original: ItemShape, item: Item): ItemShape[] {
  return toSupported(roundShape(original), kinds, item).flatMap((shape) => {
    if (shape.type !== 'mask') return [shape]
    const mask = cutMask(decodeMask(shape.points), item)
    return mask ? [{ ...shape, points: encodeMask(mask)! }] : []
  })
}

function nameMask(id: string, number: number): string {
  return `${id}_mask_${number}.png`
}

function formatItem(item: Item, id: string, objects: readonly ItemShape[], labels: ReadonlyMap<number, Label>): string {
  const xml = createXmlWriter()
  const file = nameItemFile(item)
  const slash = file.lastIndexOf('/')
  xml.open('annotation')
  xml.leaf('filename', file.slice(slash + 1))
  xml.leaf('folder', file.slice(0, Math.max(0, slash)))
  xml.open('source')
  xml.leaf('sourceImage', '')
  xml.leaf('sourceAnnotation', 'Datumaro')
  xml.close()
  xml.open('imagesize')
  xml.leaf('nrows', item.height)
  xml.leaf('ncols', item.width)
  xml.close()
  for (const [number, shape] of objects.entries()) writeObject(xml, shape, number, id, objects, labels.get(shape.label_id)!)
  xml.close()
  return xml.take()
}

function writeObject(
  xml: XmlWriter,
  shape: ItemShape,
  number: number,
  id: string,
  objects: readonly ItemShape[],
  label: Label,
): void {
  const members = shape.group === 0 ? [] : objects.flatMap(({ group }, at) => (group === shape.group ? [at] : []))
  const [leader, ...others] = members
  xml.open('object')
  xml.leaf('name', label.name)
  xml.leaf('deleted', 0)
  xml.leaf('verified', 0)
  xml.leaf('occluded', shape.occluded ? 'yes' : 'no')
  xml.leaf('date', '')
  xml.leaf('id', number)
  xml.open('parts')
  xml.leaf('hasparts', leader === number ? others.join(',') : '')
  xml.leaf('ispartof', leader === undefined || leader === number ? '' : leader)
  xml.close()
  if (shape.type === 'mask') writeMask(xml, shape, nameMask(id, number))
  else writePolygon(xml, shape)
  xml.leaf('attributes', formatShapeAttributes(shape, label))
  xml.close()
}

function writePolygon(xml: XmlWriter, { type, points }: ItemShape): void {
  const [left, top, right, bottom] = points as Bounds
  const corners = type === 'rectangle' ? [left, top, right, top, right, bottom, left, bottom] : points
  if (type === 'rectangle') xml.leaf('type', 'bounding_box')
  xml.open('polygon')
  for (let at = 0; at + 1 < corners.length; at += 2) {
    xml.open('pt')
    xml.leaf('x', formatHundredths(corners[at]!))
    xml.leaf('y', formatHundredths(corners[at + 1]!))
    xml.close()
  }
  xml.leaf('username', '')
  xml.close()
}

function writeMask(xml: XmlWriter, { points }: ItemShape, file: string): void {
  const [left, top, right, bottom] = points.slice(-4) as Bounds
  xml.open('segm')
  xml.leaf('mask', file)
  xml.open('box')
  const box = { xmin: left, ymin: top, xmax: right, ymax: bottom }
  for (const [name, value] of Object.entries(box)) xml.leaf(name, formatHundredths(value))
  xml.close()
  xml.leaf('username', '')
  xml.close()
}

function formatShapeAttributes(shape: ItemShape, label: Label): string {
  const attributes = typeAttributes(label, shape.attributes)
  for (const name of ['username', 'occluded']) attributes.delete(name)
  if (shape.type === 'rectangle') attributes.set('rotation', { kind: 'float', value: shape.rotation })
  if (shape.track_id !== undefined) {
    attributes.set('track_id', { kind: 'int', value: shape.track_id })
    attributes.set('keyframe', { kind: 'bool', value: Boolean(shape.keyframe) })
  }
  return formatAttributes(Array.from(attributes, ([name, typed]) => [name, formatTyped(typed), typed.kind === 'text'] as const))
}

/** Red, green, blue and alpha of pixels in a mask; others are 0 throughout. */
const maskColour = [0, 203, 255, 153]

function drawMask(points: readonly number[], { width, height }: Item): Uint8Array {
  const { data } = copyBox(decodeMask(points), 0, 0, width, height)
  const values = new Uint8Array(data.length * 4)
  for (let pixel = 0; pixel < data.length; pixel++) if (data[pixel]) values.set(maskColour, pixel * 4)
  return encodePng({ width, height, channels: 4, values })
}
