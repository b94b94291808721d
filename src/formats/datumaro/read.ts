// Reads Datumaro's JSON: first the categories and names of items, then the items one by one.

import type { DeclaredLabel, Description, Dimension, Finding, Format, ReadContext } from '../format'
import { FormatError } from '../format-error'
import { renumberGroups } from '../imported-shapes'
import { createSkeletonCollector } from '../imported-skeletons'
import { createTrackCollector } from '../imported-tracks'
import type { DatasetFile, DatasetFiles } from '../io/dataset-files'
import { readJsonPieces } from '../io/json-reader'
import { asNumber, asNumbers, asObject, asText, createMemberReader, type Members } from '../json-values'
import type { FrameInfo } from '../match'
import { sketchSkeleton } from '../skeleton-sketch'
import { type Categories, type FoundAnnotation, readAnnotation } from './read-annotation'

const namePattern = /(?:^|\/)annotations\/[^/]+\.json$/i
const missing = "Dataset must contain a file: \"annotations/*.json\" with 'categories' and 'items'"

/** Tells the dimensions apart by the declared kind of media, in older files by the annotations. */
export function createDetector(dimension: Dimension): Format['detect'] {
  return async (files) => {
    for (const file of listJson(files)) {
      try {
        const found = await guessDimension(file)
        if (found) return found === dimension
      } catch {
        // Some other file; the next one may be ours.
      }
    }
    return false
  }
}

function listJson(files: DatasetFiles): readonly DatasetFile[] {
  return files.bare ? files.list : files.list.filter(({ name }) => namePattern.test(name))
}

async function guessDimension(file: DatasetFile): Promise<Dimension | undefined> {
  const seen = new Set<string>()
  const keys = new Set(['media_type', 'categories', 'items'])
  for await (const pieces of readJsonPieces(file.stream(), { file: file.name, keys })) {
    for (const { key, value, index } of pieces) {
      if (key === 'media_type' && seen.size === 0 && (value === 2 || value === 3)) return value === 3 ? '3d' : '2d'
      seen.add(key)
      if (key !== 'items' || index === undefined || !seen.has('categories')) continue
      const annotations = asObject(value)?.annotations
      if (!Array.isArray(annotations) || annotations.length === 0) continue
      return asObject(annotations[0])?.type === 'cuboid_3d' ? '3d' : '2d'
    }
  }
  return seen.has('categories') && seen.has('items') ? '2d' : undefined
}

export function createReader(dimension: Dimension): NonNullable<Format['read']> {
  return async function* read(context) {
    const sources = listJson(context.files)
    if (sources.length === 0) throw new FormatError(missing)
    const tracks = createTrackCollector(context.frames)
    const skeletons = createSkeletonCollector(context.frames)
    for (const file of sources) {
      const categories = await readCategories(file, context)
      for await (const pieces of readJsonPieces(file.stream(), { file: file.name, keys: new Set(['items']) })) {
        for (const { value, index } of pieces) {
          const place = `items[${index ?? 0}]`
          const found = readItem(
            createMemberReader(value, { file: file.name, item: place }),
            place,
            file,
            dimension,
            categories,
            context,
          )
          const groups = renumberGroups(found.map(({ group }) => group))
          for (const [at, one] of found.entries()) {
            if (one.kind === 'tag') yield { kind: 'tag', tag: { ...one.tag, group: groups[at]! } }
            else if (!one.track) yield { kind: 'shape', shape: { ...one.shape, group: groups[at]! } }
            else {
              const trackKey = `${file.name}/${one.track.id}/${one.label.id}`
              if (one.shape.type === 'skeleton') skeletons.add(trackKey, one.label, one.shape, one.track.isKey)
              else tracks.add(trackKey, one.label, { shape: one.shape, keyframe: one.track.keyframe })
            }
          }
        }
      }
    }
    yield* tracks.list() as Finding[]
    yield* skeletons.list()
  }
}

/** The categories as labels; those with a parent are points of a skeleton. */
export async function describe(files: DatasetFiles): Promise<Description> {
  const labels = new Map<string, DeclaredLabel>()
  for (const file of listJson(files)) {
    const categories: Categories = { labels: [], points: new Map() }
    for await (const pieces of readJsonPieces(file.stream(), { file: file.name, keys: new Set(['categories']) })) {
      for (const { key, value } of pieces)
        fillCategories(categories, createMemberReader(value, { file: file.name, item: key }), file)
    }
    for (const [at, { name, parent }] of categories.labels.entries()) {
      if (parent !== '' || labels.has(name)) continue
      const own = categories.labels.filter((label) => label.parent === name).map((label) => label.name)
      const points = categories.points.get(at) ?? own
      labels.set(name, points.length > 0 ? sketchSkeleton(name, points) : { name })
    }
  }
  return { labels: [...labels.values()] }
}

async function readCategories(file: DatasetFile, context: ReadContext): Promise<Categories> {
  const categories: Categories = { labels: [], points: new Map() }
  const seen = new Set<string>()
  const ids: string[] = []
  const keys = new Set(['categories', 'items'])
  for await (const pieces of readJsonPieces(file.stream(), { file: file.name, keys })) {
    for (const { key, value, index } of pieces) {
      seen.add(key)
      const members = createMemberReader(value, { file: file.name, item: index === undefined ? key : `${key}[${index}]` })
      if (key === 'items') ids.push(members.require('id', asText))
      else fillCategories(categories, members, file)
    }
  }
  // An empty list of items leaves no piece behind.
  if (!seen.has('categories')) throw new FormatError(missing, { file: file.name || undefined })
  context.frames.learnRoot(ids)
  return categories
}

function fillCategories(categories: Categories, members: Members, file: DatasetFile): void {
  const label = createMemberReader(members.get('label', asObject) ?? {}, { file: file.name, item: 'categories.label' })
  const points = createMemberReader(members.get('points', asObject) ?? {}, { file: file.name, item: 'categories.points' })
  const asList = (value: unknown) => (Array.isArray(value) ? (value as unknown[]) : undefined)
  for (const [at, entry] of (label.get('labels', asList) ?? []).entries()) {
    const one = createMemberReader(entry, { file: file.name, item: `categories.label.labels[${at}]` })
    categories.labels.push({ name: one.require('name', asText), parent: one.get('parent', asText) ?? '' })
  }
  for (const [at, entry] of (points.get('items', asList) ?? []).entries()) {
    const one = createMemberReader(entry, { file: file.name, item: `categories.points.items[${at}]` })
    const names = (one.get('labels', asList) ?? []).map((name) => {
      if (typeof name !== 'string') throw one.fail('labels', 'names are needed')
      return name
    })
    categories.points.set(one.require('label_id', asNumber), names)
  }
}

function readItem(
  members: Members,
  place: string,
  file: DatasetFile,
  dimension: Dimension,
  categories: Categories,
  context: ReadContext,
): FoundAnnotation[] {
  const frame = matchFrame(members, context)
  const annotations = members.value('annotations') ?? []
  if (!Array.isArray(annotations)) throw members.fail('annotations', 'a list is needed')
  return annotations.flatMap((annotation, at) => {
    const one = createMemberReader(annotation, { file: file.name, item: `${place}.annotations[${at}]` })
    return readAnnotation(one, { dimension, categories, frame, context })
  })
}

/** By the name of the picture, the id, or the number of the frame. */
function matchFrame(members: Members, { frames }: ReadContext): FrameInfo {
  const id = members.require('id', asText)
  const path = asText(members.get('image', asObject)?.path) ?? ''
  const dot = path.lastIndexOf('.')
  const name = dot > path.lastIndexOf('/') ? id + path.slice(dot) : id
  const number = asNumber(members.get('attr', asObject)?.frame)
  const frame = frames.match(name, number === undefined ? undefined : frames.fromSource(number)?.frame, members.place)
  const [height, width] = asNumbers(members.get('image', asObject)?.size) ?? []
  frames.learn?.(frame, { width, height, subset: members.place.file?.replace(/^.*\/|\.json$/gi, '') })
  return frame
}
