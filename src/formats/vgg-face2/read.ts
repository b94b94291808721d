// Reads VGGFace2's tables.

import type { Finding, ReadContext } from '../format'
import { FormatError } from '../format-error'
import { roundToHundredths } from '../geometry/rounding'
import { noLabel } from '../image-tags'
import { createFoundShape, createFoundTag } from '../imported-shapes'
import { type CsvRow, readCsv } from '../io/csv'
import type { DatasetFile, DatasetFiles } from '../io/dataset-files'
import { readLines } from '../io/text-lines'
import type { FrameInfo } from '../match'
import type { Label } from '../model'
import { boxColumns, landmarkColumns } from './columns'

const boxPattern = /(?:^|\/)bb_landmark\/loose_bb_[^/]*\.csv$/i
const landmarkPattern = /(?:^|\/)bb_landmark\/loose_landmark_[^/]*\.csv$/i

export async function detect(files: DatasetFiles): Promise<boolean> {
  return files.list.some(({ name }) => landmarkPattern.test(name))
}

export async function* read(context: ReadContext): AsyncGenerator<Finding> {
  const { files } = context
  const tables = files.list.filter(({ name }) => boxPattern.test(name) || landmarkPattern.test(name))
  if (!tables.some(({ name }) => landmarkPattern.test(name))) {
    throw new FormatError('Dataset must contain a file: "bb_landmark/loose_landmark_*.csv"')
  }
  const names = await readNames(files)
  for (const file of tables) {
    const isBox = boxPattern.test(file.name)
    for await (const row of readCsv(file, isBox ? boxColumns : landmarkColumns)) {
      const { frame, label } = matchRow(row, file, names, context)
      context.frames.learn?.(frame, { subset: /loose_(?:bb|landmark)_([^/]*)\.csv$/i.exec(file.name)?.[1] })
      const finding = isBox ? readBox(row, label, frame) : readLandmarks(row, label, frame)
      if (finding) yield finding
    }
  }
}

/** Names of labels, which may hold slashes; longer ones first. */
async function readNames({ list }: DatasetFiles): Promise<string[]> {
  const file = list.find(({ name }) => /(?:^|\/)labels\.txt$/i.test(name))
  const names: string[] = []
  if (file) for await (const { text } of readLines(file)) if (text.trim() !== '') names.push(text.trim())
  return names.sort((a, b) => b.length - a.length)
}

/** `<label>/<id>`; the folder is dropped from the name of the frame unless that is all there is. */
function matchRow(
  row: CsvRow,
  file: DatasetFile,
  names: readonly string[],
  { frames, labels }: ReadContext,
): { frame: FrameInfo; label: Label | undefined } {
  const nameId = row.get('NAME_ID')
  const slash = nameId.indexOf('/')
  const folder = names.find((name) => nameId.startsWith(`${name}/`)) ?? nameId.slice(0, Math.max(slash, 0))
  const id = folder === '' ? nameId : nameId.slice(folder.length + 1)
  if (id === '') throw new FormatError('the name of an image is needed', { file: file.name, line: row.line, field: 'NAME_ID' })
  return {
    frame: frames.find(id) ?? frames.find(nameId) ?? frames.miss(nameId, row.place, id),
    label: folder && folder !== noLabel ? labels.get(folder) : undefined,
  }
}

function readBox(row: CsvRow, label: Label | undefined, frame: FrameInfo): Finding {
  if (!label) throw row.fail('NAME_ID', 'a box needs a label as its folder')
  const [x, y, width, height] = boxColumns.slice(1).map(row.getNumber) as [number, number, number, number]
  if (width < 0 || height < 0) throw row.fail('W', 'width and height must not be negative')
  const points = [x, y, x + width, y + height].map(roundToHundredths)
  return { kind: 'shape', shape: createFoundShape(label, frame, 'rectangle', points) }
}

/** Empty cells are a tag, or nothing when there is no label. */
function readLandmarks(row: CsvRow, label: Label | undefined, frame: FrameInfo): Finding | undefined {
  const columns = landmarkColumns.slice(1)
  if (columns.every((column) => row.get(column).trim() === '')) return label && createFoundTag(label, frame)
  if (!label) throw row.fail('NAME_ID', 'points need a label as their folder')
  const points = columns.map((column) => roundToHundredths(row.getNumber(column)))
  return { kind: 'shape', shape: createFoundShape(label, frame, 'points', points) }
}
