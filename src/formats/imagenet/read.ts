// Reads ImageNet in both of its forms.

import type { Finding, ReadContext } from '../format'
import { FormatError } from '../format-error'
import { noLabel } from '../image-tags'
import { createFoundTag } from '../imported-shapes'
import type { DatasetFile, DatasetFiles } from '../io/dataset-files'
import { readLines } from '../io/text-lines'
import { dropExtension } from '../match'

const missing = 'Dataset must contain a file: "synsets.txt" with lists of images, or "<label>/<image>"'

const synsetsName = 'synsets.txt'
const isList = ({ name }: DatasetFile) => /^[^/]+\.txt$/i.test(name)
const isPicture = ({ name }: DatasetFile) => /^[^/]+\/.+\.(jpe?g|png|bmp|gif|tiff?|webp|jfif|jp2|ppm|pgm)$/i.test(name)

/** Lists are told by their name; folders of pictures look alike in too many formats, so only archives of nothing else count. */
export async function detect(files: DatasetFiles): Promise<boolean> {
  if (files.bare) return false
  if (files.get(synsetsName)) return true
  return files.list.length > 0 && files.list.every(isPicture)
}

export async function* read(context: ReadContext): AsyncGenerator<Finding> {
  const { files } = context
  const lists = files.list.filter(isList)
  if (lists.length > 0) {
    const synsets = files.get(synsetsName)
    if (!synsets) throw new FormatError(`Dataset must contain a file: "${synsetsName}"`)
    const names: string[] = []
    for await (const { text } of readLines(synsets)) if (text.trim() !== '') names.push(text.trim())
    for (const file of lists) if (file !== synsets) yield* readList(file, names, context)
    return
  }
  const pictures = files.list.filter(isPicture)
  if (pictures.length === 0) throw new FormatError(missing)
  yield* readFolders(pictures, context)
}

/** `<file> <label number> …`, the name in quotes when it holds spaces. */
async function* readList(file: DatasetFile, names: readonly string[], { frames, labels }: ReadContext): AsyncGenerator<Finding> {
  for await (const { text, line } of readLines(file)) {
    if (text.trim() === '') continue
    const fields = /^\s*(?:"([^"]*)"(\S*)|(\S+))((?:\s+\S+)*)\s*$/.exec(text)
    if (!fields) throw new FormatError('an image name and label numbers are needed', { file: file.name, line })
    const [, quoted, extension = '', plain = '', rest = ''] = fields
    const frame = frames.match(quoted === undefined ? plain : quoted + extension, undefined, { file: file.name, line })
    frames.learn?.(frame, { subset: file.name.replace(/\.txt$/i, '') })
    for (const field of rest.split(/\s+/).filter(Boolean)) {
      const name = /^\d{1,9}$/.test(field) ? names[Number(field)] : undefined
      if (name === undefined) throw new FormatError(`there is no label number '${field}'`, { file: file.name, line })
      yield createFoundTag(labels.get(name), frame)
    }
  }
}

/** A frame is called `<label>/<name>`, or just `<name>` when that is the only way to find it. */
function* readFolders(pictures: readonly DatasetFile[], { frames, labels }: ReadContext): Generator<Finding> {
  for (const { name } of pictures) {
    const slash = name.indexOf('/')
    const folder =
      findFolder(
        name,
        labels.labels.map((label) => label.name),
      ) ?? name.slice(0, slash)
    const frame = frames.find(dropExtension(name)) ?? frames.match(name.slice(folder.length + 1))
    if (folder !== noLabel) yield createFoundTag(labels.get(folder), frame)
  }
}

/** Names of labels may hold slashes. */
function findFolder(name: string, folders: readonly string[]): string | undefined {
  return folders.find((folder) => name.startsWith(`${folder}/`))
}
