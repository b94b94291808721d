// The XML of a frame in PASCAL VOC.

import type { Bounds } from '../geometry/box'
import { formatFloat } from '../io/json-text'
import { createXmlWriter, type XmlWriter } from '../io/xml-writer'
import type { Item, ItemShape, Label } from '../model'
import { roundShape } from '../regions'
import { type TypedValue, typeAttributes } from '../typed-attributes'

/** Attributes that have elements of their own. */
export const flagNames = ['truncated', 'occluded', 'difficult'] as const

export function formatItem(item: Item, id: string, file: string, labels: ReadonlyMap<number, Label>, hasMasks: boolean): string {
  const xml = createXmlWriter()
  xml.open('annotation')
  xml.leaf('folder', id.includes('_') ? id.slice(0, id.indexOf('_')) : '')
  xml.leaf('filename', file)
  xml.open('source')
  for (const name of ['database', 'annotation', 'image']) xml.leaf(name, 'Unknown')
  xml.close()
  xml.open('size')
  xml.leaf('width', item.width)
  xml.leaf('height', item.height)
  xml.leaf('depth', '')
  xml.close()
  xml.leaf('segmented', Number(hasMasks))
  for (const shape of item.shapes) {
    const label = labels.get(shape.label_id)
    if (shape.type === 'rectangle' && label) writeBox(xml, shape, label)
  }
  xml.close()
  return xml.take()
}

function writeBox(xml: XmlWriter, shape: ItemShape, label: Label): void {
  const attributes = typeAttributes(label, shape.attributes)
  const pose = attributes.get('pose')
  xml.open('object')
  xml.leaf('name', label.name)
  if (pose) xml.leaf('pose', formatTyped(pose))
  xml.leaf('truncated', Number(isTrue(attributes.get('truncated'))))
  xml.leaf('occluded', Number(shape.occluded))
  xml.leaf('difficult', Number(isTrue(attributes.get('difficult'))))
  xml.open('bndbox')
  const [left, top, right, bottom] = roundShape(shape).points as Bounds
  const corners = { xmin: left, ymin: top, xmax: right, ymax: bottom }
  for (const [name, value] of Object.entries(corners)) xml.leaf(name, formatFloat(value))
  xml.close()
  xml.open('attributes')
  for (const name of ['pose', ...flagNames]) attributes.delete(name)
  attributes.set('rotation', { kind: 'float', value: shape.rotation })
  if (shape.track_id !== undefined) {
    attributes.set('track_id', { kind: 'int', value: shape.track_id })
    attributes.set('keyframe', { kind: 'bool', value: Boolean(shape.keyframe) })
  }
  for (const [name, value] of attributes) {
    xml.open('attribute')
    xml.leaf('name', name)
    xml.leaf('value', formatTyped(value))
    xml.close()
  }
  xml.close()
  xml.close()
}

/** `7.0`, `True`, or the text. */
export function formatTyped({ kind, value }: TypedValue): string {
  return kind === 'float' ? formatFloat(value) : kind === 'bool' ? (value ? 'True' : 'False') : String(value)
}

function isTrue(value: TypedValue | undefined): boolean {
  return value !== undefined && /^(true|1(\.0*)?)$/i.test(String(value.value))
}
