// Reads the boxes of a frame from its XML.

import type { ReadContext } from '../format'
import { FormatError } from '../format-error'
import { normaliseRotation } from '../geometry/box'
import { roundToHundredths } from '../geometry/rounding'
import { createFoundShape } from '../imported-shapes'
import type { DatasetFile } from '../io/dataset-files'
import { parseNumber } from '../io/text-lines'
import { findChild, getText, listChildren, placeOf, readXmlTree, requireNumber, requireText, type XmlNode } from '../io/xml-tree'
import { asBoolean } from '../json-values'
import type { FrameInfo } from '../match'
import type { Label, Shape } from '../model'
import { flagNames } from './xml'

/** A box whose group is the number of the object; boxes of tracks name their track. */
export type FoundBox = { shape: Shape; label: Label; track?: { key: string; keyframe: boolean } }

/** The boxes of a frame. Throws FormatError. */
export async function readItem(file: DatasetFile, frame: FrameInfo, { labels, frames }: ReadContext): Promise<FoundBox[]> {
  const root = await readXmlTree(file)
  if (root.name !== 'annotation') {
    throw new FormatError(`This is not a file of PASCAL VOC: its root is <${root.name}>, not <annotation>`, placeOf(root))
  }
  const size = findChild(root, 'size')
  if (size) frames.learn?.(frame, { width: requireNumber(size, 'width'), height: requireNumber(size, 'height') })
  return listChildren(root, 'object').map((object, at): FoundBox => {
    const label = labels.get(requireText(object, 'name'), placeOf(object))
    const values = collectValues(object, label)
    const shape = createFoundShape(label, frame, 'rectangle', readBounds(object), {
      group: at + 1,
      occluded: readFlag(object, 'occluded') ?? false,
      rotation: readRotation(object, values.get('rotation')),
      values,
    })
    const [track, keyframe] = [values.get('track_id'), asBoolean(values.get('keyframe'))]
    if (track === undefined || keyframe === undefined) return { shape, label }
    return { shape, label, track: { key: `${track}/${label.id}`, keyframe } }
  })
}

function readBounds(object: XmlNode): number[] {
  const box = findChild(object, 'bndbox')
  if (!box) throw new FormatError('is missing', { ...placeOf(object), field: 'bndbox' })
  const [left, top, right, bottom] = ['xmin', 'ymin', 'xmax', 'ymax'].map((name) =>
    roundToHundredths(requireNumber(box, name)),
  ) as [number, number, number, number]
  if (right < left || bottom < top) throw new FormatError('the box ends before it starts', placeOf(box))
  return [left, top, right, bottom]
}

function readRotation(object: XmlNode, text: string | undefined): number {
  if (text === undefined) return 0
  const rotation = parseNumber(text)
  if (rotation === undefined) throw new FormatError(`'${text}' is not a finite number`, { ...placeOf(object), field: 'rotation' })
  return normaliseRotation(rotation)
}

function readFlag(object: XmlNode, name: string): boolean | undefined {
  const text = getText(object, name)
  return text === undefined || text === '' ? undefined : asBoolean(text)
}

/** Attribute values by name, with the elements that stand for attributes. */
function collectValues(object: XmlNode, label: Label): Map<string, string> {
  const values = new Map<string, string>()
  const pose = getText(object, 'pose')
  if (pose !== undefined) values.set('pose', pose)
  for (const name of flagNames) {
    const flag = readFlag(object, name)
    const isNumber = label.attributes.some((attribute) => attribute.name === name && attribute.input_type === 'number')
    if (flag !== undefined) values.set(name, isNumber ? String(Number(flag)) : String(flag))
  }
  const list = findChild(object, 'attributes')
  for (const attribute of list ? listChildren(list, 'attribute') : []) {
    // Spaces belong to the value.
    values.set(requireText(attribute, 'name'), findChild(attribute, 'value')?.text ?? '')
  }
  return values
}
