// Reads LabelMe: every XML file is a frame, its first folder the subset.

import type { Finding, ReadContext } from '../format'
import { FormatError } from '../format-error'
import { readFramePicture } from '../frame-picture'
import { findBounds, normaliseRotation } from '../geometry/box'
import { roundToHundredths } from '../geometry/rounding'
import { createFoundShape } from '../imported-shapes'
import type { DatasetFile, DatasetFiles } from '../io/dataset-files'
import { parseNumber } from '../io/text-lines'
import { readXml } from '../io/xml-reader'
import { findChild, getText, listChildren, placeOf, readXmlTree, requireNumber, requireText, type XmlNode } from '../io/xml-tree'
import { asBoolean } from '../json-values'
import { dropExtension, type FrameInfo } from '../match'
import type { Shape } from '../model'
import { createMaskShapes, cropPixels, yieldShapes } from '../picture-masks'
import { listMarkedPixels } from '../png-mask'
import { parseAttributes } from './attributes'

/** Whether an XML file has the root and one of the elements that only LabelMe has. */
export async function detect(files: DatasetFiles): Promise<boolean> {
  const [file] = listAnnotations(files)
  if (!file || file.name.includes('Annotations/')) return false
  try {
    let depth = 0
    for await (const events of readXml(file.stream(), { file: file.name })) {
      for (const event of events) {
        if (event.kind === 'open' && depth++ === 0 && event.name !== 'annotation') return false
        if (event.kind === 'open' && depth === 2 && event.name === 'imagesize') return true
        if (event.kind === 'close') depth--
      }
    }
  } catch {}
  return false
}

function listAnnotations({ list, bare }: DatasetFiles): DatasetFile[] {
  return bare ? [] : list.filter(({ name }) => /\.xml$/i.test(name))
}

export async function* read(context: ReadContext): AsyncGenerator<Finding> {
  const { files, frames } = context
  const annotations = listAnnotations(files)
  if (annotations.length === 0) throw new FormatError('Dataset must contain a file: "<subset>/*.xml"')
  const ids = annotations.map(({ name }) => dropExtension(name.replace(/^[^/]+\//, '')))
  frames.learnRoot(ids)
  for (const [at, file] of annotations.entries()) {
    const frame = frames.find(ids[at]!) ?? frames.find(dropExtension(file.name)) ?? frames.match(ids[at]!)
    yield* yieldShapes(await readItem(file, frame, context))
  }
}

async function readItem(file: DatasetFile, frame: FrameInfo, context: ReadContext): Promise<Shape[]> {
  const root = await readXmlTree(file)
  if (root.name !== 'annotation') {
    throw new FormatError(`This is not a file of LabelMe: its root is <${root.name}>, not <annotation>`, placeOf(root))
  }
  const objects = listChildren(root, 'object').filter((object) => getText(object, 'deleted') !== '1')
  const size = findChild(root, 'imagesize')
  context.frames.learn?.(frame, {
    subset: file.name.includes('/') ? file.name.slice(0, file.name.indexOf('/')) : '',
    ...(size && { width: requireNumber(size, 'ncols'), height: requireNumber(size, 'nrows') }),
  })
  const groups = findGroups(objects)
  const shapes: Shape[] = []
  for (const [at, object] of objects.entries()) shapes.push(...(await readObject(object, groups[at]!, file, frame, context)))
  return shapes
}

/** A number per object; objects that are parts of each other share it. */
function findGroups(objects: readonly XmlNode[]): number[] {
  const ids = new Map(objects.map((object, at) => [getText(object, 'id') ?? '', at]))
  const leaders = objects.map((_, at) => at)
  const findLeader = (at: number): number => {
    let leader = at
    while (leaders[leader] !== leader) leader = leaders[leader]!
    leaders[at] = leader
    return leader
  }
  for (const [at, object] of objects.entries()) {
    const parts = findChild(object, 'parts')
    const listed = parts
      ? [getText(parts, 'hasparts') ?? '', getText(parts, 'ispartof') ?? ''].flatMap((text) => text.split(','))
      : []
    for (const id of listed) {
      const other = ids.get(id.trim())
      if (id.trim() !== '' && other !== undefined) leaders[findLeader(other)] = findLeader(at)
    }
  }
  return leaders.map((_, at) => findLeader(at) + 1)
}

async function readObject(
  object: XmlNode,
  group: number,
  file: DatasetFile,
  frame: FrameInfo,
  context: ReadContext,
): Promise<Shape[]> {
  const label = context.labels.get(requireText(object, 'name'), placeOf(object))
  const values = parseAttributes(findChild(object, 'attributes')?.text ?? '')
  const occluded = asBoolean({ yes: 'true', no: 'false' }[getText(object, 'occluded') ?? 'no'] ?? 'false') ?? false
  const segment = findChild(object, 'segm')
  if (segment) {
    const mask = await readMask(segment, file, frame, context)
    const { masksToPolygons } = context
    return mask ? createMaskShapes(mask, { frame: frame.frame, label, masksToPolygons, group, occluded, values }) : []
  }
  const polygon = findChild(object, 'polygon')
  if (!polygon) throw new FormatError("a 'polygon' or 'segm' is needed", placeOf(object))
  const points = listChildren(polygon, 'pt').flatMap((point) => [requireNumber(point, 'x'), requireNumber(point, 'y')])
  if (getText(object, 'type') === 'bounding_box') {
    if (points.length < 4) throw new FormatError('a box needs two points or more', placeOf(polygon))
    const rotation = readRotation(object, values.get('rotation'))
    const bounds = findBounds(points).map(roundToHundredths)
    return [createFoundShape(label, frame, 'rectangle', bounds, { group, occluded, rotation, values })]
  }
  if (points.length < 6) throw new FormatError('a polygon needs at least three points', placeOf(polygon))
  return [createFoundShape(label, frame, 'polygon', points.map(roundToHundredths), { group, occluded, values })]
}

function readRotation(object: XmlNode, text: string | undefined): number {
  if (text === undefined) return 0
  const rotation = parseNumber(text)
  if (rotation === undefined) throw new FormatError(`'${text}' is not a finite number`, { ...placeOf(object), field: 'rotation' })
  return normaliseRotation(rotation)
}

async function readMask(segment: XmlNode, file: DatasetFile, frame: FrameInfo, { files, frames }: ReadContext) {
  const name = requireText(segment, 'mask')
  const folder = file.name.slice(0, file.name.lastIndexOf('/') + 1)
  const subset = file.name.slice(0, file.name.indexOf('/') + 1)
  const places = [`${subset}Masks/${name}`, `${folder}Masks/${name}`, `${subset}Masks/${folder.slice(subset.length)}${name}`]
  const picture = places.map((place) => files.get(place)).find(Boolean)
  if (!picture) throw new FormatError(`Dataset must contain a file: "${places[0]}"`, placeOf(segment))
  const pixels = await readFramePicture(picture, frame, frames)
  return cropPixels(listMarkedPixels(pixels), pixels.width)
}
