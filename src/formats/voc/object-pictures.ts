// The two pictures of a frame's masks: what class every pixel is of, and what object.

import { background, getVocColour, getVocIndex } from '../colours'
import type { ReadContext } from '../format'
import { FormatError } from '../format-error'
import { readFramePicture } from '../frame-picture'
import type { DatasetFile } from '../io/dataset-files'
import type { ArchiveEntry } from '../io/zip-writer'
import { findRegionLabel } from '../label-colours-file'
import { drawColours } from '../label-pictures'
import type { FrameInfo } from '../match'
import type { Shape } from '../model'
import { createMaskShapes, splitByValue } from '../picture-masks'
import { listColours } from '../png-mask'
import { type Region, sortRegions } from '../regions'

type Size = { width: number; height: number }

export const classFolder = 'SegmentationClass'
export const objectFolder = 'SegmentationObject'

/** Objects are numbered from 1 in the order in which they are painted. */
export function* drawObjectPictures(
  id: string,
  regions: readonly Region[],
  { width, height }: Size,
  colourOf: (region: Region) => number,
): Generator<ArchiveEntry> {
  const painted = sortRegions(regions)
  const size = { width, height }
  yield { name: `${classFolder}/${id}.png`, content: drawColours(painted, size, colourOf), store: true }
  const objects = drawColours(painted, size, (_, at) => getVocColour(at + 1))
  yield { name: `${objectFolder}/${id}.png`, content: objects, store: true }
}

export type ObjectPictures = { classes: DatasetFile | undefined; objects: DatasetFile | undefined }

/** The masks of a frame; their group is the number of the object. Throws FormatError for colours that no label has. */
export async function readObjectPictures(
  { classes, objects }: ObjectPictures,
  frame: FrameInfo,
  names: ReadonlyMap<number, string>,
  { labels, frames, masksToPolygons }: ReadContext,
): Promise<Shape[]> {
  if (!classes) return []
  const decode = (file: DatasetFile) => readFramePicture(file, frame, frames)
  const picture = await decode(classes)
  const classColours = listColours(picture)
  const objectColours = objects ? listColours(await decode(objects)) : classColours
  if (objectColours.length !== classColours.length) throw new FormatError('The pictures differ in size', { file: classes.name })
  // A mask is where both pictures keep their colour.
  const pairs = new Map<number, { classColour: number; objectColour: number; number: number }>()
  const values = new Uint32Array(classColours.length)
  for (let pixel = 0; pixel < values.length; pixel++) {
    const [classColour, objectColour] = [classColours[pixel]!, objectColours[pixel]!]
    if (classColour === 0) continue
    const key = classColour * 2 ** 24 + objectColour
    let pair = pairs.get(key)
    if (!pair) pairs.set(key, (pair = { classColour, objectColour, number: pairs.size + 1 }))
    values[pixel] = pair.number
  }
  const byNumber = [...pairs.values()]
  const shapes: Shape[] = []
  for (const { value, mask } of splitByValue(values, picture.width, classes.name)) {
    const { classColour, objectColour } = byNumber[value - 1]!
    const name = names.get(classColour)
    if (name === undefined) {
      const colour = `#${classColour.toString(16).padStart(6, '0')}`
      throw new FormatError(`no label has the colour ${colour}`, { file: classes.name })
    }
    const label = name === background ? findRegionLabel(labels, name) : labels.get(name, { file: classes.name })
    if (!label) continue
    const group = objects ? getVocIndex(objectColour) : value
    shapes.push(...createMaskShapes(mask, { frame: frame.frame, label, masksToPolygons, group }))
  }
  return shapes
}
