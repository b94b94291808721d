// Reads MOTS pictures: every pixel names its label and track.

import type { Finding, ReadContext } from '../format'
import { FormatError } from '../format-error'
import { readFramePicture } from '../frame-picture'
import { createTrackCollector } from '../imported-tracks'
import type { DatasetFile, DatasetFiles } from '../io/dataset-files'
import { readLines } from '../io/text-lines'
import { createMaskShapes, splitByValue } from '../picture-masks'
import { listNumbers } from '../png-mask'

/** The classes of the MOTS challenge, for archives without `labels.txt`. */
const officialNames = ['background', 'car', 'pedestrian', 'ignored']

const picturePattern = /^(?:|.*\/)instances\/(.+)\.png$/i
const labelsPattern = /(?:^|\/)instances\/labels\.txt$/

export async function detect({ list }: DatasetFiles): Promise<boolean> {
  return list.some(({ name }) => picturePattern.test(name) || labelsPattern.test(name))
}

export async function* read(context: ReadContext): AsyncGenerator<Finding> {
  const { files, frames, labels, masksToPolygons } = context
  if (!(await detect(files))) throw new FormatError('Dataset must contain a file: "<subset>/instances/*.png"')
  const pictures = files.list.filter(({ name }) => picturePattern.test(name))
  frames.learnRoot(pictures.map(({ name }) => picturePattern.exec(name)![1]!))
  const tracks = createTrackCollector(frames)
  const namesByFolder = new Map<string, readonly string[]>()
  for (const file of pictures) {
    const [, id] = picturePattern.exec(file.name)!
    const folder = file.name.slice(0, file.name.length - id!.length - '.png'.length)
    const names = namesByFolder.get(folder) ?? (await readNames(files.get(`${folder}labels.txt`)))
    namesByFolder.set(folder, names)
    const frame = frames.match(id!, undefined, { file: file.name })
    frames.learn?.(frame, { subset: /([^/]+)\/instances\//i.exec(file.name)?.[1] })
    const picture = await readFramePicture(file, frame, frames)
    for (const { value, mask } of splitByValue(listNumbers(picture, file.name), picture.width, file.name)) {
      const name = names[Math.floor(value / 1000) - 1]
      if (name === undefined)
        throw new FormatError(`the value ${value} names no label: there are ${names.length}`, { file: file.name })
      const label = labels.get(name)
      const shapes = createMaskShapes(mask, { frame: frame.frame, label, masksToPolygons, group: 0 })
      // Only one region can go on with the track, the lowest; others are tracks of this frame only.
      shapes.toReversed().forEach((shape, part) => {
        const key = part === 0 ? String(value) : `${value}/${frame.frame}/${part}`
        tracks.add(key, label, { shape, keyframe: true })
      })
    }
  }
  yield* tracks.list()
}

async function readNames(file: DatasetFile | undefined): Promise<readonly string[]> {
  if (!file) return officialNames
  const names: string[] = []
  for await (const { text } of readLines(file)) if (text.trim() !== '') names.push(text.trim())
  return names
}
