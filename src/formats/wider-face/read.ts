// Reads WiderFace's lists: names of pictures, each followed by the number of its boxes and the boxes.

import type { Finding, ReadContext } from '../format'
import { FormatError } from '../format-error'
import { roundToHundredths } from '../geometry/rounding'
import { noLabel } from '../image-tags'
import { createFoundShape, createFoundTag } from '../imported-shapes'
import type { DatasetFile, DatasetFiles } from '../io/dataset-files'
import { parseNumber, readLines, type TextLine } from '../io/text-lines'
import type { FrameInfo } from '../match'
import type { Label } from '../model'
import { faceAttributes, faceLabel } from './fields'

const listPattern = /(?:^|\/)wider_face_split\/wider_face_[^/]*_bbx_gt\.txt$/i

export async function detect(files: DatasetFiles): Promise<boolean> {
  return files.list.some(({ name }) => listPattern.test(name))
}

export async function* read(context: ReadContext): AsyncGenerator<Finding> {
  const lists = context.files.list.filter(({ name }) => listPattern.test(name))
  if (lists.length === 0) throw new FormatError('Dataset must contain a file: "wider_face_split/wider_face_*_bbx_gt.txt"')
  for (const file of lists) yield* readList(file, context)
}

/** A picture's name ends with an extension of pictures; a line of numbers only is a count or a box. */
const isNumeric = (text: string) => /^[\d\s.+-]+$/.test(text)

async function* readList(file: DatasetFile, context: ReadContext): AsyncGenerator<Finding> {
  let frame: FrameInfo | undefined
  let left = 0
  for await (const line of readLines(file)) {
    const text = line.text.trim()
    if (text === '') continue
    if (left > 0) {
      left--
      const box = readBox(line, file, frame!, context)
      if (box) yield box
    } else if (isNumeric(text) && frame) {
      left = readCount(text, line, file)
    } else if (/^(-?[\d.]+\s+){3}-?[\d.]+(\s|$)/.test(text)) {
      throw new FormatError('more boxes than announced, or boxes without an image', { file: file.name, line: line.line })
    } else {
      const found = matchPicture(text, context)
      frame = found.frame
      context.frames.learn?.(frame, { subset: /wider_face_([^/]*)_bbx_gt/i.exec(file.name)?.[1] })
      if (found.label) yield createFoundTag(found.label, frame)
    }
  }
  if (left > 0) throw new FormatError(`${left} boxes are missing at the end`, { file: file.name })
}

function readCount(text: string, { line }: TextLine, file: DatasetFile): number {
  const count = parseNumber(text)
  if (count === undefined || !Number.isInteger(count) || count < 0 || count > 1e7) {
    throw new FormatError(`'${text}' is not a number of boxes`, { file: file.name, line })
  }
  return count
}

/** `<number>--<label>/<file>` has a tag, `no_label/<file>` and others have none. */
function matchPicture(path: string, { frames, labels }: ReadContext): { frame: FrameInfo; label?: Label } {
  const [, folder, file] = /^(\d+--[^/]*(?=\/)|no_label(?=\/))\/(.+)$/.exec(path) ?? []
  if (folder === undefined || file === undefined) return { frame: frames.match(path) }
  // Labels may hold slashes; the longest label of the task that fits is meant.
  const rest = path.slice(path.indexOf('--') + 2)
  const known = labels.labels.filter(({ name }) => rest.startsWith(`${name}/`)).sort((a, b) => b.name.length - a.name.length)[0]
  if (folder === noLabel) return { frame: frames.find(file) ?? frames.find(path) ?? frames.miss(path, undefined, file) }
  const label = known ?? labels.get(folder.slice(folder.indexOf('--') + 2))
  const own = rest.slice(label.name.length + 1)
  return { frame: frames.find(own) ?? frames.find(path) ?? frames.miss(path, undefined, own), label }
}

/** `x y w h`, then maybe six values of attributes, then maybe a label. */
function readBox({ text, line }: TextLine, file: DatasetFile, frame: FrameInfo, { labels }: ReadContext): Finding | undefined {
  const fields = text.trim().split(/\s+/)
  const fail = (reason: string) => new FormatError(reason, { file: file.name, line })
  const [x, y, width, height] = fields.slice(0, 4).map(parseNumber)
  if (x === undefined || y === undefined || width === undefined || height === undefined) {
    throw fail('four finite numbers are needed for a box')
  }
  if (width < 0 || height < 0) throw fail('width and height must not be negative')
  // A picture without faces is announced with one box of zeros.
  if (width === 0 && height === 0) return undefined
  const hasAttributes = fields.length >= 10
  const name = text.trim().replace(new RegExp(`^(\\S+(\\s+|$)){${hasAttributes ? 10 : 4}}`), '')
  if (!hasAttributes && fields.length > 5 && !labels.labels.some((label) => label.name === name)) {
    throw fail(`4, 5, 10 or 11 fields are needed, not ${fields.length}`)
  }
  const label = labels.get(name || faceLabel)
  const values = new Map<string, string>()
  for (const [at, attribute] of faceAttributes.entries()) {
    const value = fields[4 + at]
    if (hasAttributes && value !== undefined && value !== '-') values.set(attribute, spellValue(label, attribute, value))
  }
  const points = [x, y, x + width, y + height].map(roundToHundredths)
  const occluded = /^(true|[1-9]\d*)$/i.test(hasAttributes ? fields[7]! : '')
  return { kind: 'shape', shape: createFoundShape(label, frame, 'rectangle', points, { values, occluded }) }
}

/** The official lists write 0 and 1 where checkboxes want words. */
function spellValue(label: Label, name: string, value: string): string {
  const isCheckbox = label.attributes.some((attribute) => attribute.name === name && attribute.input_type === 'checkbox')
  return isCheckbox && (value === '0' || value === '1') ? String(value === '1') : value
}
