// Ultralytics YOLO Classification: pictures in a folder per label, and labels.json with the labels of every picture.

import type { Finding, ReadContext, WriteOptions } from '../format'
import { FormatError } from '../format-error'
import { createFoundTag } from '../imported-shapes'
import type { DatasetFile, DatasetFiles } from '../io/dataset-files'
import { readJsonPieces } from '../io/json-reader'
import { createTextFiles } from '../io/text-files'
import type { ArchiveEntry } from '../io/zip-writer'
import { nameItemFile } from '../item-file'
import { asObject } from '../json-values'
import { dropExtension } from '../match'
import type { Dataset } from '../model'
import { createSubsetNamer } from '../yolo/subsets'

const noLabel = 'no_label'

export async function* write(dataset: Dataset, options: WriteOptions): AsyncGenerator<ArchiveEntry> {
  const nameSubset = createSubsetNamer(dataset.info, [])
  const names = new Map(dataset.labels.map(({ id, name }) => [id, name]))
  const lists = createTextFiles(options.tempDir)
  const used = new Set<string>()
  const started = new Set<string>()
  const append = (subset: string, text: string) => {
    lists.append(`${subset}/labels.json`, `${started.has(subset) ? ',' : '{'}${text}`)
    started.add(subset)
  }
  try {
    for await (const item of dataset.items) {
      const subset = nameSubset(item.subset)
      const labels = [...new Set(item.tags.flatMap(({ label_id }) => names.get(label_id) ?? []))]
      const file = nameItemFile(item)
      const base = file.slice(file.lastIndexOf('/') + 1)
      const paths = (labels.length > 0 ? labels : [noLabel]).map((label) => `${label}/${findFreeName(used, subset, label, base)}`)
      append(subset, `${JSON.stringify(dropExtension(item.name))}:${JSON.stringify({ labels, path: paths[0] })}`)
      if (!options.saveImages || !item.media) continue
      const content = await item.media.read()
      for (const path of paths) yield { name: `${subset}/${path}`, content, store: true }
    }
    if (started.size === 0) append('train', '')
    for (const subset of started) lists.append(`${subset}/labels.json`, '}')
    yield* lists.entries()
  } finally {
    lists.dispose()
  }
}

/** The first picture of a name in a folder keeps it, the next ones become `name.0.jpg`, `name.1.jpg`. */
function findFreeName(used: Set<string>, subset: string, label: string, base: string): string {
  const stem = dropExtension(base)
  let name = base
  for (let number = 0; used.has(`${subset}/${label}/${name}`); number++) name = `${stem}.${number}${base.slice(stem.length)}`
  used.add(`${subset}/${label}/${name}`)
  return name
}

const tablePattern = /^(?:[^/]+\/){0,2}labels\.json$/
const picturePattern =
  /^(?:[^/]+\/)?(train|val|valid|validation|test|default)\/([^/]+)\/([^/]+\.(?:jpe?g|png|bmp|tiff?|webp|gif))$/i

export async function detect(files: DatasetFiles): Promise<boolean> {
  if (files.bare || files.list.some(({ name }) => /\.ya?ml$/i.test(name))) return false
  const tables = files.list.filter(({ name }) => tablePattern.test(name))
  if (tables.length > 0) return true
  return files.list.length > 0 && files.list.every(({ name }) => picturePattern.test(name) && !/\/(images|labels)\//.test(name))
}

export async function* read(context: ReadContext): AsyncGenerator<Finding> {
  const tables = context.files.list.filter(({ name }) => tablePattern.test(name))
  if (tables.length > 0) {
    for (const table of tables) yield* readTable(table, context)
    return
  }
  let pictures = 0
  for (const { name } of context.files.list) {
    const [, , folder, file] = picturePattern.exec(name) ?? []
    if (folder === undefined || file === undefined) continue
    pictures++
    const frame = context.frames.match(file)
    if (folder !== noLabel) yield createFoundTag(context.labels.get(folder), frame)
  }
  if (pictures === 0) throw new FormatError('Dataset must contain a file: "<set>/labels.json" or "<set>/<label>/<picture>"')
}

/** Every member of an object, whatever its name. */
class AnyKey extends Set<string> {
  override has(): boolean {
    return true
  }
}

async function* readTable(file: DatasetFile, { frames, labels }: ReadContext): AsyncGenerator<Finding> {
  for await (const pieces of readJsonPieces(file.stream(), { file: file.name, keys: new AnyKey() })) {
    for (const { key, value } of pieces) {
      const names = asObject(value)?.labels
      if (!Array.isArray(names) || !names.every((name) => typeof name === 'string')) {
        throw new FormatError('a list of label names is needed', { file: file.name, item: key, field: 'labels' })
      }
      const frame = frames.match(key)
      for (const name of names) if (name !== noLabel) yield createFoundTag(labels.get(name), frame)
    }
  }
}
