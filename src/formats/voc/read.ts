// Reads PASCAL VOC: the items that the lists name, with their boxes, tags and masks.

import { getVocColour, type LabelColour, listLabelColours, listWithBackground } from '../colours'
import type { Finding, ReadContext } from '../format'
import { FormatError } from '../format-error'
import { createFoundTag } from '../imported-shapes'
import { createTrackCollector, type TrackCollector } from '../imported-tracks'
import type { DatasetFile, DatasetFiles } from '../io/dataset-files'
import { dropExtension, type FrameInfo } from '../match'
import type { Shape } from '../model'
import { yieldShapes } from '../picture-masks'
import { readIds } from './image-sets'
import { readLabelmap } from './labelmap'
import { classFolder, objectFolder, readObjectPictures } from './object-pictures'
import { type FoundBox, readItem } from './read-xml'

const setPattern = /^(|.*\/)ImageSets\/(Main|Segmentation|Action|Layout)\/([^/]+)\.txt$/
const annotationPattern = /^(|.*\/)Annotations\/(.+)\.xml$/i

export async function detect({ list, bare }: DatasetFiles): Promise<boolean> {
  return !bare && (list.some(({ name }) => annotationPattern.test(name)) || list.some(({ name }) => isMainList(name)))
}

/** `Segmentation` alone belongs to another format. */
function isMainList(name: string): boolean {
  return /(^|\/)ImageSets\/(Main|Action|Layout)\/[^/]+\.txt$/.test(name)
}

export async function* read(context: ReadContext): AsyncGenerator<Finding> {
  const { files, frames } = context
  const lists = files.list.filter(({ name }) => setPattern.test(name))
  if (lists.length === 0) {
    yield* readFlat(context)
    return
  }
  const root = setPattern.exec(lists[0]!.name)![1]!
  const colours = await readColours(files.get(`${root}labelmap.txt`), context)
  const names = new Map(colours.map(({ name, colour }) => [colour, name]))
  const { ids, tags, subsets } = await readLists(
    lists,
    colours.map(({ name }) => name),
  )
  frames.learnRoot(ids)
  const tracks = createTrackCollector(frames)
  for (const id of ids) {
    const frame = frames.match(id, undefined, { file: subsets.get(id)?.file })
    frames.learn?.(frame, { subset: subsets.get(id)?.name })
    for (const name of tags.get(id) ?? []) yield createFoundTag(context.labels.get(name), frame)
    const annotation = files.get(`${root}Annotations/${id}.xml`)
    const boxes = annotation ? await readItem(annotation, frame, context) : []
    const classes = files.get(`${root}${classFolder}/${id}.png`)
    const objects = files.get(`${root}${objectFolder}/${id}.png`)
    yield* yieldFrame(boxes, await readObjectPictures({ classes, objects }, frame, names, context), tracks)
  }
  yield* tracks.list()
}

/** XML files without lists, as some tools leave them. */
async function* readFlat(context: ReadContext): AsyncGenerator<Finding> {
  const { files, frames } = context
  const annotations = files.bare ? [] : files.list.filter(({ name }) => /\.xml$/i.test(name))
  if (annotations.length === 0)
    throw new FormatError('Dataset must contain a file: "ImageSets/<Main|Segmentation|Action|Layout>/*.txt"')
  const ids = annotations.map(({ name }) =>
    dropExtension(annotationPattern.test(name) ? annotationPattern.exec(name)![2]! : name),
  )
  frames.learnRoot(ids)
  const tracks = createTrackCollector(frames)
  for (const [at, file] of annotations.entries()) {
    const id = annotationPattern.test(file.name) ? annotationPattern.exec(file.name)![2]! : ids[at]!
    const frame: FrameInfo = frames.match(id)
    yield* yieldFrame(await readItem(file, frame, context), [], tracks)
  }
  yield* tracks.list()
}

/** Boxes and masks of one number form a group; what belongs to tracks counts in it, but is kept for later. */
function* yieldFrame(boxes: readonly FoundBox[], masks: readonly Shape[], tracks: TrackCollector): Generator<Finding> {
  const tracked = new Set<number>()
  for (const [at, { shape, label, track }] of boxes.entries()) {
    if (!track) continue
    tracked.add(at)
    tracks.add(track.key, label, { shape, keyframe: track.keyframe })
  }
  let at = 0
  for (const finding of yieldShapes([...boxes.map(({ shape }) => shape), ...masks])) if (!tracked.has(at++)) yield finding
}

async function readColours(file: DatasetFile | undefined, { labels }: ReadContext): Promise<LabelColour[]> {
  if (file) return readLabelmap(file)
  const names = listWithBackground(listLabelColours(labels.labels))
  return names.map(({ name }, number) => ({ name, colour: getVocColour(number) }))
}

/** Every item once, and its tags: lists called `<label>_<subset>` mark the items of a label with 1. */
async function readLists(
  lists: readonly DatasetFile[],
  labels: readonly string[],
): Promise<{ ids: Set<string>; tags: Map<string, string[]>; subsets: Map<string, { name: string; file: string }> }> {
  const ids = new Set<string>()
  const subsets = new Map<string, { name: string; file: string }>()
  const tags = new Map<string, string[]>()
  const known = new Set(lists.map(({ name }) => name))
  for (const list of lists) {
    const [, root, , base] = setPattern.exec(list.name)!
    const label = labels.find(
      (name) => base!.startsWith(`${name}_`) && known.has(`${root}ImageSets/Main/${base!.slice(name.length + 1)}.txt`),
    )
    const isTagList = label !== undefined && list.name.includes('ImageSets/Main/')
    for await (const { id, rest, place } of readIds(list)) {
      ids.add(id)
      if (!isTagList) {
        if (!subsets.has(id)) subsets.set(id, { name: base!, file: list.name })
        continue
      }
      if (!/^(-1|0|1)$/.test(rest)) throw new FormatError(`1, 0 or -1 is needed behind the item, not '${rest}'`, place)
      if (rest !== '1') continue
      const known = tags.get(id)
      if (known) known.push(label)
      else tags.set(id, [label])
    }
  }
  return { ids, tags, subsets }
}
