// Finds the pictures and label files of an Ultralytics dataset: data.yaml, and the sets that it names.

import { FormatError } from '../format-error'
import type { DatasetFile, DatasetFiles } from '../io/dataset-files'
import { readLines } from '../io/text-lines'
import { asNumbers, asObject } from '../json-values'
import { dropExtension } from '../match'
import type { KeypointShape } from './kinds'
import { reservedKeys } from './write'

export type Settings = {
  file: DatasetFile
  /** Folder of data.yaml, with `/` at its end, or empty. */
  folder: string
  names: string[]
  keypoints?: KeypointShape
  sets: { name: string; paths: string[] }[]
}

/** The label file of a picture, and the picture's name in the task. */
export type SetItem = { name: string; labels: DatasetFile | undefined }

const maxYamlBytes = 1 << 22

/** The settings: `data.yaml` or the only YAML file, at the top or in one enclosing folder. */
export function findSettingsFile({ list, bare }: DatasetFiles): DatasetFile | undefined {
  if (bare) return undefined
  for (const depth of [1, 2]) {
    const found = list.filter(({ name }) => name.split('/').length === depth && /\.ya?ml$/i.test(name))
    const named = found.filter(({ name }) => /(^|\/)data\.ya?ml$/i.test(name))
    const [file, ...others] = named.length > 0 ? named : found
    if (file && others.length === 0) return file
    if (file) return undefined
  }
  return undefined
}

/** Throws FormatError for anything but settings with names and sets. */
export async function readSettings(file: DatasetFile): Promise<Settings> {
  const fail = (reason: string, field?: string) => new FormatError(reason, { file: file.name, field })
  const text = new TextDecoder().decode(await file.bytes(maxYamlBytes))
  let members: Record<string, unknown> | undefined
  try {
    members = asObject(Bun.YAML.parse(text))
  } catch {
    throw fail('The YAML is malformed')
  }
  if (!members) throw fail('The YAML must hold keys with values')
  const names = readNames(members.names)
  if (!names) throw fail('a list or a numbered table of names is needed', 'names')
  const sets = Object.entries(members).flatMap(([name, value]) => {
    const paths = reservedKeys.includes(name) ? undefined : readPaths(value)
    return paths ? [{ name, paths }] : []
  })
  if (sets.length === 0) throw fail("The file names no set of pictures, such as 'train'")
  const folder = file.name.slice(0, file.name.lastIndexOf('/') + 1)
  if (members.kpt_shape === undefined) return { file, folder, names, sets }
  const [count, each, ...rest] = asNumbers(members.kpt_shape) ?? []
  if (!Number.isInteger(count) || count! < 0 || count! > 10_000 || (each !== 2 && each !== 3) || rest.length > 0) {
    throw fail('two numbers are needed: points of a skeleton, and 2 or 3', 'kpt_shape')
  }
  return { file, folder, names, sets, keypoints: [count!, each] }
}

function readNames(value: unknown): string[] | undefined {
  if (Array.isArray(value)) return value.map(String)
  const table = asObject(value)
  if (!table) return undefined
  const names: string[] = []
  for (const [key, name] of Object.entries(table)) {
    if (!/^\d{1,6}$/.test(key)) return undefined
    names[Number(key)] = String(name)
  }
  return Array.from(names)
}

function readPaths(value: unknown): string[] | undefined {
  if (typeof value === 'string' && value !== '') return [value]
  return Array.isArray(value) && value.every((path) => typeof path === 'string') ? value : undefined
}

/** The items of a set, whether it is a list file, a folder, or a list of pictures. Throws FormatError when nothing is there. */
export async function* listSetItems(
  files: DatasetFiles,
  { folder }: Settings,
  { name, paths }: Settings['sets'][number],
): AsyncGenerator<SetItem> {
  for (const path of paths) {
    const normal = normalisePath(path)
    const list = /\.txt$/i.test(normal) ? findFile(files, folder, normal) : undefined
    if (list) {
      for await (const { text } of readLines(list))
        if (text.trim() !== '') yield describePicture(files, folder, normalisePath(text), name)
    } else if (isPicture(normal)) yield describePicture(files, folder, normal, name)
    else yield* listFolder(files, folder, normal)
  }
}

function describePicture(files: DatasetFiles, folder: string, picture: string, set: string): SetItem {
  const labels = findFile(files, folder, `${dropExtension(swapFolder(picture))}.txt`)
  return { name: nameItem(picture, set), labels }
}

/** Pictures and label files below a folder of pictures, each item once. */
function* listFolder(files: DatasetFiles, folder: string, path: string): Generator<SetItem> {
  const pictures = `${folder}${path}/`
  const labels = `${folder}${swapFolder(`${path}/`)}`
  const items = new Map<string, SetItem>()
  for (const file of files.list) {
    if (file.name.startsWith(labels) && /\.txt$/i.test(file.name)) {
      const id = dropExtension(file.name.slice(labels.length))
      items.set(id, { name: items.get(id)?.name ?? id, labels: file })
    } else if (file.name.startsWith(pictures) && isPicture(file.name)) {
      const name = file.name.slice(pictures.length)
      items.set(dropExtension(name), { name, labels: items.get(dropExtension(name))?.labels })
    }
  }
  if (items.size === 0) throw new FormatError(`Dataset must contain a file: "${labels}*.txt"`)
  yield* items.values()
}

function findFile(files: DatasetFiles, folder: string, path: string): DatasetFile | undefined {
  return files.get(folder + path) ?? files.get(folder + path.replace(/^data\//, ''))
}

/** The last folder called `images` becomes `labels`. */
function swapFolder(path: string): string {
  return path.replace(/^(|.*\/)images\//, '$1labels/')
}

/** The frame's name in the path of a picture: what follows `images/<set>` or `<set>/images`. */
function nameItem(picture: string, set: string): string {
  const below = picture.replace(/^(?:|.*?\/)images\//, '')
  if (below === picture) return picture.replace(/^data\//, '')
  return below.startsWith(`${set}/`) ? below.slice(set.length + 1) : below
}

function isPicture(path: string): boolean {
  return /\.(jpe?g|jpe|jp2|png|bmp|gif|tiff?|webp|ppm|pgm|dng|mpo|pfm|heic|avif)$/i.test(path)
}

function normalisePath(path: string): string {
  return path
    .trim()
    .replaceAll('\\', '/')
    .replace(/^(\.?\/)+/, '')
    .replace(/\/+$/, '')
}
