// Reads ICDAR Localization, our own files and the official ones.

import type { Finding, ReadContext } from '../format'
import { FormatError } from '../format-error'
import { roundToHundredths } from '../geometry/rounding'
import { createFoundShape } from '../imported-shapes'
import type { DatasetFiles } from '../io/dataset-files'
import { parseNumber, readLines } from '../io/text-lines'
import type { ShapeType } from '../model'
import { icdarLabel, subsetFolder, unquote } from './words'

const filePattern = /^(?:[^/]+\/)?((?:.*\/)?)gt_([^/]+)\.txt$/

export async function detectLocalization(files: DatasetFiles): Promise<boolean> {
  return files.list.some(({ name }) => filePattern.test(name))
}

export async function* readLocalization({ files, labels, frames }: ReadContext): AsyncGenerator<Finding> {
  const sources = files.list.filter(({ name }) => filePattern.test(name))
  if (sources.length === 0) throw new FormatError('Dataset must contain a file: "<subset>/gt_<image>.txt"')
  const names = sources.map(({ name }) => name.replace(filePattern, '$1$2'))
  frames.learnRoot(names)
  for (const [at, file] of sources.entries()) {
    const frame = frames.match(names[at]!, undefined, { file: file.name })
    frames.learn?.(frame, { subset: subsetFolder(file.name) })
    for await (const { text, line } of readLines(file)) {
      if (text.trim() === '') continue
      const fail = (reason: string) => new FormatError(reason, { file: file.name, line })
      const { type, points, word } = parseLine(text.trim().replace(/^\ufeff/, ''), fail)
      const values = new Map(word === undefined ? [] : [['text', word]])
      yield { kind: 'shape', shape: createFoundShape(labels.get(icdarLabel), frame, type, points, { values }) }
    }
  }
}

type Word = { type: ShapeType; points: number[]; word?: string }

/** Four numbers are a box, more are a polygon; then the word, with or without quotes. */
function parseLine(text: string, fail: (reason: string) => FormatError): Word {
  const quote = text.search(/[\s,]"/)
  const fields = (quote >= 0 ? text.slice(0, quote) : text).split(/\s*,\s*|\s+/).filter(Boolean)
  const word = quote >= 0 ? unquote(text.slice(quote + 1).trim()) : undefined
  const count = quote >= 0 ? fields.length : countNumbers(fields, text.includes(','))
  const points = fields.slice(0, count).map((field) => {
    const number = parseNumber(field)
    if (number === undefined) throw fail(`'${field}' is not a finite number`)
    return roundToHundredths(number)
  })
  if (points.length !== 4 && (points.length < 6 || points.length % 2 !== 0)) {
    throw fail(`4 numbers of a box or the points of a polygon are needed, not ${points.length} numbers`)
  }
  const rest = quote >= 0 || count === fields.length ? word : dropFields(text, count)
  return { type: points.length === 4 ? 'rectangle' : 'polygon', points, ...(rest !== undefined && { word: rest }) }
}

/** Without quotes, words may look like numbers: only decimals go on behind the usual four points of a polygon. */
function countNumbers(fields: readonly string[], hasCommas: boolean): number {
  const isNumber = (field: string | undefined) => parseNumber(field) !== undefined
  if (fields.every((field) => isNumber(field) && field.includes('.'))) return fields.length
  const least = hasCommas && fields.slice(0, 8).filter(isNumber).length === 8 ? 8 : 4
  return fields.length === 6 && fields.every(isNumber) ? 6 : least
}

/** What follows the first fields, as it is written. */
function dropFields(text: string, count: number): string {
  return text.replace(new RegExp(`^\\s*(?:[^\\s,]+(?:\\s*,\\s*|\\s+|$)){${count}}`), '')
}
