// Reads ICDAR Recognition.

import type { Finding, ReadContext } from '../format'
import { FormatError } from '../format-error'
import { createFoundTag } from '../imported-shapes'
import type { DatasetFiles } from '../io/dataset-files'
import { readLines } from '../io/text-lines'
import { icdarLabel, subsetFolder, unquote } from './words'

const listPattern = /^(?:.*\/)?gt\.txt$/i
/** MOT has a file of the same name. */
const foreignPattern = /(?:^|\/)gt\/gt\.txt$/i

export async function detectRecognition(files: DatasetFiles): Promise<boolean> {
  return files.list.some(({ name }) => listPattern.test(name) && !foreignPattern.test(name))
}

export async function* readRecognition({ files, labels, frames }: ReadContext): AsyncGenerator<Finding> {
  const lists = files.list.filter(({ name }) => listPattern.test(name))
  if (lists.length === 0) throw new FormatError('Dataset must contain a file: "<subset>/gt.txt"')
  for (const file of lists) {
    for await (const { text, line } of readLines(file)) {
      if (text.trim() === '') continue
      const fields = splitLine(text)
      if (!fields) throw new FormatError('an image name, a comma and the text are needed', { file: file.name, line })
      const frame = frames.match(fields.name, undefined, { file: file.name, line })
      frames.learn?.(frame, { subset: subsetFolder(file.name) })
      for (const word of fields.words) yield createFoundTag(labels.get(icdarLabel), frame, new Map([['text', word]]))
    }
  }
}

/** `name, "word""word"`, or `name, word`, or `name,` alone. */
function splitLine(text: string): { name: string; words: string[] } | undefined {
  const line = text.trim()
  const quote = line.search(/,\s*"/)
  const comma = quote >= 0 ? quote : line.endsWith(',') ? line.length - 1 : line.indexOf(', ')
  if (comma < 1) return undefined
  const rest = line
    .slice(comma + 1)
    .trim()
    .replaceAll('\\', '')
  const name = line.slice(0, comma)
  if (rest === '') return { name, words: [] }
  return { name, words: quote >= 0 ? unquote(rest).split('""') : [rest] }
}
