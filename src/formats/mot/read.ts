// Reads the MOT table: rows with a track number become tracks with a key frame each, others plain boxes.

import type { Finding, ReadContext } from '../format'
import { FormatError, type Place } from '../format-error'
import { roundToHundredths } from '../geometry/rounding'
import { createFoundShape } from '../imported-shapes'
import { createTrackCollector } from '../imported-tracks'
import type { DatasetFile, DatasetFiles } from '../io/dataset-files'
import { parseNumber, readLines } from '../io/text-lines'
import { dropExtension, type FrameInfo, type FrameLookup } from '../match'
import type { Attribute, Label } from '../model'

/** The classes of the MOT challenge, for archives without `labels.txt`. */
const officialNames = [
  'pedestrian',
  'person on vehicle',
  'car',
  'bicycle',
  'motorbike',
  'non motorized vehicle',
  'static person',
  'distractor',
  'occluder',
  'occluder on the ground',
  'occluder full',
  'reflection',
]

const fieldCounts = [7, 9, 10]

export async function detect(files: DatasetFiles): Promise<boolean> {
  return findTable(files) !== undefined
}

function findTable({ list }: DatasetFiles): DatasetFile | undefined {
  return list.find(({ name }) => /(^|\/)gt\/gt\.txt$/.test(name))
}

export async function* read(context: ReadContext): AsyncGenerator<Finding> {
  const { files, frames } = context
  const table = findTable(files)
  if (!table) throw new FormatError('Dataset must contain a file: "gt/gt.txt"')
  const names = await readNames(files.get(table.name.replace(/gt\.txt$/, 'labels.txt')))
  const findFrame = await createFrameFinder(table, frames)
  const tracks = createTrackCollector(frames)
  const seen = new Set<string>()
  for await (const { text, line } of readLines(table)) {
    if (text.trim() === '') continue
    const place = { file: table.name, line }
    const numbers = parseRow(text, place)
    const [, track, left, top, width, height, confidence] = numbers as [number, number, number, number, number, number, number]
    if (width < 0 || height < 0) throw new FormatError('width and height must not be negative', place)
    const frame = findFrame(numbers[0]!, place)
    const label = findLabel(context, names, numbers.length === 9 ? numbers[7]! : -1, place)
    const visibility = numbers.length === 9 ? numbers[8]! : 1
    const points = [left, top, left + width, top + height].map(roundToHundredths)
    const values = createValues(label, confidence, visibility)
    const shape = createFoundShape(label, frame, 'rectangle', points, { occluded: visibility === 0, values })
    if (track > 0) {
      const key = `${track}/${label.id}`
      if (seen.has(`${key}/${frame.frame}`)) throw new FormatError(`track ${track} is on this frame already`, place)
      seen.add(`${key}/${frame.frame}`)
      tracks.add(key, label, { shape, keyframe: true })
    } else yield { kind: 'shape', shape }
  }
  yield* tracks.list()
}

function parseRow(text: string, place: Place): number[] {
  const fields = text.trim().split(',')
  if (!fieldCounts.includes(fields.length)) {
    throw new FormatError(`7, 9 or 10 fields are needed, there are ${fields.length}`, place)
  }
  return fields.map((field) => {
    const number = parseNumber(field)
    if (number === undefined) throw new FormatError(`'${field}' is not a finite number`, place)
    return number
  })
}

async function readNames(file: DatasetFile | undefined): Promise<readonly string[]> {
  if (!file) return officialNames
  const names: string[] = []
  for await (const { text } of readLines(file)) if (text.trim() !== '') names.push(text.trim())
  return names
}

/**
 * Frames count from 1 in the order of the task. Where all frames are named by numbers, and the table uses only these, the numbers
 * are the names, as the export writes them.
 */
async function createFrameFinder(table: DatasetFile, lookup: FrameLookup): Promise<(frame: number, place: Place) => FrameInfo> {
  const { frames } = lookup
  const ids = frames.map(({ name }) => dropExtension(name))
  const byNumber = new Map(frames.map((frame, at) => [Number(ids[at]), frame]))
  let usesNames = byNumber.size === frames.length && ids.every((id) => /^\d{1,15}$/.test(id))
  if (usesNames) {
    for await (const { text } of readLines(table)) {
      if (text.trim() !== '' && !byNumber.has(Number(text.split(',', 1)[0]))) usesNames = false
    }
  }
  return (number, place) => {
    return (usesNames ? byNumber.get(number) : frames[number - 1]) ?? lookup.miss(String(number), place)
  }
}

function findLabel({ labels }: ReadContext, names: readonly string[], classNumber: number, place: Place): Label {
  if (classNumber === -1) {
    const [only, ...others] = labels.labels
    if (only && others.length === 0) return only
    throw new FormatError('the row has no class, and the task more than one label', place)
  }
  const name = names[classNumber - 1]
  if (name === undefined) throw new FormatError(`class ${classNumber} is not declared: there are ${names.length}`, place)
  return labels.get(name, place)
}

function createValues({ attributes }: Label, confidence: number, visibility: number): Map<string, string> {
  const isCheckbox = (name: string) => attributes.some((one: Attribute) => one.name === name && one.input_type === 'checkbox')
  return new Map([
    ['ignored', String(confidence === 0)],
    ['visibility', isCheckbox('visibility') ? String(visibility !== 0) : String(visibility)],
  ])
}
