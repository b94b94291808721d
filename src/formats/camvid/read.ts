// Reads CamVid: the lists of frames with their class pictures, and what the colours stand for.

import { background, listLabelColours } from '../colours'
import type { Finding, ReadContext } from '../format'
import { FormatError, type Place } from '../format-error'
import { readFramePicture } from '../frame-picture'
import type { DatasetFile, DatasetFiles } from '../io/dataset-files'
import { readLines, type TextLine } from '../io/text-lines'
import { findLabelColours, findRegionLabel, readLabelColours } from '../label-colours-file'
import type { FrameInfo } from '../match'
import type { Shape } from '../model'
import { createMaskShapes, splitByValue, yieldShapes } from '../picture-masks'
import { listColours } from '../png-mask'

export async function detect(files: DatasetFiles): Promise<boolean> {
  return files.list.some(({ name }) => /^[^/]+annot\/.+\.png$/i.test(name)) && listSubsets(files).length > 0
}

function listSubsets({ list, bare }: DatasetFiles): DatasetFile[] {
  return bare ? [] : list.filter(({ name }) => /^[^/]+\.txt$/i.test(name) && name !== 'label_colors.txt')
}

export async function* read(context: ReadContext): AsyncGenerator<Finding> {
  const { files, frames, labels } = context
  const subsets = listSubsets(files)
  if (subsets.length === 0) throw new FormatError('Dataset must contain a file: "<subset>.txt"')
  if (!findLabelColours(files) && !(await detect(files))) throw new FormatError('Dataset must contain a file: "label_colors.txt"')
  const listed = await readLabelColours(files)
  const colours = new Map((listed ?? listLabelColours(labels.labels)).map(({ name, colour }) => [colour, name]))
  for (const list of subsets) {
    const names: string[] = []
    for await (const line of readLines(list)) if (line.text.trim() !== '') names.push(splitLine(line, list.name).item)
    frames.learnRoot(names)
    for await (const line of readLines(list)) {
      if (line.text.trim() === '') continue
      const { item, mask } = splitLine(line, list.name)
      const frame = frames.match(item, undefined, { file: list.name, line: line.line })
      frames.learn?.(frame, { subset: list.name.replace(/^.*\/|\.txt$/gi, '') })
      if (mask === '') continue
      const file = files.get(mask)
      if (!file) throw new FormatError(`Dataset must contain a file: "${mask}"`, { file: list.name, line: line.line })
      yield* readPicture(file, frame, colours, context)
    }
  }
}

/** The frame's name and the path of its picture; the list's paths start with `/` and the subset. */
function splitLine({ text, line }: TextLine, file: string): { item: string; mask: string } {
  const place: Place = { file, line }
  const parts = [...text.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => (quoted ?? plain ?? '').replace(/^\/+/, ''))
  const [picture, mask = '', ...rest] = parts
  if (picture === undefined || rest.length > 0) throw new FormatError('the paths of a frame and its picture are needed', place)
  const slash = picture.indexOf('/')
  return { item: slash < 0 ? picture : picture.slice(slash + 1), mask }
}

async function* readPicture(
  file: DatasetFile,
  frame: FrameInfo,
  colours: ReadonlyMap<number, string>,
  { labels, frames, masksToPolygons }: ReadContext,
): AsyncGenerator<Finding> {
  const picture = await readFramePicture(file, frame, frames)
  const shapes: Shape[] = []
  // Black is a colour like others when a label has it; numbers from 1 keep it apart from nothing.
  const numbers = listColours(picture).map((colour) => colour + 1)
  for (const { value, mask } of splitByValue(numbers, picture.width, file.name)) {
    const name = colours.get(value - 1) ?? (value === 1 ? background : undefined)
    if (name === undefined)
      throw new FormatError(`no label has the colour #${(value - 1).toString(16).padStart(6, '0')}`, { file: file.name })
    const label = value === 1 && !colours.has(0) ? undefined : findRegionLabel(labels, name)
    if (label) shapes.push(...createMaskShapes(mask, { frame: frame.frame, label, masksToPolygons, group: 0 }))
  }
  yield* yieldShapes(shapes)
}
