// Reads COCO instances: first the categories and images of a file, then its annotations one by one.

import type { Finding, ReadContext } from '../format'
import { FormatError, type Place } from '../format-error'
import { normaliseRotation } from '../geometry/box'
import { decodeCocoCounts, unpackCocoCounts } from '../geometry/coco-rle'
import { roundToHundredths } from '../geometry/rounding'
import { createTrackCollector, type TrackCollector } from '../imported-tracks'
import type { DatasetFile, DatasetFiles } from '../io/dataset-files'
import { readJsonPieces } from '../io/json-reader'
import { asBoolean, asNumber, asNumbers, asObject, asText, createMemberReader, type Members } from '../json-values'
import { type FrameInfo, resolveAttributes } from '../match'
import type { Label, Shape } from '../model'

export const namePattern = /(?:^|\/)annotations\/instances_[^/]*\.json$/i

export async function detect(files: DatasetFiles): Promise<boolean> {
  if (!files.bare) return files.list.some(({ name }) => namePattern.test(name))
  try {
    const seen = new Set<string>()
    const options = { file: '', keys: new Set(['images', 'categories', 'annotations']) }
    for await (const pieces of readJsonPieces(files.list[0]!.stream(), options)) {
      for (const { key, index } of pieces) if (index !== undefined) seen.add(key)
      if (seen.has('images') && (seen.has('annotations') || seen.has('categories'))) return true
    }
    return false
  } catch {
    return false
  }
}

export async function* read(context: ReadContext): AsyncGenerator<Finding> {
  const { files } = context
  const sources = files.bare ? files.list : files.list.filter(({ name }) => namePattern.test(name))
  if (sources.length === 0) throw new FormatError('Dataset must contain a file: "annotations/instances_*.json"')
  const tracks = createTrackCollector(context.frames)
  const groups = new Map<number, number>()
  for (const file of sources) yield* readFile(file, context, tracks, groups)
  yield* tracks.list()
}

type Image = { frame: FrameInfo; width: number | undefined; height: number | undefined }
type Tables = { categories: Map<number, string>; images: Map<number, Image> }

async function* readFile(
  file: DatasetFile,
  context: ReadContext,
  tracks: TrackCollector,
  groups: Map<number, number>,
): AsyncGenerator<Finding> {
  const tables = await readTables(file, context)
  for await (const pieces of readJsonPieces(file.stream(), { file: file.name, keys: new Set(['annotations']) })) {
    for (const { value, index } of pieces) {
      const members = createMemberReader(value, { file: file.name, item: `annotations[${index ?? 0}]` })
      const { shapes, label, attributes } = readAnnotation(members, tables, context)
      const keyframe = attributes.keyframe
      if (attributes.track_id !== undefined && keyframe !== undefined) {
        const trackKey = `${file.name}/${String(attributes.track_id)}`
        shapes.forEach((shape, part) => {
          tracks.add(`${trackKey}/${label.id}/${part}`, label, { shape, keyframe: asBoolean(keyframe) ?? false })
        })
        continue
      }
      // Parts of one annotation stay together by a group number, which counts from 1 on every frame.
      const frame = shapes[0]!.frame
      const group = shapes.length > 1 ? (groups.get(frame) ?? 0) + 1 : 0
      if (group > 0) groups.set(frame, group)
      for (const shape of shapes) yield { kind: 'shape', shape: { ...shape, group } }
    }
  }
}

async function readTables(file: DatasetFile, { frames }: ReadContext): Promise<Tables> {
  const categories = new Map<number, string>()
  const listed: { id: number; name: string; width: number | undefined; height: number | undefined; place: Place }[] = []
  const found = new Set<string>()
  const keys = new Set(['categories', 'images'])
  for await (const pieces of readJsonPieces(file.stream(), { file: file.name, keys })) {
    for (const { key, value, index } of pieces) {
      found.add(key)
      const members = createMemberReader(value, { file: file.name, item: `${key}[${index ?? 0}]` })
      const id = members.require('id', asNumber)
      if (key === 'categories') categories.set(id, members.require('name', asText))
      else {
        const [width, height] = [members.get('width', asNumber), members.get('height', asNumber)]
        listed.push({ id, name: members.require('file_name', asText), width, height, place: members.place })
      }
    }
  }
  if (!found.has('images') && !found.has('categories')) {
    throw new FormatError("The file has neither 'images' nor 'categories' of COCO", { file: file.name || undefined })
  }
  const subset = /instances_([^/]+)\.json$/i.exec(file.name)?.[1]
  frames.learnRoot(listed.map(({ name }) => name))
  const images = new Map<number, Image>()
  for (const { id, name, width, height, place } of listed) {
    const frame = frames.match(name, undefined, place)
    frames.learn?.(frame, { width, height, subset })
    images.set(id, { frame, width, height })
  }
  return { categories, images }
}

type Annotation = { shapes: Shape[]; label: Label; attributes: Record<string, unknown> }

function readAnnotation(members: Members, { categories, images }: Tables, { labels }: ReadContext): Annotation {
  members.require('id', asNumber)
  const imageId = members.require('image_id', asNumber)
  const image = images.get(imageId)
  if (!image) throw members.fail('image_id', `there is no image ${imageId}`)
  const categoryId = members.require('category_id', asNumber)
  const category = categories.get(categoryId)
  if (category === undefined) throw members.fail('category_id', `there is no category ${categoryId}`)
  const label = labels.get(category, members.place)
  const attributes = members.get('attributes', asObject) ?? {}
  const common: Omit<Shape, 'type' | 'points'> = {
    frame: image.frame.frame,
    label_id: label.id,
    group: 0,
    source: 'file',
    score: 1,
    occluded: asBoolean(attributes.occluded) ?? false,
    outside: false,
    z_order: 0,
    rotation: 0,
    attributes: resolveAttributes(label, collectValues(members, attributes)),
    elements: [],
  }
  return { shapes: readShapes(members, image, common, attributes), label, attributes }
}

function collectValues(members: Members, attributes: Record<string, unknown>): Map<string, string> {
  const values = new Map<string, string>()
  const isCrowd = asBoolean(members.value('iscrowd'))
  if (isCrowd !== undefined) values.set('is_crowd', String(isCrowd))
  const score = asNumber(members.value('score'))
  if (score !== undefined) values.set('score', String(score))
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && typeof value !== 'object') values.set(name, String(value))
  }
  return values
}

function readShapes(
  members: Members,
  image: Image,
  common: Omit<Shape, 'type' | 'points'>,
  attributes: Record<string, unknown>,
): Shape[] {
  const segmentation = members.value('segmentation')
  const isEmpty =
    segmentation === undefined || segmentation === null || (Array.isArray(segmentation) && segmentation.every(isEmptyList))
  if (isEmpty) return [{ ...common, ...readBox(members, attributes) }]
  if (!Array.isArray(segmentation)) return [{ ...common, type: 'mask', points: readMask(members, segmentation, image) }]
  // A single polygon is at times not put into a list of its own.
  const parts: unknown[] = typeof segmentation[0] === 'number' ? [segmentation] : segmentation
  return parts.map((part) => ({ ...common, type: 'polygon', points: readPolygon(members, part) }))
}

/** Some tools write a list of one empty polygon where there is none. */
const isEmptyList = (part: unknown) => Array.isArray(part) && part.length === 0

function readBox(members: Members, attributes: Record<string, unknown>): Pick<Shape, 'type' | 'points' | 'rotation'> {
  const [x, y, width, height, ...rest] = members.require('bbox', asNumbers)
  if (height === undefined || rest.length > 0) throw members.fail('bbox', 'four numbers are needed')
  if (width! < 0 || height < 0) throw members.fail('bbox', 'width and height must not be negative')
  const rotation = asNumber(attributes.rotation) ?? 0
  return {
    type: 'rectangle',
    points: [x!, y!, x! + width!, y! + height].map(roundToHundredths),
    rotation: normaliseRotation(rotation),
  }
}

function readPolygon(members: Members, part: unknown): number[] {
  const points = asNumbers(part)
  if (!points) throw members.fail('segmentation', 'a polygon must be a list of finite numbers')
  if (points.length % 2 !== 0) throw members.fail('segmentation', `a polygon has an odd number of values (${points.length})`)
  if (points.length < 6) throw members.fail('segmentation', 'a polygon needs at least three points')
  return points.map(roundToHundredths)
}

/** The largest picture whose mask is unpacked. */
const maxMaskPixels = 2 ** 28

function readMask(members: Members, value: unknown, image: Image): number[] {
  const runs = asObject(value)
  const [height, width, ...rest] = asNumbers(runs?.size) ?? []
  if (!runs || height === undefined || width === undefined || rest.length > 0) {
    throw members.fail('segmentation', "a mask needs 'counts' and 'size' with height and width")
  }
  for (const [known, given] of [
    [image.width, width],
    [image.height, height],
    [image.frame.width || undefined, width],
    [image.frame.height || undefined, height],
  ]) {
    if (known !== undefined && known !== given) {
      throw members.fail('segmentation', `the size of the mask is ${width}x${height}, unlike its image's`)
    }
  }
  if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1 || width * height > maxMaskPixels) {
    throw members.fail('segmentation', 'the size of the mask is out of range')
  }
  const counts = readCounts(members, runs.counts)
  if (counts.reduce((sum, run) => sum + run, 0) !== width * height) {
    throw members.fail('segmentation', `the run lengths do not make ${width}x${height} pixels`)
  }
  const points = decodeCocoCounts(counts, height)
  if (!points) throw members.fail('segmentation', 'the mask is empty')
  return points
}

function readCounts(members: Members, value: unknown): number[] {
  if (typeof value === 'string') {
    try {
      return unpackCocoCounts(value)
    } catch {
      throw members.fail('segmentation', 'the text of the run lengths is damaged')
    }
  }
  const counts = asNumbers(value)
  if (!counts?.every((run) => Number.isInteger(run) && run >= 0)) {
    throw members.fail('segmentation', 'run lengths must be whole numbers or their text')
  }
  return counts
}
