// Reads Open Images: class names, then tags, boxes and masks row by row.

import type { Finding, ReadContext } from '../format'
import { FormatError } from '../format-error'
import { readFramePicture } from '../frame-picture'
import { roundToHundredths } from '../geometry/rounding'
import { createFoundShape, createFoundTag } from '../imported-shapes'
import { type CsvRow, readCsv, splitCsvLine } from '../io/csv'
import type { DatasetFile, DatasetFiles } from '../io/dataset-files'
import { readLines } from '../io/text-lines'
import type { FrameInfo } from '../match'
import type { Label } from '../model'
import { createMaskShapes, cropPixels } from '../picture-masks'
import { listMarkedPixels } from '../png-mask'
import { boxColumns, flagColumns, sideColumns } from './columns'

const classPattern = /^(?:.*\/)?(?:oidv\d+-)?class-descriptions[^/]*\.csv$/i
const tables = {
  images: /(?:images-with-rotation|image_ids_and_rotation)[^/]*\.csv$/i,
  tags: /-annotations-(?:human|machine)-imagelabels[^/]*\.csv$/i,
  boxes: /-annotations-bbox\.csv$/i,
  masks: /-annotations-object-segmentation\.csv$/i,
}

export async function detect(files: DatasetFiles): Promise<boolean> {
  return files.list.some(({ name }) => classPattern.test(name))
}

/** What the rows are read with. */
type Reading = ReadContext & {
  names: Map<string, string>
  /** Group of the masks and boxes of an image that share sides. */
  groups: Map<string, number>
  /** The last group number of each frame. */
  lastGroups: Map<number, number>
}

export async function* read(context: ReadContext): AsyncGenerator<Finding> {
  const { list } = context.files
  const classes = list.find(({ name }) => classPattern.test(name))
  if (!classes) throw new FormatError('Dataset must contain a file: "annotations/class-descriptions.csv"')
  const select = (pattern: RegExp) => list.filter(({ name }) => pattern.test(name))
  const [tags, boxes, masks] = [select(tables.tags), select(tables.boxes), select(tables.masks)]
  const images = select(tables.images)
  if (tags.length + boxes.length + masks.length + images.length === 0) {
    throw new FormatError('Dataset must contain a file: "annotations/*-images-with-rotation.csv" or a table of annotations')
  }
  const reading: Reading = { ...context, names: await readNames(classes), groups: new Map(), lastGroups: new Map() }
  for (const file of images) await matchImages(file, context)
  for (const file of tags) yield* readTags(file, reading)
  for (const file of masks) yield* readMasks(file, reading)
  for (const file of boxes) yield* readBoxes(file, reading)
}

/** Names shown to people by the names used in the tables; some files have a header. */
async function readNames(file: DatasetFile): Promise<Map<string, string>> {
  const names = new Map<string, string>()
  for await (const { text, line } of readLines(file)) {
    if (text.trim() === '') continue
    const [key, name, ...rest] = splitCsvLine(text) ?? []
    if (key === undefined || name === undefined || rest.length > 0) {
      throw new FormatError('two columns are needed: a name in the tables and one for people', { file: file.name, line })
    }
    if (line > 1 || key !== 'LabelName' || name !== 'DisplayName') names.set(key, name)
  }
  return names
}

/** Every image must have its frame. */
async function matchImages(file: DatasetFile, { frames }: ReadContext): Promise<void> {
  const ids: string[] = []
  for await (const row of readCsv(file, ['ImageID'])) ids.push(row.get('ImageID'))
  frames.learnRoot(ids)
  const subset = baseName(file.name).replace(/-(images|annotations).*$/i, '')
  for (const id of ids) frames.learn?.(frames.match(id, undefined, { file: file.name }), { subset })
}

function resolveRow(row: CsvRow, { frames, labels, names }: Reading): { frame: FrameInfo; label: Label } {
  const key = row.get('LabelName')
  const name = names.get(key)
  if (name === undefined) throw row.fail('LabelName', `'${key}' is not among the class descriptions`)
  return { frame: frames.match(row.get('ImageID'), undefined, row.place), label: labels.get(name, row.place) }
}

/** Values of the attribute `score`, for labels that have it. */
function readScore(row: CsvRow): number {
  return row.get('Confidence') === '' ? 1 : row.getNumber('Confidence')
}

async function* readTags(file: DatasetFile, reading: Reading): AsyncGenerator<Finding> {
  for await (const row of readCsv(file, ['ImageID', 'LabelName'])) {
    const { frame, label } = resolveRow(row, reading)
    const score = readScore(row)
    // Without confidence a row says that the label is absent.
    if (score === 0 && !label.attributes.some(({ name }) => name === 'score')) continue
    yield createFoundTag(label, frame, new Map([['score', String(score)]]))
  }
}

/** Sides that name a box, alike for its own row and for the rows of masks. */
function keySides(row: CsvRow, columns: readonly string[]): string {
  return [row.get('ImageID'), ...columns.map((column) => row.getNumber(column))].join('|')
}

async function* readBoxes(file: DatasetFile, reading: Reading): AsyncGenerator<Finding> {
  for await (const row of readCsv(file, boxColumns.slice(0, 1).concat('LabelName', sideColumns))) {
    const { frame, label } = resolveRow(row, reading)
    const [left, right, top, bottom] = sideColumns.map(row.getNumber) as [number, number, number, number]
    if (right < left || bottom < top) throw row.fail(right < left ? 'XMax' : 'YMax', 'width and height must not be negative')
    const values = new Map([['score', String(readScore(row))]])
    for (const [column, attribute] of flagColumns) {
      const flag = row.get(column).trim()
      if (flag === '0' || flag === '1') values.set(attribute, String(flag === '1'))
      else if (flag !== '' && flag !== '-1') throw row.fail(column, `'${flag}' is neither 1, 0 nor -1`)
    }
    const points = [left * frame.width, top * frame.height, right * frame.width, bottom * frame.height].map(roundToHundredths)
    const group = reading.groups.get(keySides(row, sideColumns)) ?? 0
    const occluded = values.get('occluded') === 'true'
    yield { kind: 'shape', shape: createFoundShape(label, frame, 'rectangle', points, { values, occluded, group }) }
  }
}

async function* readMasks(file: DatasetFile, reading: Reading): AsyncGenerator<Finding> {
  const pictures = new Map(reading.files.list.filter(({ name }) => /\.png$/i.test(name)).map((one) => [baseName(one.name), one]))
  const boxSides = sideColumns.map((side) => `Box${side}`)
  for await (const row of readCsv(file, ['MaskPath', 'ImageID', 'LabelName'])) {
    const { frame, label } = resolveRow(row, reading)
    const picture = pictures.get(baseName(row.get('MaskPath')))
    if (!picture) throw row.fail('MaskPath', `Dataset must contain a file: "masks/${row.get('MaskPath')}"`)
    const pixels = await readFramePicture(picture, frame, reading.frames)
    const mask = cropPixels(listMarkedPixels(pixels), pixels.width)
    if (!mask) continue
    const hasBox = boxSides.every((column) => row.get(column).trim() !== '')
    const key = hasBox ? keySides(row, boxSides) : undefined
    const values = new Map(row.get('BoxID') === '' ? [] : [['box_id', row.get('BoxID')]])
    const options = { frame: frame.frame, label, masksToPolygons: reading.masksToPolygons, values }
    const shapes = createMaskShapes(mask, { ...options, group: 0 })
    const group = (key && reading.groups.get(key)) || (key || shapes.length > 1 ? nextGroup(frame, reading) : 0)
    if (key) reading.groups.set(key, group)
    for (const shape of shapes) yield { kind: 'shape', shape: { ...shape, group } }
  }
}

function nextGroup({ frame }: FrameInfo, { lastGroups }: Reading): number {
  const group = (lastGroups.get(frame) ?? 0) + 1
  lastGroups.set(frame, group)
  return group
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
