// Reads Segmentation mask: the items of the lists with their pictures of classes and objects.

import { listLabelColours } from '../colours'
import type { Finding, ReadContext } from '../format'
import { FormatError } from '../format-error'
import type { DatasetFiles } from '../io/dataset-files'
import { yieldShapes } from '../picture-masks'
import { readIds } from '../voc/image-sets'
import { readLabelmap } from '../voc/labelmap'
import { classFolder, objectFolder, readObjectPictures } from '../voc/object-pictures'

const listPattern = /^(|.*\/)ImageSets\/Segmentation\/([^/]+)\.txt$/

export async function detect({ list }: DatasetFiles): Promise<boolean> {
  // Where there are lists of boxes and tags as well, it is PASCAL VOC.
  return list.some(({ name }) => listPattern.test(name)) && !list.some(({ name }) => /(^|\/)ImageSets\/Main\//.test(name))
}

export async function* read(context: ReadContext): AsyncGenerator<Finding> {
  const { files, frames, labels } = context
  const lists = files.list.filter(({ name }) => listPattern.test(name))
  if (lists.length === 0) throw new FormatError('Dataset must contain a file: "ImageSets/Segmentation/*.txt"')
  const root = listPattern.exec(lists[0]!.name)![1]!
  const labelmap = files.get(`${root}labelmap.txt`)
  const colours = labelmap ? await readLabelmap(labelmap) : listLabelColours(labels.labels)
  const names = new Map(colours.map(({ name, colour }) => [colour, name]))
  const ids = new Map<string, string>()
  for (const list of lists) for await (const { id } of readIds(list)) if (!ids.has(id)) ids.set(id, list.name)
  frames.learnRoot(ids.keys())
  for (const [id, file] of ids) {
    const frame = frames.match(id, undefined, { file })
    frames.learn?.(frame, { subset: file.replace(/^.*\/|\.txt$/gi, '') })
    const classes = files.get(`${root}${classFolder}/${id}.png`)
    const objects = files.get(`${root}${objectFolder}/${id}.png`)
    yield* yieldShapes(await readObjectPictures({ classes, objects }, frame, names, context))
  }
}
