// Reads Market-1501 from its lists, or from the pictures themselves.

import type { Finding, ReadContext } from '../format'
import { FormatError } from '../format-error'
import { createFoundTag } from '../imported-shapes'
import type { DatasetFile, DatasetFiles } from '../io/dataset-files'
import { readLines } from '../io/text-lines'
import { dropExtension } from '../match'
import { marketLabel, parsePersonName } from './file-name'

const isList = ({ name }: DatasetFile) => /^images_[^/]+\.txt$/i.test(name)
const isPicture = ({ name }: DatasetFile) => /^(bounding_box_[^/]+|query)\/.+\.(jpe?g|png|bmp|gif|tiff?|webp)$/i.test(name)

export async function detect(files: DatasetFiles): Promise<boolean> {
  return files.list.some((file) => isPicture(file)) || (!files.bare && files.list.length > 0 && files.list.every(isList))
}

export async function* read(context: ReadContext): AsyncGenerator<Finding> {
  const { files } = context
  const [lists, pictures] = [files.list.filter(isList), files.list.filter(isPicture)]
  if (lists.length === 0 && pictures.length === 0) {
    throw new FormatError('Dataset must contain a file: "images_*.txt", "bounding_box_*/<image>" or "query/<image>"')
  }
  if (lists.length === 0) {
    for (const { name } of pictures) yield* readPath(name, context)
    return
  }
  for (const file of lists) {
    for await (const { text, line } of readLines(file)) {
      const path = text.trim()
      if (path === '') continue
      if (!path.includes('/')) throw new FormatError(`'${path}' lies in no folder`, { file: file.name, line })
      yield* readPath(path, context)
    }
  }
}

/** `<folder>/<name>`; only names that tell the person make a tag. */
function* readPath(path: string, { frames, labels }: ReadContext): Generator<Finding> {
  const slash = path.indexOf('/')
  const id = dropExtension(path.slice(slash + 1))
  const base = id.slice(id.lastIndexOf('/') + 1)
  const person = parsePersonName(base)
  const ownName = person?.rest ? id.slice(0, id.length - base.length) + person.rest : id
  const frame =
    frames.find(path.slice(slash + 1)) ?? frames.find(ownName) ?? frames.find(id) ?? frames.miss(id, undefined, ownName)
  if (!person) return
  const { rest: _, ...values } = person
  const texts = Object.entries(values).map(([name, value]) => [name, String(value)] as const)
  yield createFoundTag(labels.get(marketLabel), frame, new Map([...texts, ['query', String(path.startsWith('query/'))]]))
}
