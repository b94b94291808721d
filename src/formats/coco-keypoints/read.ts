// Reads COCO keypoints: first the categories and images of a file, then its annotations one by one.

import type { Finding, ReadContext } from '../format'
import { FormatError } from '../format-error'
import { roundToHundredths } from '../geometry/rounding'
import { createFoundShape, nameValues } from '../imported-shapes'
import { createSkeletonCollector, type SkeletonCollector } from '../imported-skeletons'
import type { DatasetFile, DatasetFiles } from '../io/dataset-files'
import { readJsonPieces } from '../io/json-reader'
import { asBoolean, asNumber, asNumbers, asObject, asText, createMemberReader, type Members } from '../json-values'
import type { FrameInfo, LabelLookup } from '../match'
import type { Label, Shape } from '../model'

export const namePattern = /(?:^|\/)annotations\/person_keypoints_[^/]*\.json$/i

export async function detect(files: DatasetFiles): Promise<boolean> {
  if (!files.bare) return files.list.some(({ name }) => namePattern.test(name))
  try {
    const options = { file: '', keys: new Set(['images', 'categories']) }
    let hasImages = false
    let hasPoints = false
    for await (const pieces of readJsonPieces(files.list[0]!.stream(), options)) {
      for (const { key, value, index } of pieces) {
        if (index === undefined) continue
        if (key === 'images') hasImages = true
        else hasPoints ||= Array.isArray(asObject(value)?.keypoints)
      }
      if (hasImages && hasPoints) return true
    }
    return false
  } catch {
    return false
  }
}

export async function* read(context: ReadContext): AsyncGenerator<Finding> {
  const { files } = context
  const sources = files.bare ? files.list : files.list.filter(({ name }) => namePattern.test(name))
  if (sources.length === 0) throw new FormatError('Dataset must contain a file: "annotations/person_keypoints_*.json"')
  const tracks = createSkeletonCollector(context.frames)
  for (const file of sources) yield* readFile(file, context, tracks)
  yield* tracks.list()
}

type Category = { name: string; keypoints: string[] }
type Tables = { categories: Map<number, Category>; images: Map<number, FrameInfo> }

async function* readFile(file: DatasetFile, context: ReadContext, tracks: SkeletonCollector): AsyncGenerator<Finding> {
  const tables = await readTables(file, context)
  for await (const pieces of readJsonPieces(file.stream(), { file: file.name, keys: new Set(['annotations']) })) {
    for (const { value, index } of pieces) {
      const members = createMemberReader(value, { file: file.name, item: `annotations[${index ?? 0}]` })
      // Boxes alone are not the matter of this format.
      const keypoints = members.get('keypoints', asNumbers)
      if (!keypoints || keypoints.length === 0) continue
      const { shape, label, attributes } = readSkeleton(members, keypoints, tables, context)
      const { track_id, keyframe } = attributes
      if (track_id === undefined || keyframe === undefined) yield { kind: 'shape', shape }
      else tracks.add(`${file.name}/${String(track_id)}/${label.id}`, label, shape, () => asBoolean(keyframe) ?? false)
    }
  }
}

async function readTables(file: DatasetFile, { frames }: ReadContext): Promise<Tables> {
  const categories = new Map<number, Category>()
  const listed: { id: number; name: string; members: Members }[] = []
  const found = new Set<string>()
  const keys = new Set(['categories', 'images'])
  for await (const pieces of readJsonPieces(file.stream(), { file: file.name, keys })) {
    for (const { key, value, index } of pieces) {
      found.add(key)
      const members = createMemberReader(value, { file: file.name, item: `${key}[${index ?? 0}]` })
      const id = members.require('id', asNumber)
      if (key === 'images') listed.push({ id, name: members.require('file_name', asText), members })
      else categories.set(id, { name: members.require('name', asText), keypoints: members.get('keypoints', asTexts) ?? [] })
    }
  }
  if (!found.has('images') && !found.has('categories')) {
    throw new FormatError("The file has neither 'images' nor 'categories' of COCO", { file: file.name || undefined })
  }
  const subset = /person_keypoints_([^/]+)\.json$/i.exec(file.name)?.[1]
  frames.learnRoot(listed.map(({ name }) => name))
  const images = new Map<number, FrameInfo>()
  for (const { id, name, members } of listed) {
    const frame = frames.match(name, undefined, members.place)
    const [width, height] = [members.get('width', asNumber), members.get('height', asNumber)]
    frames.learn?.(frame, { width, height, subset })
    images.set(id, frame)
  }
  return { categories, images }
}

const asTexts = (value: unknown): string[] | undefined =>
  Array.isArray(value) && value.every((text) => typeof text === 'string') ? value : undefined

function readSkeleton(members: Members, keypoints: number[], { categories, images }: Tables, { labels }: ReadContext) {
  members.require('id', asNumber)
  const imageId = members.require('image_id', asNumber)
  const frame = images.get(imageId)
  if (!frame) throw members.fail('image_id', `there is no image ${imageId}`)
  const categoryId = members.require('category_id', asNumber)
  const category = categories.get(categoryId)
  if (!category) throw members.fail('category_id', `there is no category ${categoryId}`)
  const label = labels.get(category.name, members.place)
  const attributes = members.get('attributes', asObject) ?? {}
  const sublabels = matchSublabels(label, category.keypoints, labels)
  if (sublabels.length === 0) throw members.fail('category_id', `label '${label.name}' has no points`)
  if (keypoints.length !== 3 * sublabels.length) {
    throw members.fail('keypoints', `${3 * sublabels.length} numbers are needed, not ${keypoints.length}`)
  }
  const elements = sublabels.map((sublabel, at): Shape => {
    const [x, y, visibility] = keypoints.slice(3 * at, 3 * at + 3) as [number, number, number]
    const flags = { occluded: visibility === 1, outside: visibility === 0 }
    return createFoundShape(sublabel, frame, 'points', [x, y].map(roundToHundredths), flags)
  })
  const shape = createFoundShape(label, frame, 'skeleton', [], {
    values: nameValues(attributes),
    occluded: asBoolean(attributes.occluded) ?? false,
    elements,
  })
  return { shape, label, attributes }
}

/** The points by their names; when one name is foreign but the numbers agree, all by their order. */
function matchSublabels(label: Label, names: readonly string[], labels: LabelLookup): Label[] {
  const isKnown = names.every((name) => label.sublabels.some((sublabel) => sublabel.name === name))
  if (!isKnown && names.length === label.sublabels.length) return label.sublabels
  return names.length === 0 ? label.sublabels : names.map((name) => labels.getSublabel(label, name))
}
