// Reads KITTI: boxes where there are text files, else regions from the pictures of instances.

import { background } from '../colours'
import type { Finding, ReadContext } from '../format'
import { FormatError, type Place } from '../format-error'
import { readFramePicture } from '../frame-picture'
import { roundToHundredths } from '../geometry/rounding'
import { createFoundShape } from '../imported-shapes'
import type { DatasetFile, DatasetFiles } from '../io/dataset-files'
import { parseNumber, readLines } from '../io/text-lines'
import { findRegionLabel, listNumberedColours, readLabelColours } from '../label-colours-file'
import type { FrameInfo } from '../match'
import type { Label, Shape } from '../model'
import { createMaskShapes, splitByValue, yieldShapes } from '../picture-masks'
import { listNumbers } from '../png-mask'

const boxPattern = /^(?:|.*\/)label_2\/(.+)\.txt$/i
const picturePattern = /^(?:|.*\/)instance\/(.+)\.png$/i

export async function detect({ list }: DatasetFiles): Promise<boolean> {
  // With the calibration of cameras, labels are those of cuboids in space.
  if (list.some(({ name }) => /(^|\/)calib(\/[^/]+)?\.txt$/i.test(name))) return false
  return list.some(({ name }) => boxPattern.test(name) || picturePattern.test(name))
}

export async function* read(context: ReadContext): AsyncGenerator<Finding> {
  const { files, frames } = context
  const texts = files.list.filter(({ name }) => boxPattern.test(name))
  const pattern = texts.length > 0 ? boxPattern : picturePattern
  const sources = texts.length > 0 ? texts : files.list.filter(({ name }) => picturePattern.test(name))
  if (sources.length === 0) {
    throw new FormatError('Dataset must contain a file: "<subset>/label_2/*.txt" or "<subset>/instance/*.png"')
  }
  const ids = sources.map(({ name }) => pattern.exec(name)![1]!)
  frames.learnRoot(ids)
  const names = (await readLabelColours(files)) ?? listNumberedColours(context.labels.labels)
  for (const [at, file] of sources.entries()) {
    const frame = frames.match(ids[at]!, undefined, { file: file.name })
    frames.learn?.(frame, { subset: /([^/]+)\/(?:label_2|instance)\//i.exec(file.name)?.[1] })
    if (texts.length > 0) yield* readBoxes(file, frame, context)
    else
      yield* readRegions(
        file,
        frame,
        names.map(({ name }) => name),
        context,
      )
  }
}

async function* readBoxes(file: DatasetFile, frame: FrameInfo, context: ReadContext): AsyncGenerator<Finding> {
  for await (const { text, line } of readLines(file)) {
    if (text.trim() !== '') yield { kind: 'shape', shape: readBox(text.trim(), frame, context, { file: file.name, line }) }
  }
}

function readBox(text: string, frame: FrameInfo, { labels }: ReadContext, place: Place): Shape {
  const { name, fields } = splitLine(text, (known) => labels.labels.some((label) => label.name === known), place)
  const numbers = fields.map((field) => {
    const number = parseNumber(field)
    if (number === undefined) throw new FormatError(`'${field}' is not a finite number`, place)
    return number
  })
  const [truncated, occluded, , left, top, right, bottom] = numbers as [number, number, number, number, number, number, number]
  if (right < left || bottom < top) throw new FormatError('the box ends before it starts', place)
  const label = labels.get(name, place)
  const values = new Map([['truncated', nameFlag(label, 'truncated', truncated)]])
  if (numbers.length === 15) values.set('score', String(numbers[14]))
  const points = [left, top, right, bottom].map(roundToHundredths)
  return createFoundShape(label, frame, 'rectangle', points, { occluded: occluded !== 0, values })
}

/** The name, which may hold spaces, and the 14 or 15 fields behind it. */
function splitLine(text: string, isKnown: (name: string) => boolean, place: Place): { name: string; fields: string[] } {
  const ways = [15, 14].flatMap((count) => {
    const [, name, rest] = new RegExp(`^(\\S|\\S.*?\\S)((?:\\s+\\S+){${count}})$`).exec(text) ?? []
    return name === undefined || rest === undefined ? [] : [{ name, fields: rest.trim().split(/\s+/) }]
  })
  const isWord = ({ name }: { name: string }) => !/\s/.test(name)
  const way = ways.find(({ name }) => isKnown(name)) ?? ways.find(isWord)
  if (way) return way
  if (ways[0]) return ways[0]
  throw new FormatError(`15 or 16 fields are needed, there are ${text.split(/\s+/).length}`, place)
}

/** A flag as the attribute of that name takes it. */
function nameFlag({ attributes }: Label, name: string, value: number): string {
  const isNumber = attributes.some((attribute) => attribute.name === name && attribute.input_type === 'number')
  return isNumber ? String(value) : String(value !== 0)
}

async function* readRegions(
  file: DatasetFile,
  frame: FrameInfo,
  names: readonly string[],
  { labels, frames, masksToPolygons }: ReadContext,
): AsyncGenerator<Finding> {
  const picture = await readFramePicture(file, frame, frames)
  const shapes: Shape[] = []
  let group = 0
  for (const { value, mask } of splitByValue(listNumbers(picture, file.name), picture.width, file.name)) {
    const name = names[value >> 8]
    if (name === undefined)
      throw new FormatError(`the value ${value} names no label: there are ${names.length}`, { file: file.name })
    const label = name === background ? undefined : findRegionLabel(labels, name)
    if (!label) continue
    const values = new Map([['is_crowd', String((value & 255) === 0)]])
    shapes.push(...createMaskShapes(mask, { frame: frame.frame, label, masksToPolygons, group: ++group, values }))
  }
  yield* yieldShapes(shapes)
}
