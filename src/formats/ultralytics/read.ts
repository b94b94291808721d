// Reads the Ultralytics YOLO layouts: lines of relative numbers, with track numbers at their end where there are tracks.

import type { Finding, Format, ReadContext } from '../format'
import { FormatError } from '../format-error'
import { createSkeletonCollector } from '../imported-skeletons'
import { createTrackCollector } from '../imported-tracks'
import type { DatasetFile, DatasetFiles } from '../io/dataset-files'
import { readLines } from '../io/text-lines'
import type { FrameInfo } from '../match'
import type { Label, Shape } from '../model'
import { sketchSkeleton } from '../skeleton-sketch'
import { parseLine } from '../yolo/lines'
import type { KeypointShape, Kind } from './kinds'
import { findSettingsFile, listSetItems, readSettings, type Settings } from './sets'

const noKeypoints: KeypointShape = [0, 3]

/** Whether there are settings of this kind, and the first lines could be of this kind. */
export function createDetector(kind: Kind): Format['detect'] {
  return async (files) => {
    const file = findSettingsFile(files)
    if (!file) return false
    try {
      const settings = await readSettings(file)
      if ((settings.keypoints !== undefined) !== kind.poses) return false
      for await (const numbers of countNumbers(files)) {
        if (kind.countFields(numbers, settings.keypoints ?? noKeypoints) === undefined) return false
      }
      return true
    } catch {
      return false
    }
  }
}

/** How many numbers stand behind the class in the first lines that there are. */
async function* countNumbers({ list }: DatasetFiles, maxLines = 1000): AsyncGenerator<number> {
  let lines = 0
  for (const file of list) {
    if (!/(^|\/)labels\/.*\.txt$/i.test(file.name)) continue
    for await (const { text } of readLines(file)) {
      if (text.trim() === '') continue
      if (++lines > maxLines) return
      yield text.trim().split(/\s+/).length - 1
    }
  }
}

/** The names of data.yaml; of poses with points `1`, `2`, …, as the file gives only their number. */
export function createDescriber(kind: Kind): NonNullable<Format['describe']> {
  return async (files) => {
    const file = findSettingsFile(files)
    if (!file) return { labels: [] }
    const { names, keypoints = noKeypoints } = await readSettings(file)
    const points = Array.from({ length: keypoints[0] }, (_, at) => String(at + 1))
    return { labels: names.map((name) => (kind.poses ? sketchSkeleton(name, points) : { name })) }
  }
}

export function createReader(kind: Kind): NonNullable<Format['read']> {
  return (context) => readKind(kind, context)
}

async function* readKind(kind: Kind, context: ReadContext): AsyncGenerator<Finding> {
  const { files, frames } = context
  const file = findSettingsFile(files)
  if (!file) throw new FormatError('Dataset must contain a file: "data.yaml"')
  const settings = await readSettings(file)
  if ((settings.keypoints !== undefined) !== kind.poses) {
    const reason = kind.poses ? 'is needed for poses' : 'belongs to poses, which this format does not hold'
    throw new FormatError(reason, { file: file.name, field: 'kpt_shape' })
  }
  await learnRoot(context, settings)
  const classes = createClasses(settings, context, kind)
  const tracks = createTrackCollector(frames)
  const skeletons = createSkeletonCollector(frames)
  for (const set of settings.sets) {
    for await (const { name, labels } of listSetItems(files, settings, set)) {
      const frame = frames.match(name, undefined, { file: labels?.name ?? file.name })
      frames.learn?.(frame, { subset: set.name })
      if (!labels) continue
      const parts = new Map<string, number>()
      for await (const { shape, label, track } of readShapes(kind, labels, frame, settings, classes)) {
        if (track === undefined) {
          yield { kind: 'shape', shape }
          continue
        }
        // A second shape of the same track on a frame starts a track of its own.
        const key = `${label.id}/${track}`
        const part = parts.get(key) ?? 0
        parts.set(key, part + 1)
        if (kind.poses) skeletons.add(`${key}/${part}`, label, shape, () => true)
        else tracks.add(`${key}/${part}`, label, { shape, keyframe: true })
      }
    }
  }
  yield* tracks.list()
  yield* skeletons.list()
}

async function learnRoot({ files, frames }: ReadContext, settings: Settings): Promise<void> {
  let deepest = ''
  for (const set of settings.sets) {
    for await (const { name } of listSetItems(files, settings, set)) {
      if (deepest === '' || name.split('/').length > deepest.split('/').length) deepest = name
    }
  }
  frames.learnRoot([deepest])
}

/** The label of a class number, looked up when it is first needed. */
function createClasses({ names, file }: Settings, { labels }: ReadContext, kind: Kind): (classNumber: number) => Label {
  const known: Label[] = []
  return (classNumber) => {
    const found = known[classNumber] ?? labels.get(names[classNumber]!, { file: file.name })
    known[classNumber] = found
    if (kind.poses && found.type !== 'skeleton') {
      throw new FormatError(`Label '${found.name}' of this task is not a skeleton`, { file: file.name })
    }
    return found
  }
}

async function* readShapes(
  kind: Kind,
  file: DatasetFile,
  frame: FrameInfo,
  { names, keypoints = noKeypoints }: Settings,
  classes: (classNumber: number) => Label,
): AsyncGenerator<{ shape: Shape; label: Label; track?: number }> {
  for await (const { text, line } of readLines(file)) {
    if (text.trim() === '') continue
    const place = { file: file.name, line }
    const { classNumber, numbers } = parseLine(text, names.length, place)
    const count = kind.countFields(numbers.length, keypoints)
    if (count === undefined) {
      throw new FormatError(`a line of ${kind.name} cannot have ${numbers.length + 1} fields`, place)
    }
    const track = numbers[count]
    if (track !== undefined && !Number.isInteger(track)) throw new FormatError('a track number must be a whole number', place)
    const label = classes(classNumber)
    const shape = kind.parse(numbers.slice(0, count), label, frame, keypoints, place)
    yield track === undefined ? { shape, label } : { shape, label, track }
  }
}
