// Reads Cityscapes: the pictures of instances, or those of training labels when there are any.

import type { Finding, ReadContext } from '../format'
import { FormatError } from '../format-error'
import { readFramePicture } from '../frame-picture'
import type { DatasetFile, DatasetFiles } from '../io/dataset-files'
import { findRegionLabel, listNumberedColours, readLabelColours } from '../label-colours-file'
import type { FrameInfo } from '../match'
import type { Shape } from '../model'
import { createMaskShapes, splitByValue, yieldShapes } from '../picture-masks'
import { listNumbers } from '../png-mask'

/** First choice first. The name of a frame follows the subset. */
const patterns = ['labelTrainIds', 'instanceIds'].map(
  (kind) => new RegExp(`^(?:|.*/)gtFine/[^/]+/(.+)_gtFine_${kind}\\.png$`, 'i'),
)

export async function detect({ list }: DatasetFiles): Promise<boolean> {
  return list.some(({ name }) => patterns.some((pattern) => pattern.test(name)))
}

export async function* read(context: ReadContext): AsyncGenerator<Finding> {
  const { files, frames, labels } = context
  const pattern = patterns.find((candidate) => files.list.some(({ name }) => candidate.test(name)))
  if (!pattern) throw new FormatError('Dataset must contain a file: "gtFine/<subset>/*_gtFine_instanceIds.png"')
  const pictures = files.list.flatMap((file) => {
    const id = pattern.exec(file.name)?.[1]
    return id === undefined ? [] : [{ file, id }]
  })
  frames.learnRoot(pictures.map(({ id }) => id))
  const names = ((await readLabelColours(files)) ?? listNumberedColours(labels.labels)).map(({ name }) => name)
  for (const { file, id } of pictures) {
    const frame = frames.match(id, undefined, { file: file.name })
    frames.learn?.(frame, { subset: /gtFine\/([^/]+)\//i.exec(file.name)?.[1] })
    yield* readPicture(file, frame, names, context)
  }
}

async function* readPicture(
  file: DatasetFile,
  frame: FrameInfo,
  names: readonly string[],
  { labels, frames, masksToPolygons }: ReadContext,
): AsyncGenerator<Finding> {
  const picture = await readFramePicture(file, frame, frames)
  // Zero is the first label, not nothing.
  const numbers = Uint32Array.from(listNumbers(picture, file.name), (value) => value + 1)
  const shapes: Shape[] = []
  let group = 0
  for (const { value, mask } of splitByValue(numbers, picture.width, file.name)) {
    const instance = value - 1
    const isCrowd = instance < 1000
    const name = names[isCrowd ? instance : Math.floor(instance / 1000)]
    if (name === undefined)
      throw new FormatError(`the value ${instance} names no label: there are ${names.length}`, { file: file.name })
    const label = findRegionLabel(labels, name)
    const values = new Map([['is_crowd', String(isCrowd)]])
    if (label) shapes.push(...createMaskShapes(mask, { frame: frame.frame, label, masksToPolygons, group: ++group, values }))
  }
  yield* yieldShapes(shapes)
}
