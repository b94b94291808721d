// Reads YOLO 1.1: obj.data names the lists of pictures, and beside each picture lies the text file with its boxes.

import type { Finding, ReadContext } from '../format'
import { FormatError } from '../format-error'
import { createFoundShape } from '../imported-shapes'
import type { DatasetFile, DatasetFiles } from '../io/dataset-files'
import { readLines } from '../io/text-lines'
import { dropExtension, type FrameInfo } from '../match'
import type { Label } from '../model'
import { parseLine, readBox } from './lines'
import { reservedKeys } from './write'

export async function detect(files: DatasetFiles): Promise<boolean> {
  return !files.bare && findHead(files) !== undefined
}

/** The nearest `obj.data`: an archive may lie in an enclosing folder. */
function findHead({ list }: DatasetFiles): DatasetFile | undefined {
  const depth = ({ name }: DatasetFile) => name.split('/').length
  return list.filter(({ name }) => /(^|\/)obj\.data$/.test(name)).sort((a, b) => depth(a) - depth(b))[0]
}

export async function* read(context: ReadContext): AsyncGenerator<Finding> {
  const head = findHead(context.files)
  if (!head) throw new FormatError('Dataset must contain a file: "obj.data"')
  const resolve = createResolver(context.files, head.name.slice(0, -'obj.data'.length))
  const settings = await readSettings(head)
  const namesPath = settings.get('names') ?? 'obj.names'
  const names = resolve(namesPath)
  if (!names) throw new FormatError(`Dataset must contain a file: "${namesPath}"`)
  const classes: Label[] = []
  const classNames: string[] = []
  for await (const { text } of readLines(names)) if (text.trim() !== '') classNames.push(text.trim())
  const subsets = [...settings].filter(([key]) => !reservedKeys.includes(key))
  if (subsets.length === 0) throw new FormatError('The file names no list of pictures', { file: head.name })
  for (const [subset, path] of subsets) {
    const list = resolve(path)
    if (!list) throw new FormatError(`Dataset must contain a file: "${path}"`)
    await learnRoot(list, context)
    for await (const { text, line } of readLines(list)) {
      if (text.trim() === '') continue
      const picture = normalisePath(text)
      const frame = context.frames.match(nameItem(picture), undefined, { file: list.name, line })
      context.frames.learn?.(frame, { subset })
      const labels = resolve(`${dropExtension(picture)}.txt`)
      if (labels) yield* readBoxes(labels, frame, classNames, classes, context)
    }
  }
}

async function* readBoxes(
  file: DatasetFile,
  frame: FrameInfo,
  classNames: readonly string[],
  classes: Label[],
  { labels }: ReadContext,
): AsyncGenerator<Finding> {
  for await (const { text, line } of readLines(file)) {
    if (text.trim() === '') continue
    const place = { file: file.name, line }
    const { classNumber, numbers } = parseLine(text, classNames.length, place)
    if (numbers.length !== 4) throw new FormatError(`five fields are needed, there are ${numbers.length + 1}`, place)
    classes[classNumber] ??= labels.get(classNames[classNumber]!, place)
    const points = readBox(numbers, frame, place)
    yield { kind: 'shape', shape: createFoundShape(classes[classNumber], frame, 'rectangle', points) }
  }
}

async function readSettings(head: DatasetFile): Promise<Map<string, string>> {
  const settings = new Map<string, string>()
  for await (const { text, line } of readLines(head)) {
    if (text.trim() === '' || text.trim().startsWith('#')) continue
    const [, key, value] = /^\s*([^=]+?)\s*=\s*(.*?)\s*$/.exec(text) ?? []
    if (key === undefined || value === undefined) throw new FormatError("'key = value' is needed", { file: head.name, line })
    settings.set(key, value)
  }
  return settings
}

/** Finds files by the paths that Darknet's files hold; their first folder `data` is often not there. */
function createResolver(files: DatasetFiles, folder: string): (path: string) => DatasetFile | undefined {
  return (path) => {
    const normal = normalisePath(path)
    return files.get(folder + normal) ?? files.get(folder + normal.replace(/^data\//, ''))
  }
}

function normalisePath(path: string): string {
  return path
    .trim()
    .replaceAll('\\', '/')
    .replace(/^(\.?\/)+/, '')
}

/** The frame's name in a path of a picture list. */
function nameItem(picture: string): string {
  return picture.replace(/^data\//, '').replace(/^obj_[^/]*_data\//, '')
}

async function learnRoot(list: DatasetFile, { frames }: ReadContext): Promise<void> {
  let deepest = ''
  for await (const { text } of readLines(list)) {
    const name = nameItem(normalisePath(text))
    if (deepest === '' || name.split('/').length > deepest.split('/').length) deepest = name
  }
  frames.learnRoot([deepest])
}
